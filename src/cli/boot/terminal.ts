import type { ConsoleSink } from '../../machine-host/console-output.js';
import { ESCAPE, Monitor, type MonitorHost } from './monitor.js';
import { toStdout } from './to-stdout.js';

export interface AttachedTerminal {
  /** What the guest prints; it waits while the prompt is open. */
  print: ConsoleSink;
  detach(): void;
}

/**
 * Connects the guest's console with the terminal: every key goes to the guest, and Ctrl-] opens a prompt of ours. Where
 * the input is no terminal, it is all for the guest.
 */
export function attachTerminal(
  name: string,
  send: (bytes: Uint8Array) => void,
  host: Pick<MonitorHost, 'perform' | 'leave'>,
): AttachedTerminal {
  const { stdin, stdout } = process;
  const interactive = stdin.isTTY === true;
  let monitor: Monitor | null = null;
  let shut = Promise.resolve();
  let closed = () => {};
  const receive = (bytes: Buffer) => {
    const end = interactive && monitor === null ? bytes.indexOf(ESCAPE) : -1;
    if (monitor !== null) monitor.type(bytes.toString());
    else send(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return;
    shut = new Promise((resolve) => {
      closed = () => {
        monitor = null;
        resolve();
      };
    });
    monitor = new Monitor(name, { ...host, write: (text) => stdout.write(text), closed: () => closed() });
    monitor.open();
    monitor.type(bytes.subarray(end + 1).toString());
  };
  if (interactive) stdin.setRawMode(true);
  stdin.on('data', receive);
  stdin.resume();
  return {
    print: (bytes) => (monitor === null ? toStdout(bytes) : shut.then(() => toStdout(bytes))),
    detach: () => {
      closed();
      stdin.off('data', receive);
      if (interactive) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
