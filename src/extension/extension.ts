/** VS Code on the desktop and on a server: Node. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { neighboursFailed } from '../machine-host/neighbours/neighbours.js';
import { activateFeatures } from './activate-features.js';
import { engineFailed, machineFailed, type Platform, type Thread } from './platform.js';
import { threadOf } from './worker-thread.js';

const platform: Platform = {
  createLanguageClient(context, options) {
    const module = Uri.joinPath(context.extensionUri, 'dist/server.cjs').fsPath;
    const server = { module, transport: TransportKind.ipc };
    return new LanguageClient('hvhost', 'hvhost', { run: server, debug: server }, options);
  },
  processors: availableParallelism(),
  startEngine: async (context) => startThread(context, 'engine-worker.cjs', engineFailed),
  startMachine: async (context) => startThread(context, 'machine-worker.cjs', machineFailed),
  startNeighbours: async (context) => startThread(context, 'engine-worker.cjs', neighboursFailed),
};

function startThread<Command, Event>(
  context: ExtensionContext,
  script: string,
  failed: (message: string) => Event,
): Thread<Command, Event> {
  const worker = new Worker(Uri.joinPath(context.extensionUri, 'dist', script).fsPath);
  return threadOf<Command, Event>(
    {
      post: (command) => worker.postMessage(command),
      listen(heard, broken) {
        worker.on('message', heard);
        worker.on('error', (error) => broken(error.message));
      },
      terminate: () => void worker.terminate(),
    },
    failed,
  );
}

export function activate(context: ExtensionContext): Promise<void> {
  return activateFeatures(context, platform);
}
