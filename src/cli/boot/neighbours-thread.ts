/** The thread of the modelled children beside machine children that the command line boots. */
import { parentPort } from 'node:worker_threads';
import { serveNeighbours } from '../../machine-host/neighbours/serve-neighbours.js';
import type { NeighbourCommand } from '../../protocol/neighbours.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

serveNeighbours(
  {
    send: (message) => port.postMessage(message),
    onCommand: (listener) => port.on('message', (command: NeighbourCommand) => listener(command)),
  },
  {
    now: () => performance.now(),
    // A turn that may follow at once still lets frames in.
    yieldToHost: (task, delayMs) => (delayMs > 0 ? setTimeout(task, delayMs) : setImmediate(task)),
  },
);
