/** The thread of a machine child that the command line boots beside others. */
import { parentPort } from 'node:worker_threads';
import { MachineError } from '../../machine-host/machine-error.js';
import { serveMachine } from '../../machine-host/serve-machine.js';
import type { MachineCommand } from '../../protocol/machine.js';
import { UsageError } from '../exit.js';
import { RawDisk } from './raw-disk.js';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker only.');

serveMachine(
  {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    onCommand: (listener) => port.on('message', (command: MachineCommand) => listener(command)),
  },
  openDisk,
);

async function openDisk(path: string, bytes: number): Promise<RawDisk> {
  try {
    return await RawDisk.open(path, bytes);
  } catch (error) {
    throw error instanceof UsageError ? new MachineError(error.message) : error;
  }
}
