import type { Random } from '../machine-host/disk/power-failure.js';
import type { Input } from './surface.js';

/** Values at which arithmetic breaks. */
const NASTY = [
  0, 1, 7, 8, 0x7f, 0x80, 0xff, 0xfff, 0x1000, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
];
const MOST_PARTS = 2000;
const MOST_BYTES = 1 << 20;

type Part = Uint8Array<ArrayBuffer>;

/** A hostile input: a valid one with up to 16 changes. */
export function mutated(samples: readonly Input[], random: Random): Input {
  let parts = [...pick(samples, random)];
  for (let count = 1 + random(random(2) === 0 ? 3 : 16); count > 0; count--) {
    parts = random(4) === 0 ? changedOrder(parts, samples, random) : changedPart(parts, random);
  }
  return parts.slice(0, MOST_PARTS);
}

function changedOrder(parts: Part[], samples: readonly Input[], random: Random): Part[] {
  const at = random(parts.length + 1);
  const part = parts[at] ?? new Uint8Array();
  switch (random(4)) {
    case 0:
      return parts.toSpliced(at, 1);
    case 1:
      return parts.toSpliced(at, 0, ...repeated(parts.slice(at, at + 1 + random(4)), 1 + random(12)));
    case 2:
      return parts.toSpliced(at, 0, pick(pick(samples, random), random) ?? part);
    default:
      return parts.toSpliced(at, 1).toSpliced(random(parts.length + 1), 0, part);
  }
}

function repeated(parts: Part[], times: number): Part[] {
  return Array.from({ length: times }, () => parts).flat();
}

function changedPart(parts: Part[], random: Random): Part[] {
  const at = random(parts.length || 1);
  const part = parts[at];
  return part === undefined ? parts : parts.with(at, changed(part, random));
}

function changed(part: Part, random: Random): Part {
  const at = random(part.length + 1);
  const bytes = part.slice();
  const view = new DataView(bytes.buffer);
  const aligned = Math.floor(at / 4) * 4;
  const nasty = NASTY[random(NASTY.length)]! + random(3) - 1;
  switch (random(8)) {
    case 0:
      if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random(8));
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = random(256);
      return bytes;
    case 2:
      if (aligned + 4 <= bytes.length) view.setUint32(aligned, nasty, random(4) > 0);
      return bytes;
    case 3:
      if (aligned + 4 <= bytes.length) view.setUint32(aligned, view.getUint32(aligned, true) + random(17) - 8, true);
      return bytes;
    case 4:
      return bytes.slice(0, at);
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random(16)));
    case 6: {
      const from = random(part.length + 1);
      const copied = bytes.subarray(from, from + random(64));
      return joined(bytes.subarray(0, at), copied, bytes.subarray(at));
    }
    default: {
      const noise = Uint8Array.from({ length: 1 + random(16) }, () => random(256));
      return joined(bytes.subarray(0, at), noise, bytes.subarray(random(2) === 0 ? at : at + noise.length));
    }
  }
}

function joined(...parts: Uint8Array[]): Part {
  return Uint8Array.from(Buffer.concat(parts).subarray(0, MOST_BYTES));
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[random(from.length || 1)]!;
}
