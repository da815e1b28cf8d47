import { ESCAPE, Monitor, type MonitorHost } from './monitor.js';

export interface AttachedTerminal {
  /** What the guest prints; it waits while the prompt is open. */
  print(bytes: Uint8Array): void;
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
  let waiting: Uint8Array[] = [];
  const closed = () => {
    monitor = null;
    for (const bytes of waiting) stdout.write(bytes);
    waiting = [];
  };
  const receive = (bytes: Buffer) => {
    const end = interactive && monitor === null ? bytes.indexOf(ESCAPE) : -1;
    if (monitor !== null) monitor.type(bytes.toString());
    else send(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return;
    monitor = new Monitor(name, { ...host, write: (text) => stdout.write(text), closed });
    monitor.open();
    monitor.type(bytes.subarray(end + 1).toString());
  };
  if (interactive) stdin.setRawMode(true);
  stdin.on('data', receive);
  stdin.resume();
  return {
    print: (bytes) => {
      if (monitor === null) stdout.write(bytes);
      else waiting.push(bytes);
    },
    detach: () => {
      closed();
      stdin.off('data', receive);
      if (interactive) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
