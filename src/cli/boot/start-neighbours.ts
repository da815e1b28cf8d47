import { Worker } from 'node:worker_threads';
import type { HostNetwork } from '../../machine-host/host-network.js';
import {
  Neighbours,
  type NeighbourThread,
  neighboursFailed,
  sharedSwitches,
} from '../../machine-host/neighbours/neighbours.js';
import type { Child, HostModel } from '../../model/host-model.js';

/** Lies beside the bundled command line. */
const THREAD = new URL('engine-worker.cjs', import.meta.url);

/** Runs the modelled children where they are on a switch with one of these machine children; null where none is. */
export function startNeighbours(host: HostModel, machines: readonly Child[], network: HostNetwork): Neighbours | null {
  const switches = sharedSwitches(host, machines);
  if (switches.length === 0) return null;
  const notice = (text: string) => console.error(`hvhost: ${text}\r`);
  const neighbours = new Neighbours(host, switches, network, startThread(), notice);
  notice(neighbours.introduction);
  return neighbours;
}

function startThread(): NeighbourThread {
  const worker = new Worker(THREAD);
  return {
    send: (command) => worker.postMessage(command),
    onEvent(listener) {
      worker.on('message', listener);
      worker.on('error', (error) => listener(neighboursFailed(error.message)));
    },
    dispose: () => void worker.terminate(),
  };
}
