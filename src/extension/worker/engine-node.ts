/** The engine's thread on the desktop. */
import { parentPort } from 'node:worker_threads';
import type { EngineCommand } from '../../protocol/protocol.js';
import { serveEngine } from '../../runtime/serve.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

serveEngine(
  {
    send: (event) => port.postMessage(event),
    onCommand: (listener) => port.on('message', (command: EngineCommand) => listener(command)),
  },
  {
    now: () => performance.now(),
    // A turn that may follow at once still lets commands in, and costs no timer's millisecond.
    yieldToHost: (task, delayMs) => (delayMs > 0 ? setTimeout(task, delayMs) : setImmediate(task)),
  },
);
