import { type ExtensionContext, Uri, workspace } from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import {
  READ_FILE_REQUEST,
  type ReadFileParams,
  type ReadFileResult,
  type ServerOptions,
} from '../language/requests.js';
import { Hosts } from './hosts.js';
import type { Platform } from './platform.js';

/** Starts the language server and ends it with the extension. `ready` rejects when it cannot be started. */
export function startLanguageClient(
  context: ExtensionContext,
  platform: Platform,
): { hosts: Hosts; ready: Promise<void> } {
  const options: LanguageClientOptions = {
    documentSelector: [{ language: 'hvhost' }],
    initializationOptions: (): ServerOptions => ({ confined: !workspace.isTrusted }),
  };
  const client = platform.createLanguageClient(context, options);
  // A server in a browser has no file system and asks us for the files that others import.
  context.subscriptions.push(client.onRequest(READ_FILE_REQUEST, readFile), client);
  const started = client.start();
  let ready = started;
  // Who asks meanwhile waits for the server that may read all files, and hears of it where that does not start.
  const restart = () => {
    ready = ready.then(() => client.stop()).then(() => client.start());
    ready.catch(() => {});
  };
  context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(restart));
  return { hosts: new Hosts(client, () => ready), ready: started };
}

async function readFile({ uri }: ReadFileParams): Promise<ReadFileResult> {
  if (!workspace.isTrusted && workspace.getWorkspaceFolder(Uri.parse(uri)) === undefined) return null;
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(uri)));
  } catch {
    return null;
  }
}
