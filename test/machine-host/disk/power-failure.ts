import assert from 'node:assert/strict';
import type { DiskImage } from '../../../src/machine-host/disk/disk-image.js';
import type { FaultFile } from './fault-file.js';
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
    const moment = momentOf(file, random);
    for (const event of events) memory.note(event, moment);
    // What came late may be there and what came early not, and the other way round.
    const pivot = moment - random(60);
    const [early, late] = [random(4), random(4)];
    file = file.after(moment, (index) => random(3) < (index < pivot ? early : late));
  }
  const disk = await open(file);
  memory.check(await disk.read(0, disk.bytes));
  await disk.close();
}

/**
 * Fails the power before each barrier of a short use, with one sector of what came since the last one lost, or kept, alone.
 * Where much was written, that is data, and only the last sectors are tried.
 */
export async function loseEachSector(shape: Shape, random: Random): Promise<void> {
  const { open, file, content } = await make(shape);
  const events = await use(await open(file), random, () => file.journal.length);
  let start = 0;
  for (const [end, change] of file.journal.entries()) {
    if (change !== null) continue;
    for (let sector = Math.max(start, end - 24); sector < end; sector++) {
      for (const isAlone of [true, false]) {
        const disk = await open(file.after(end, (index) => (index === sector) === isAlone));
        const memory = new GuestMemory(content);
        for (const event of events) memory.note(event, end);
        memory.check(await disk.read(0, disk.bytes));
      }
    }
    start = end + 1;
  }
}

/** Half of the time near a barrier, because that is where metadata is written and most of a file is data. */
function momentOf(file: FaultFile, random: Random): number {
  const { length } = file.journal;
  const barriers = [...file.journal.keys()].filter((index) => file.journal[index] === null);
  const barrier = barriers[random(barriers.length || 1)];
  if (barrier === undefined || random(3) === 0) return random(length + 1);
  return Math.min(length, Math.max(0, barrier - 2 + random(14)));
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
  // At times long enough for the log of a VHDX to begin again from its start, which takes a hundred commits.
  const isLong = random(25) === 0;
  for (let count = isLong ? 300 : random(15); count >= 0; count--) {
    const offset = random(bytes / sectorBytes) * sectorBytes;
    const what = isLong ? 5 + random(5) : random(10);
    const at = journalLength();
    if (what < 6) {
      const length = Math.min(
        bytes - offset,
        !isLong && random(15) === 0 ? blockBytes : (1 + random(20)) * sectorBytes,
      );
      const tag = 1 + random(255);
      events.push({ kind: 'write', at, offset, length, tag });
      await disk.write(offset, new Uint8Array(length).fill(tag));
    } else if (what < 7) {
      const start = offset - (offset % blockBytes);
      const length = Math.min(bytes - start, (1 + random(2)) * blockBytes);
      events.push({ kind: 'trim', at, offset: start, length });
      await disk.trim(start, length);
    } else {
      await (random(8) === 0 ? disk.settle() : disk.flush());
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
      for (const [sector, values] of this.now.entries()) {
        if (this.allowed[sector]!.size > 1) this.allowed[sector] = new Set(values);
      }
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
      const value = content[sector * SECTOR]!;
      if (!values.has(value))
        assert.fail(`sector ${sector} holds ${value}; it should hold ${[...values].join(' or ')}`);
      if (content[(sector + 1) * SECTOR - 1] !== value) assert.fail(`sector ${sector} is torn`);
      if (values.size === 1 && this.now[sector]!.size === 1) continue;
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
