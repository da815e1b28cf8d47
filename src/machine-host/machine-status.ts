import { formatBytes } from '../model/format.js';
import type { MachineStatus } from '../protocol/machine.js';
import type { Machine } from './machine.js';

const PAGE_BYTES = 4096;

export function statusOf({ child, heartbeat, keyValues, memory }: Machine): MachineStatus {
  return {
    guestOs: child.guestOs,
    heartbeat: heartbeat.state,
    values: [...keyValues.values].map(([key, value]) => ({ key, value })),
    memory: memory?.use ?? null,
    traffic: child.traffic,
  };
}

/** Lines for people. */
export function describeStatus({ guestOs, heartbeat, values, memory }: MachineStatus): string {
  const lines: [string, string][] = [
    ['Guest', guestOs ?? 'has not said what it is'],
    ['Heartbeat', heartbeat],
  ];
  if (memory !== null) {
    const [assigned, demand] = [memory.assignedPages, memory.demandPages].map((pages) =>
      formatBytes(pages * PAGE_BYTES),
    );
    lines.push(['Memory', `${assigned} assigned, ${demand} in demand`]);
  }
  for (const { key, value } of values) lines.push([key, value]);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}
