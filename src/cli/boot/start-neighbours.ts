import { Worker } from 'node:worker_threads';
import type { HostNetwork } from '../../machine-host/host-network.js';
import { Neighbours, type NeighbourThread, sharedSwitches } from '../../machine-host/neighbours/neighbours.js';
import type { Child, HostModel } from '../../model/host-model.js';

/** Lies beside the bundled command line. */
const THREAD = new URL('neighbours-thread.cjs', import.meta.url);

/** Runs the modelled children that are on a switch with one of these machine children; null where there are none. */
export function startNeighbours(host: HostModel, machines: readonly Child[], network: HostNetwork): Neighbours | null {
  const switches = sharedSwitches(host, machines);
  if (switches.length === 0) return null;
  return new Neighbours(host, switches, network, startThread(), (text) => console.error(`hvhost: ${text}\r`));
}

function startThread(): NeighbourThread {
  const worker = new Worker(THREAD);
  return {
    send: (command) => worker.postMessage(command),
    onEvent(listener) {
      worker.on('message', listener);
      worker.on('error', (error) =>
        listener({ type: 'notice', text: `the modelled children are gone: ${error.message}`, serious: true }),
      );
    },
    dispose: () => void worker.terminate(),
  };
}
