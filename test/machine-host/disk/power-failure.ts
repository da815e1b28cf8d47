import assert from 'node:assert/strict';
import type { DiskImage } from '../../../src/machine-host/disk/disk-image.js';
import { make, type Shape } from './shapes.js';

/** Sectors of the host's disk: what it writes whole. */
const SECTOR = 512;

/** Small numbers, from wherever a test has them. */
export type Random = (below: number) => number;

/**
 * Lets a guest use a disk, fails the power at any moment, opens what is left and looks whether everything is there that
 * the guest was told is on disk; several times over, because a disk that was mended must stand the next failure too.
 */
export async function losePower(shape: Shape, random: Random): Promise<void> {
  const { open, file: first, content } = await make(shape);
  let file = first;
  const memory = new GuestMemory(content);
  for (let session = 0; session < 3; session++) {
    const disk = await open(file);
    if (session > 0) memory.check(await disk.read(0, disk.bytes));
    const events = await use(disk, random, () => file.journal.length);
    const moment = random(file.journal.length + 1);
    for (const event of events) memory.note(event, moment);
    const likely = 1 + random(10);
    file = file.after(moment, () => random(10) < likely);
  }
  const disk = await open(file);
  memory.check(await disk.read(0, disk.bytes));
  await disk.close();
}

/** `at`: how much had happened in the file when the request was made, for a flush when it was answered. */
type GuestEvent =
  | { kind: 'write'; at: number; offset: number; length: number; tag: number }
  | { kind: 'trim'; at: number; offset: number; length: number }
  | { kind: 'flush'; at: number };

async function use(disk: DiskImage, random: Random, journalLength: () => number): Promise<GuestEvent[]> {
  const { bytes, sectorBytes } = disk;
  const blockBytes = disk.info().blockBytes ?? 8192;
  const events: GuestEvent[] = [];
  for (let count = random(12); count >= 0; count--) {
    const offset = random(bytes / sectorBytes) * sectorBytes;
    const what = random(10);
    const at = journalLength();
    if (what < 6) {
      const length = Math.min(bytes - offset, random(8) === 0 ? blockBytes : (1 + random(20)) * sectorBytes);
      const tag = 1 + random(255);
      events.push({ kind: 'write', at, offset, length, tag });
      await disk.write(offset, new Uint8Array(length).fill(tag));
    } else if (what < 8) {
      const start = offset - (offset % blockBytes);
      const length = Math.min(bytes - start, (1 + random(2)) * blockBytes);
      events.push({ kind: 'trim', at, offset: start, length });
      await disk.trim(start, length);
    } else {
      await disk.flush();
      events.push({ kind: 'flush', at: journalLength() });
    }
  }
  if (random(2) === 0) await disk.close();
  return events;
}

/** What each sector may hold: one value once it is flushed, several before. */
class GuestMemory {
  private readonly allowed: Set<number>[];
  /** What it may hold while the power stays on. */
  private readonly now: Set<number>[];

  constructor(content: Uint8Array) {
    this.allowed = Array.from({ length: content.length / SECTOR }, (_, sector) => new Set([content[sector * SECTOR]!]));
    this.now = this.allowed.map((values) => new Set(values));
  }

  /** Takes note of what the guest did before the moment of the failure. */
  note(event: GuestEvent, moment: number): void {
    if (event.at > moment) return;
    if (event.kind === 'flush') {
      for (const [sector, values] of this.now.entries()) this.allowed[sector] = new Set(values);
      return;
    }
    for (let sector = event.offset / SECTOR; sector < (event.offset + event.length) / SECTOR; sector++) {
      if (event.kind === 'write') this.now[sector] = new Set([event.tag]);
      else this.now[sector]!.add(0);
      for (const value of this.now[sector]!) this.allowed[sector]!.add(value);
    }
  }

  /** What is there now stays there. */
  check(content: Uint8Array): void {
    for (const [sector, values] of this.allowed.entries()) {
      const bytes = content.subarray(sector * SECTOR, (sector + 1) * SECTOR);
      const value = bytes[0]!;
      const wanted = [...values].join(' or ');
      assert.ok(values.has(value), `sector ${sector} holds ${value}; it should hold ${wanted}`);
      assert.ok(
        bytes.every((byte) => byte === value),
        `sector ${sector} is torn`,
      );
      this.allowed[sector] = new Set([value]);
      this.now[sector] = new Set([value]);
    }
  }
}

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
