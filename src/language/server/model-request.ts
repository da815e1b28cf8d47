import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { hostsOfFile } from '../hosts-of-file.js';
import { lowerHost } from '../lowering/lower-host.js';
import type { HvhostServices } from '../module.js';
import type { ModelParams, ModelProblem, ModelResult } from '../requests.js';
import { fileOf, reachableDocuments } from '../scoping/imports.js';
import { isRunnableHost } from '../soundness.js';
import { checkedDocument } from './checked-document.js';

/** The model of a host as the editor has it now. */
export async function modelOf(services: HvhostServices, { uri, host }: ModelParams): Promise<ModelResult> {
  const document = await checkedDocument(services, uri);
  if (!document) return refused(uri, 'HV110', 'The file cannot be read.');
  const file = fileOf(document);
  const hosts = hostsOfFile(file);
  const declaration = host === undefined ? hosts[0] : hosts.find(({ name }) => name === host);
  if (!declaration) {
    return refused(
      uri,
      'HV102',
      host === undefined ? 'The file declares no host.' : `The file declares no host '${host}'.`,
    );
  }
  const model = file && isRunnableHost(declaration, file) ? lowerHost(declaration, file) : undefined;
  if (model) return { ok: true, model };
  const related = [document, ...reachableDocuments(document, services.shared.workspace.LangiumDocuments)];
  return { ok: false, problems: related.flatMap((each) => errorsOf(each.uri.toString(), each.diagnostics ?? [])) };
}

function errorsOf(uri: string, diagnostics: Diagnostic[]): ModelProblem[] {
  return diagnostics
    .filter(({ severity }) => severity === DiagnosticSeverity.Error)
    .map(({ message, code, range }) => ({ message: textOf(message), code: String(code ?? ''), range, uri }));
}

function refused(uri: string, code: string, message: string): ModelResult {
  const start = { line: 0, character: 0 };
  return { ok: false, problems: [{ message, code, range: { start, end: start }, uri }] };
}

/** Our messages are plain text; the protocol would allow markup. */
function textOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}
