import { type ExtensionContext, Uri, workspace } from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import { READ_FILE_REQUEST, type ReadFileParams, type ReadFileResult } from '../language/requests.js';
import { Hosts } from './hosts.js';
import type { Platform } from './platform.js';

/** Starts the language server and ends it with the extension. `ready` rejects when it cannot be started. */
export function startLanguageClient(
  context: ExtensionContext,
  platform: Platform,
): { hosts: Hosts; ready: Promise<void> } {
  const options: LanguageClientOptions = { documentSelector: [{ language: 'hvhost' }] };
  const client = platform.createLanguageClient(context, options);
  // A server in a browser has no file system and asks us for the files that others import.
  context.subscriptions.push(client.onRequest(READ_FILE_REQUEST, readFile), client);
  const ready = client.start();
  return { hosts: new Hosts(client, ready), ready };
}

async function readFile({ uri }: ReadFileParams): Promise<ReadFileResult> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(uri)));
  } catch {
    return null;
  }
}
