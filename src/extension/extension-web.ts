/** VS Code in a browser: web workers, no Node. */
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { neighboursFailed } from '../machine-host/neighbours/neighbours.js';
import { activateFeatures } from './activate-features.js';
import { engineFailed, machineFailed, type Platform, type Thread } from './platform.js';

const platform: Platform = {
  createLanguageClient(context, options) {
    const script = Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true);
    return new LanguageClient('hvhost', 'hvhost', new Worker(script), options);
  },
  processors: navigator.hardwareConcurrency,
  startEngine: (context) => startThread(context, 'engine-worker.js', engineFailed),
  startMachine: (context) => startThread(context, 'machine-worker.js', machineFailed),
  startNeighbours: (context) => startThread(context, 'engine-worker.js', neighboursFailed),
};

async function startThread<Command, Event>(
  context: ExtensionContext,
  name: string,
  failed: (message: string) => Event,
): Promise<Thread<Command, Event>> {
  // A worker must come from the page's own origin, which an installed extension does not: hence the blob.
  const file = Uri.joinPath(context.extensionUri, 'dist/web', name);
  const script = new TextDecoder().decode(await workspace.fs.readFile(file));
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  return {
    send: (command) => worker.postMessage(command),
    onEvent(listener) {
      worker.addEventListener('message', (event: MessageEvent<Event>) => listener(event.data));
      worker.addEventListener('error', (event) => listener(failed(event.message)));
    },
    dispose() {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}

export function activate(context: ExtensionContext): Promise<void> {
  return activateFeatures(context, platform);
}
