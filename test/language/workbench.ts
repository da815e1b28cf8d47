/** Everything the tests of the language need: services over files that exist only in memory. */
import { EmptyFileSystemProvider, type LangiumDocument, URI } from 'langium';
import type { Diagnostic } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createHvhostServices, type HvhostServices } from '../../src/language/module.js';

/** Hardware with room for everything, for hosts of the tests. */
export const HARDWARE = `
hardware Box {
    processor { sockets 2 cores 8 threads 1 frequency 2.5 GHz virtualization on dep on slat on }
    memory 64 GB ecc nodes 2
    disk d0 2 TB ssd
    nic lan1 10 Gb/s
    nic lan2 10 Gb/s
}
`;

export class MemoryFileSystem extends EmptyFileSystemProvider {
  constructor(private readonly files: Record<string, string>) {
    super();
  }

  override async readFile(uri?: URI): Promise<string> {
    const text = this.files[uri?.path ?? ''];
    if (text === undefined) throw new Error(`There is no file ${uri?.path}.`);
    return text;
  }
}

export interface Workbench extends HvhostServices {
  /** Reads, links and checks a file, with what it imports. */
  open(path: string): Promise<LangiumDocument>;
  /** What somebody types into a file in an editor; the first time opens it with this text. */
  type(path: string, text: string): Promise<LangiumDocument>;
}

export function workbench(files: Record<string, string> = {}): Workbench {
  const services = createHvhostServices({ fileSystemProvider: () => new MemoryFileSystem(files) });
  return {
    ...services,
    async open(path) {
      const document = await services.shared.workspace.LangiumDocuments.getOrCreateDocument(URI.file(path));
      await services.shared.workspace.DocumentBuilder.build([document], { validation: true });
      return document;
    },
    async type(path, text) {
      const { DocumentBuilder, LangiumDocuments, TextDocuments } = services.shared.workspace;
      const uri = URI.file(path);
      const version = (TextDocuments.get(uri)?.version ?? 0) + 1;
      TextDocuments.set(TextDocument.create(uri.toString(), 'hvhost', version, text));
      await DocumentBuilder.update([uri], []);
      return LangiumDocuments.getOrCreateDocument(uri);
    },
  };
}

/** Two that can be imported beside it declare the same. */
const files: Record<string, string> = { '/box.hvhost': HARDWARE, '/crate.hvhost': HARDWARE };
const shared = workbench(files);

/** The only open file of its world. The services are kept, because making a parser takes longer than most tests. */
async function openText(text: string): Promise<LangiumDocument> {
  await shared.shared.workspace.DocumentBuilder.update([], [URI.file('/test.hvhost')]);
  files['/test.hvhost'] = text;
  return shared.open('/test.hvhost');
}

export async function diagnosticsOf(text: string): Promise<Diagnostic[]> {
  return (await openText(text)).diagnostics ?? [];
}

/** "3:5 error HV203 message", one line each, in the order of the text. */
export function listDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const severities = ['', 'error', 'warning', 'info', 'hint'];
  return [...diagnostics]
    .sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character)
    .map(({ range, severity, code, message }) => {
      const place = `${range.start.line + 1}:${range.start.character + 1}`;
      return `${place} ${severities[severity ?? 0]} ${code} ${typeof message === 'string' ? message : message.value}\n`;
    })
    .join('');
}
