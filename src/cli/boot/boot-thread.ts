/** The thread of a machine child that the command line boots beside others. */
import { parentPort } from 'node:worker_threads';
import { serveMachine } from '../../machine-host/serve-machine.js';
import { nodeClock } from '../../node/node-clock.js';
import type { MachineCommand } from '../../protocol/machine.js';
import { openNodeDisk } from './node-disk-files.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

serveMachine(
  {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    onCommand: (listener) => port.on('message', (command: MachineCommand) => listener(command)),
  },
  openNodeDisk,
  nodeClock(),
);
