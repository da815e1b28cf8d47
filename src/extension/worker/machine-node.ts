/** The thread of a machine child on the desktop. */
import { parentPort } from 'node:worker_threads';
import { serveMachine } from '../../machine-host/serve-machine.js';
import { noFiles } from '../../machine-host/served-disks.js';
import { nodeClock } from '../../node/node-clock.js';
import type { MachineCommand } from '../../protocol/machine.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

serveMachine(
  {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    onCommand: (listener) => port.on('message', (command: MachineCommand) => listener(command)),
  },
  noFiles, // VS Code hands disks in whole: its file systems need not be Node's
  nodeClock(),
);
