/** The language server in a web worker: VS Code for the Web. Files come from the client, through `client-file-system.ts`. */
import { startLanguageServer } from 'langium/lsp';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { createHvhostServices } from '../module.js';
import { ClientFileSystem } from './client-file-system.js';
import { registerRequests } from './register-requests.js';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
const services = createHvhostServices({ connection, fileSystemProvider: () => new ClientFileSystem(connection) });
registerRequests(connection, services);
startLanguageServer(services.shared);
