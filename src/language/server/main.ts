/** The language server in Node: desktop VS Code and any other editor. */
import { startLanguageServer } from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createHvhostServices } from '../module.js';
import { registerModelRequest } from './model-request.js';

const connection = createConnection(ProposedFeatures.all);
const services = createHvhostServices({ connection, ...NodeFileSystem });
registerModelRequest(connection, services);
startLanguageServer(services.shared);
