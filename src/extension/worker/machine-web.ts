/** The thread of a machine child in a browser. */
import { serveMachine } from '../../machine-host/serve-machine.js';
import type { MachineCommand } from '../../protocol/machine.js';

declare const self: DedicatedWorkerGlobalScope;

serveMachine({
  send: (message, transfer = []) => self.postMessage(message, transfer),
  onCommand: (listener) =>
    self.addEventListener('message', (message: MessageEvent<MachineCommand>) => listener(message.data)),
});
