/** The language server in Node: desktop VS Code and any other editor. */
import { startLanguageServer } from 'langium/lsp';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createHvhostServices } from '../module.js';
import type { ServerOptions } from '../requests.js';
import { ConfinedFileSystem } from './confined-file-system.js';
import { registerRequests } from './register-requests.js';

const connection = createConnection(ProposedFeatures.all);
const files = new ConfinedFileSystem();
const services = createHvhostServices({ connection, fileSystemProvider: () => files });
services.shared.lsp.LanguageServer.onInitialize(({ initializationOptions, workspaceFolders }) => {
  const options: ServerOptions | undefined = initializationOptions;
  if (options?.confined === true) files.confine((workspaceFolders ?? []).map(({ uri }) => uri));
});
registerRequests(connection, services);
startLanguageServer(services.shared);
