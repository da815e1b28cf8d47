/** The engine's thread in a browser. */
import type { EngineCommand } from '../../protocol/protocol.js';
import { serveEngine } from '../../runtime/serve.js';

declare const self: DedicatedWorkerGlobalScope;

serveEngine(
  {
    send: (event) => self.postMessage(event),
    onCommand: (listener) =>
      self.addEventListener('message', (message: MessageEvent<EngineCommand>) => listener(message.data)),
  },
  { now: () => performance.now(), yieldToHost: soon },
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
