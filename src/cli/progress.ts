import { formatNs } from '../model/format.js';
import type { Snapshot } from '../protocol/snapshot.js';

export interface Progress {
  show(snapshot: Snapshot): void;
  end(): void;
}

/** How far a run is, on stderr: one line that is written over and over on a terminal, and a single plain one elsewhere. */
export function progressLine(host: string, horizonNs: number, stream = process.stderr): Progress {
  if (!stream.isTTY) {
    stream.write(`Running ${host} for ${formatNs(horizonNs)} of virtual time …\n`);
    return { show: () => {}, end: () => {} };
  }
  let readyNs: number | null = null;
  return {
    show(snapshot) {
      if (snapshot.phase === 'ready') readyNs ??= snapshot.timeNs;
      stream.write(`\r\x1b[K${host} ${progressText(snapshot, readyNs, horizonNs)}`);
    },
    end() {
      stream.write('\r\x1b[K');
    },
  };
}

const BAR = 24;

/** The bar fills over the time that was asked for; the boot before it (`readyNs` is null) leaves it empty. */
export function progressText(snapshot: Snapshot, readyNs: number | null, horizonNs: number): string {
  const share = readyNs === null ? 0 : Math.min(1, (snapshot.timeNs - readyNs) / horizonNs);
  const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░');
  const running = snapshot.partitions.filter(({ role, state }) => role === 'child' && state === 'running').length;
  return readyNs === null ? `${bar} booting: ${snapshot.phase}` : `${bar} ${running} running`;
}
