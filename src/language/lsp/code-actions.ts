import { type IndexManager, type LangiumDocument, type URI, UriUtils } from 'langium';
import type { CodeActionProvider } from 'langium/lsp';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Position,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { closestNames } from '../closest-names.js';
import {
  CpuGroupDeclaration,
  HardwareDeclaration,
  isHostDeclaration,
  SwitchDeclaration,
  WorkloadDeclaration,
} from '../generated/ast.js';
import type { HvhostLanguageServices } from '../module.js';
import { fileOf, importUri, importUris, reachableDocuments } from '../scoping/imports.js';

interface Data {
  code?: string;
  fixes?: { title: string; edits: TextEdit[] }[];
  /** Of HV101: what was looked for. */
  type?: string;
  name?: string;
}

/** Applies the fixes that rules bring along; for an unknown name: a similar one, an import, or a declaration of it. */
export class HvhostCodeActions implements CodeActionProvider {
  private readonly index: IndexManager;
  private readonly services: HvhostLanguageServices;

  constructor(services: HvhostLanguageServices) {
    this.services = services;
    this.index = services.shared.workspace.IndexManager;
  }

  getCodeActions(document: LangiumDocument, params: CodeActionParams): CodeAction[] {
    return params.context.diagnostics.flatMap((diagnostic) => {
      const data: Data = diagnostic.data ?? {};
      const given = data.fixes?.map((fix) => action(document.uri, diagnostic, fix.title, fix.edits)) ?? [];
      if (data.code === 'HV101') return [...given, ...this.forUnknownName(document, diagnostic, data)];
      return data.code === 'HV110' ? [...given, ...createImport(document, diagnostic)] : given;
    });
  }

  private forUnknownName(document: LangiumDocument, diagnostic: Diagnostic, { type, name }: Data): CodeAction[] {
    if (type === undefined || name === undefined) return [];
    const similar = closestNames(name, this.visibleNames(document, diagnostic)).map((known) =>
      action(document.uri, diagnostic, `Use '${known}'`, [{ range: diagnostic.range, newText: known }]),
    );
    return [
      ...similar,
      ...this.importsOf(document, diagnostic, type, name),
      ...stubs(document, diagnostic, type, name),
    ];
  }

  private visibleNames(document: LangiumDocument, diagnostic: Diagnostic): string[] {
    const offset = document.textDocument.offsetAt(diagnostic.range.start);
    const reference = document.references.find(({ $refNode }) => $refNode?.offset === offset);
    if (!reference?.error) return [];
    const scope = this.services.references.ScopeProvider.getScope(reference.error.info);
    return scope
      .getAllElements()
      .map((description) => description.name)
      .toArray();
  }

  private importsOf(document: LangiumDocument, diagnostic: Diagnostic, type: string, name: string): CodeAction[] {
    const known = new Set([document.uri, ...importUris(document)].map((uri) => uri.toString()));
    const elsewhere = this.index
      .allElements(type)
      .filter((description) => description.name === name && !known.has(description.documentUri.toString()))
      .map((description) => description.documentUri)
      .filter((uri) => !this.imports(uri, document.uri))
      .toArray();
    const start = { line: 0, character: 0 };
    return elsewhere.map((uri) => {
      const path = UriUtils.relative(UriUtils.dirname(document.uri), uri);
      const newText = `import "${path}"\n`;
      return action(document.uri, diagnostic, `Import '${path}'`, [{ range: { start, end: start }, newText }]);
    });
  }

  /** Directly or through others: to import it back would close a circle. */
  private imports(file: URI, imported: URI): boolean {
    const documents = this.services.shared.workspace.LangiumDocuments;
    const document = documents.getDocument(file);
    return (
      document !== undefined &&
      reachableDocuments(document, documents).some(({ uri }) => UriUtils.equals(uri, imported))
    );
  }
}

/** Makes the file that an import does not find. */
function createImport(document: LangiumDocument, diagnostic: Diagnostic): CodeAction[] {
  const { line } = diagnostic.range.start;
  const node = fileOf(document)?.imports.find(({ $cstNode }) => $cstNode?.range.end.line === line);
  const uri = node && importUri(node)?.toString();
  if (!node || !uri) return [];
  const edit: WorkspaceEdit = { documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }] };
  return [{ title: `Create '${node.path}'`, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit }];
}

/** An empty declaration of the name: at the end of the file, or, for a switch or a CPU group, at the top of its host. */
function stubs(document: LangiumDocument, diagnostic: Diagnostic, type: string, name: string): CodeAction[] {
  const text = textOf(type, name);
  if (text === undefined) return [];
  const ofHost = type === SwitchDeclaration.$type || type === CpuGroupDeclaration.$type;
  const at = ofHost ? topOfHost(document, diagnostic) : endOfFile(document);
  if (at === undefined) return [];
  const newText = ofHost ? text + gapBefore(document, at) : text;
  return [action(document.uri, diagnostic, `Declare '${name}'`, [{ range: { start: at, end: at }, newText }])];
}

function textOf(type: string, name: string): string | undefined {
  switch (type) {
    case WorkloadDeclaration.$type:
      return `\nworkload ${name} {\n    requests 100 / s cpu 1 ms\n}\n`;
    case HardwareDeclaration.$type:
      return `\nhardware ${name} {\n    processor { sockets 1 cores 8 threads 2 frequency 2.5 GHz }\n    memory 64 GB ecc\n    disk disk0 1 TB ssd\n    nic lan1 10 Gb/s\n}\n`;
    case SwitchDeclaration.$type:
      return `switch ${name} internal`;
    case CpuGroupDeclaration.$type:
      return `group ${name} limit 50 %`;
    default:
      return undefined;
  }
}

function topOfHost(document: LangiumDocument, diagnostic: Diagnostic): Position | undefined {
  const offset = document.textDocument.offsetAt(diagnostic.range.start);
  const host = fileOf(document)
    ?.declarations.filter(isHostDeclaration)
    .find(({ $cstNode }) => $cstNode && $cstNode.offset <= offset && offset <= $cstNode.end);
  const first = host && [...host.switches, ...(host.parent ? [host.parent] : []), ...host.children][0];
  return first?.$cstNode?.range.start;
}

/** What stands before a statement, and so before one that is put before it: a line of its own, or a blank. */
function gapBefore(document: LangiumDocument, at: Position): string {
  const indent = document.textDocument.getText({ start: { line: at.line, character: 0 }, end: at });
  return indent.trim() === '' ? `\n${indent}` : ' ';
}

function endOfFile(document: LangiumDocument): Position {
  return document.textDocument.positionAt(document.textDocument.getText().length);
}

function action(uri: URI, diagnostic: Diagnostic, title: string, edits: TextEdit[]): CodeAction {
  const edit: WorkspaceEdit = { changes: { [uri.toString()]: edits } };
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit };
}
