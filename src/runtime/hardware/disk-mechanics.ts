import type { PhysicalDisk } from '../../model/host-model.js';
import type { RandomStream } from '../random.js';
import type { CostLedger } from '../trace/cost-ledger.js';

/** How long a disk of one kind takes. */
export interface DiskMechanics {
  /** What works in parallel: spindles or channels. */
  readonly units: number;
  /** A position belongs to one unit (spindles); else any free unit serves it. */
  readonly striped: boolean;
  /** Write cache in front of the units. */
  readonly cache: { bytes: number; answerNs: number; coalescing: number } | null;
  /** How long an answered write is in a drive's own buffer before it is on the medium. */
  readonly programNs: number;
  unitOf(position: number): number;
  serviceNs(unit: number, position: number, bytes: number, write: boolean): number;
}

const STRIPE_BYTES = 65_536;

export function createDiskMechanics(disk: PhysicalDisk, costs: CostLedger, random: RandomStream): DiskMechanics {
  return disk.medium === 'rotational' ? rotational(disk, costs, random) : solid(disk.medium, costs);
}

/**
 * Spindles side by side: seek by distance, half a revolution on average, transfer. What begins where the last operation of its
 * spindle ended is transferred at once: drives read ahead, and take writes that follow one another (assumed).
 */
function rotational(disk: PhysicalDisk, costs: CostLedger, random: RandomStream): DiskMechanics {
  const units = Math.max(1, Math.round(disk.bytes / costs.get('rotational-spindle').amount));
  const track = costs.get('rotational-seek-track');
  const full = costs.get('rotational-seek-full').amount;
  const revolution = costs.get('rotational-revolution');
  const rate = costs.get('rotational-rate').amount;
  const heads = new Float64Array(units);
  const ends = new Float64Array(units).fill(Number.NaN);
  const nextStripe = (units - 1) * STRIPE_BYTES;
  const goesOn = (position: number, end: number) =>
    position === end || (end % STRIPE_BYTES === 0 && position === end + nextStripe);
  return {
    units,
    striped: true,
    cache: {
      bytes: costs.get('rotational-write-cache').amount,
      answerNs: costs.get('rotational-cache-write').amount,
      coalescing: Math.max(1, costs.get('rotational-coalescing').amount),
    },
    programNs: 0,
    unitOf: (position) => Math.floor(position / STRIPE_BYTES) % units,
    serviceNs(unit, position, bytes) {
      const isNext = goesOn(position, ends[unit]!);
      ends[unit] = position + bytes;
      const distance = Math.abs(position - heads[unit]!) / disk.bytes;
      heads[unit] = position;
      if (isNext) return Math.max(1, transferNs(bytes, rate));
      const seekNs = distance === 0 ? 0 : Math.round(track.amount + (full - track.amount) * Math.sqrt(distance));
      const waitNs = random.below(revolution.amount + 1);
      if (seekNs > 0) track.chargeNs(seekNs);
      revolution.chargeNs(waitNs);
      return Math.max(1, seekNs + waitNs + transferNs(bytes, rate));
    },
  };
}

function solid(medium: 'ssd' | 'nvme', costs: CostLedger): DiskMechanics {
  const read = costs.get(`${medium}-read`);
  const write = costs.get(`${medium}-write`);
  const rate = costs.get(`${medium}-rate`).amount;
  return {
    units: Math.max(1, costs.get(`${medium}-channels`).amount),
    striped: false,
    cache: null,
    programNs: costs.get('flash-program').amount,
    unitOf: () => 0,
    serviceNs: (_unit, _position, bytes, writes) =>
      Math.max(1, (writes ? write : read).charge() + transferNs(bytes, rate)),
  };
}

function transferNs(bytes: number, bytesPerSecond: number): number {
  return Math.round((bytes * 1e9) / bytesPerSecond);
}
