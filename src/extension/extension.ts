/** VS Code on the desktop and on a server: Node. */
import { Worker } from 'node:worker_threads';
import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { EngineEvent } from '../protocol/protocol.js';
import { activateFeatures } from './activate-features.js';
import type { EngineThread, Platform } from './platform.js';

const platform: Platform = {
  createLanguageClient(context, options) {
    const module = Uri.joinPath(context.extensionUri, 'dist/server.cjs').fsPath;
    const server = { module, transport: TransportKind.ipc };
    return new LanguageClient('hvhost', 'hvhost', { run: server, debug: server }, options);
  },

  async startEngine(context): Promise<EngineThread> {
    const worker = new Worker(Uri.joinPath(context.extensionUri, 'dist/engine-worker.cjs').fsPath);
    return {
      send: (command) => worker.postMessage(command),
      onEvent(listener) {
        worker.on('message', (event: EngineEvent) => listener(event));
        worker.on('error', (error) => listener({ type: 'crashed', message: error.message }));
      },
      dispose: () => void worker.terminate(),
    };
  },
};

export function activate(context: ExtensionContext): Promise<void> {
  return activateFeatures(context, platform);
}
