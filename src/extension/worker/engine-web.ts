/** The engine's thread in a browser: for a run, or for modelled children beside machine children. */
import { serveNeighbours } from '../../machine-host/neighbours/serve-neighbours.js';
import type { NeighbourCommand } from '../../protocol/neighbours.js';
import { pageEvent } from '../../protocol/page-snapshot.js';
import type { EngineCommand } from '../../protocol/protocol.js';
import { type EngineClock, serveEngine } from '../../runtime/serve.js';

declare const self: DedicatedWorkerGlobalScope;

const clock: EngineClock = { now: () => performance.now(), yieldToHost: soon };

serveEngine(
  {
    send: (event) => self.postMessage(pageEvent(event)),
    onCommand: (listener) =>
      self.addEventListener('message', (message: MessageEvent<EngineCommand>) => listener(message.data)),
  },
  clock,
);
serveNeighbours(
  {
    send: (message) => self.postMessage(message),
    onCommand: (listener) =>
      self.addEventListener('message', (message: MessageEvent<NeighbourCommand>) => listener(message.data)),
  },
  clock,
);

/** Browsers stretch nested timers to four milliseconds; a message to oneself does not wait, and lets commands in. */
function soon(task: () => void, delayMs: number): void {
  if (delayMs > 0) {
    setTimeout(task, delayMs);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(null);
}
