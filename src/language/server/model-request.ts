import { DocumentState, GrammarUtils, URI } from 'langium';
import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { isHostDeclaration } from '../generated/ast.js';
import { hostsOfFile } from '../hosts-of-file.js';
import { lowerHost } from '../lowering/lower-host.js';
import type { HvhostServices } from '../module.js';
import {
  HOSTS_REQUEST,
  type HostsParams,
  type HostsResult,
  MODEL_REQUEST,
  type ModelParams,
  type ModelProblem,
  type ModelResult,
} from '../requests.js';
import { fileOf, reachableDocuments } from '../scoping/imports.js';
import { isRunnableHost } from '../soundness.js';

export function registerModelRequest(connection: Connection, services: HvhostServices): void {
  connection.onRequest<ModelResult, void>(MODEL_REQUEST, async (params: ModelParams) => {
    await services.shared.workspace.WorkspaceManager.ready;
    return modelOf(services, params);
  });
  connection.onRequest<HostsResult, void>(HOSTS_REQUEST, (params: HostsParams) => hostsOf(services, params));
}

/** Works on a file with errors too: a host is found by its declaration. */
async function hostsOf(services: HvhostServices, { uri }: HostsParams): Promise<HostsResult> {
  const document = await services.shared.workspace.LangiumDocuments.getOrCreateDocument(URI.parse(uri)).catch(
    () => undefined,
  );
  const hosts = document ? (fileOf(document)?.declarations.filter(isHostDeclaration) ?? []) : [];
  return hosts.flatMap((host) => {
    const name = GrammarUtils.findNodeForProperty(host.$cstNode, 'name');
    return name ? [{ name: host.name, range: name.range }] : [];
  });
}

/** Waits for what was typed before to be checked; a file nobody opened is read. */
export async function modelOf(services: HvhostServices, { uri, host }: ModelParams): Promise<ModelResult> {
  const { LangiumDocuments, DocumentBuilder, WorkspaceLock } = services.shared.workspace;
  await WorkspaceLock.read(() => undefined);
  const document = await LangiumDocuments.getOrCreateDocument(URI.parse(uri)).catch(() => undefined);
  if (!document) return refused(uri, 'HV110', 'The file cannot be read.');
  // Builds every file that is not checked yet, also one whose build the lock has just cancelled.
  if (document.state < DocumentState.Validated) await WorkspaceLock.write(() => DocumentBuilder.update([], []));

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
  const related = [document, ...reachableDocuments(document, LangiumDocuments)];
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
