/** VS Code in a browser: web workers, no Node. */
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { neighboursFailed } from '../machine-host/neighbours/neighbours.js';
import { activateFeatures } from './activate-features.js';
import { engineFailed, machineFailed, type Platform, type Thread } from './platform.js';
import { threadOf } from './worker-thread.js';

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
  const worker = new Worker(await addressOf(context, name));
  return threadOf<Command, Event>(
    {
      post: (command) => worker.postMessage(command),
      listen(heard, broken) {
        worker.addEventListener('message', (event: MessageEvent<Event>) => heard(event.data));
        worker.addEventListener('error', (event) => {
          event.preventDefault(); // else it is an error of the extension host as well
          broken(event.message);
        });
      },
      terminate: () => worker.terminate(),
    },
    failed,
  );
}

/**
 * Where workers find their scripts, by name. An address stays good as long as the extension host lives: a worker that is
 * terminated before its thread has started may still load its script, and must find it.
 */
const addresses = new Map<string, Promise<string>>();

function addressOf(context: ExtensionContext, name: string): Promise<string> {
  const known = addresses.get(name);
  if (known) return known;
  const address = makeAddress(Uri.joinPath(context.extensionUri, 'dist/web', name));
  addresses.set(name, address);
  address.catch(() => addresses.delete(name)); // perhaps it can be read the next time
  return address;
}

/** A worker must come from the page's own origin, which an installed extension does not: hence the blob. */
async function makeAddress(file: Uri): Promise<string> {
  const script = new TextDecoder().decode(await workspace.fs.readFile(file));
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}

export function activate(context: ExtensionContext): Promise<void> {
  return activateFeatures(context, platform);
}
