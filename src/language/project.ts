import { DocumentState, type FileSystemProvider, type LangiumDocument, URI } from 'langium';
import type { Diagnostic } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { HostModel } from '../model/host-model.js';
import { type HvhostFile, isScenarioDeclaration } from './generated/ast.js';
import { hostsOfFile } from './hosts-of-file.js';
import { lowerHost } from './lowering/lower-host.js';
import { createHvhostServices } from './module.js';
import { fileOf, reachableDocuments } from './scoping/imports.js';
import { isRunnableHost } from './soundness.js';

export interface CheckedFile {
  uri: string;
  diagnostics: Diagnostic[];
  /** What can be run from the file: its hosts and those its scenarios name, if nothing in them is broken or unknown. */
  hosts: HostModel[];
  /** Those that it declares itself; its hosts may have more, from where they are declared. */
  scenarios: { host: string; name: string }[];
  /** The files it imports, directly or not; empty in those files themselves. */
  imports: CheckedFile[];
}

export interface Project {
  /** Rejects when the file cannot be read. */
  check(uri: string): Promise<CheckedFile>;
  /** The formatted text of the file; null when it does not parse. */
  format(uri: string): Promise<string | null>;
}

/** The language without an editor. Files are read on demand and then kept. */
export function openProject(fileSystem: FileSystemProvider): Project {
  const { shared, hvhost } = createHvhostServices({ fileSystemProvider: () => fileSystem });
  const documents = shared.workspace.LangiumDocuments;

  async function built(uri: string): Promise<LangiumDocument> {
    const document = await documents.getOrCreateDocument(URI.parse(uri));
    await shared.workspace.DocumentBuilder.build([document], { validation: true });
    return document;
  }

  return {
    async check(uri) {
      const document = await built(uri);
      const imported = reachableDocuments(document, documents);
      const unchecked = imported.filter((each) => each.state < DocumentState.Validated);
      await shared.workspace.DocumentBuilder.build(unchecked, { validation: true });
      return checkedFile(document, imported);
    },
    async format(uri) {
      const document = await built(uri);
      const { lexerErrors, parserErrors } = document.parseResult;
      if (lexerErrors.length + parserErrors.length > 0) return null;
      const edits = await hvhost.lsp.Formatter?.formatDocument(document, {
        textDocument: { uri },
        options: { tabSize: 4, insertSpaces: true },
      });
      return TextDocument.applyEdits(document.textDocument, edits ?? []);
    },
  };
}

function checkedFile(document: LangiumDocument, imported: LangiumDocument[] = []): CheckedFile {
  const file = fileOf(document);
  const scenarios = file?.declarations.filter(isScenarioDeclaration) ?? [];
  return {
    uri: document.uri.toString(),
    diagnostics: document.diagnostics ?? [],
    hosts: modelsOf(file),
    scenarios: scenarios.flatMap(({ name, host }) => (host?.ref ? { host: host.ref.name, name } : [])),
    imports: imported.map((each) => checkedFile(each)),
  };
}

function modelsOf(file: HvhostFile | undefined): HostModel[] {
  if (file === undefined) return [];
  const hosts = hostsOfFile(file).filter((host) => isRunnableHost(host, file));
  return hosts.flatMap((host) => lowerHost(host, file) ?? []);
}
