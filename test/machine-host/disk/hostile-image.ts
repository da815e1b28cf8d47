import type { ByteFile } from '../../../src/machine-host/disk/byte-file.js';
import { DiskError } from '../../../src/machine-host/disk/disk-error.js';
import type { DiskImage } from '../../../src/machine-host/disk/disk-image.js';
import { guessFormat } from '../../../src/machine-host/disk/open-disk.js';
import { checksum } from '../../../src/machine-host/disk/vhd/checksum.js';
import { crc32c } from '../../../src/machine-host/disk/vhdx/crc32c.js';
import type { FaultFile } from './fault-file.js';
import type { Random } from './power-failure.js';
import { make, type Shape } from './shapes.js';

const KB = 1024;
const MB = 1024 * KB;
/** Values that break arithmetic, besides random ones. */
const NASTY = [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x1_0000_0000n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/**
 * Changes fields of an image, most of the time so that its checksums hold again, and uses what is left as a guest would.
 * Throws where anything but a DiskError comes of it; FaultFile throws where something outside of the file is read.
 */
export async function useHostile(shape: Shape, random: Random): Promise<void> {
  const { file, open } = await make(shape);
  const bytesOfDisk = shape.options.bytes;
  const image = await used(file, open, random, bytesOfDisk);
  for (let count = 1 + random(4); count > 0; count--) await damage(image, shape, random);
  await ignoringDamage(() => guessFormat(image));
  await ignoringDamage(async () => {
    const disk = await open(image, random(4) === 0);
    disk.info();
    for (let count = random(8); count >= 0; count--) await ignoringDamage(() => request(disk, random));
    await disk.close();
  });
}

/** An image with data in it, at times one that was not closed. */
async function used(file: FaultFile, open: (file: ByteFile) => Promise<DiskImage>, random: Random, bytes: number) {
  const disk = await open(file);
  for (let count = random(4); count > 0; count--) {
    await disk.write(random(bytes / 4096) * 4096, new Uint8Array(disk.sectorBytes).fill(count));
  }
  await disk.flush();
  if (random(3) > 0) await disk.close();
  return file.after(file.journal.length, () => true);
}

async function request(disk: DiskImage, random: Random): Promise<void> {
  const { bytes, sectorBytes } = disk;
  const sectors = Math.min(bytes / sectorBytes, 2 ** 31);
  const offset = Math.floor((random(1 << 30) / (1 << 30)) * sectors) * sectorBytes;
  const length = Math.min(bytes - offset, (1 + random(64)) * sectorBytes);
  switch (random(4)) {
    case 0:
      return void (await disk.read(offset, length));
    case 1:
      return disk.write(offset, new Uint8Array(length).fill(1));
    case 2:
      return disk.trim(offset, Math.min(bytes - offset, 8 * MB));
    default:
      return disk.flush();
  }
}

async function ignoringDamage(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/** A structure of an image and where its checksum is. */
interface Structure {
  offset: number;
  length: number;
  mend(bytes: Uint8Array): void;
}

async function damage(image: FaultFile, shape: Shape, random: Random): Promise<void> {
  if (random(10) === 0) return image.truncate(random(image.size + 1));
  const structures = (shape.format === 'vhdx' ? vhdxStructures() : vhdStructures(image.size)).filter(
    ({ offset, length }) => offset + length <= image.size,
  );
  const structure = structures[random(structures.length || 1)];
  if (structure === undefined) return;
  const bytes = await image.read(structure.offset, structure.length);
  const view = new DataView(bytes.buffer);
  // Most fields are near the beginning.
  const at = random(random(2) === 0 ? Math.min(bytes.length, 256) : bytes.length);
  const value = NASTY[random(NASTY.length)]! + BigInt(random(3));
  const aligned = at - (at % 4);
  const kind = random(4);
  if (kind === 0) view.setUint8(at, random(256));
  else if (kind === 1) view.setUint32(aligned, Number(value & 0xffffffffn), shape.format === 'vhdx');
  else if (aligned + 8 <= bytes.length) {
    const near = BigInt(random(16)) * BigInt(random(2) === 0 ? MB : 4 * KB);
    view.setBigUint64(aligned, BigInt.asUintN(64, kind === 2 ? value : near), shape.format === 'vhdx');
  }
  if (random(10) > 0) structure.mend(bytes);
  await image.write(structure.offset, bytes);
}

function vhdStructures(size: number): Structure[] {
  const mendAt = (at: number) => (bytes: Uint8Array) =>
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, checksum(bytes, at));
  return [
    { offset: 0, length: 512, mend: mendAt(64) },
    { offset: 512, length: 1024, mend: mendAt(36) },
    { offset: 1536, length: 512, mend: () => {} },
    { offset: 2048, length: 512, mend: () => {} },
    { offset: Math.max(0, size - 512 - (size % 512)), length: 512, mend: mendAt(64) },
  ];
}

function vhdxStructures(): Structure[] {
  const mend = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, crc32c(bytes, 4), true);
  return [
    { offset: 64 * KB, length: 4 * KB, mend },
    { offset: 128 * KB, length: 4 * KB, mend },
    { offset: 192 * KB, length: 64 * KB, mend },
    { offset: 256 * KB, length: 64 * KB, mend },
    { offset: MB, length: 8 * KB, mend },
    { offset: MB + 8 * KB, length: 8 * KB, mend },
    { offset: 2 * MB, length: 512, mend: () => {} },
    { offset: 2 * MB + 64 * KB, length: 512, mend: () => {} },
    { offset: 3 * MB, length: 4 * KB, mend: () => {} },
  ];
}
