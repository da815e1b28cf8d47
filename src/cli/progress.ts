import { formatNs } from '../model/format.js';
import type { Snapshot } from '../protocol/protocol.js';

/** A line on stderr that is written over and over on a terminal, and not at all into a file. */
export function progressLine(host: string, horizonNs: number): { show(snapshot: Snapshot): void; end(): void } {
  const stream = process.stderr;
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  return {
    show(snapshot) {
      const running = snapshot.partitions.filter(
        (partition) => partition.role === 'child' && partition.state === 'running',
      );
      const share = Math.min(1, snapshot.timeNs / horizonNs);
      const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░');
      stream.write(
        `\r\x1b[K${host} ${bar} ${formatNs(snapshot.timeNs)} · ${snapshot.phase} · ${running.length} running`,
      );
    },
    end() {
      stream.write('\r\x1b[K');
    },
  };
}

const BAR = 24;
