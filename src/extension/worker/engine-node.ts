/** The engine's thread on the desktop: for a run, or for modelled children beside machine children. */
import { parentPort } from 'node:worker_threads';
import { serveNeighbours } from '../../machine-host/neighbours/serve-neighbours.js';
import type { NeighbourCommand } from '../../protocol/neighbours.js';
import { pageEvent } from '../../protocol/page-snapshot.js';
import type { EngineCommand } from '../../protocol/protocol.js';
import { type EngineClock, serveEngine } from '../../runtime/serve.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

const clock: EngineClock = {
  now: () => performance.now(),
  // A turn that may follow at once still lets commands in, and costs no timer's millisecond.
  yieldToHost: (task, delayMs) => (delayMs > 0 ? setTimeout(task, delayMs) : setImmediate(task)),
};

serveEngine(
  {
    send: (event) => port.postMessage(pageEvent(event)),
    onCommand: (listener) => port.on('message', (command: EngineCommand) => listener(command)),
  },
  clock,
);
serveNeighbours(
  {
    send: (message) => port.postMessage(message),
    onCommand: (listener) => port.on('message', (command: NeighbourCommand) => listener(command)),
  },
  clock,
);
