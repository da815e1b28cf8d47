import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import type { DiskIdentity, DiskImage } from '../disk-image.js';
import { hasText } from '../fields.js';
import { FileSpace } from '../file-space.js';
import { checkParent, checkTableSize, type OpenOptions } from '../open-options.js';
import { SparseDisk } from '../sparse-disk.js';
import { batShape, readBat, takenBy } from './bat.js';
import { readHeader } from './header.js';
import { HEADER_SECTION_BYTES, SIGNATURE } from './layout.js';
import { replayLog } from './log-replay.js';
import { readMetadata } from './metadata.js';
import { readRegions } from './regions.js';
import { parentLink, VhdxTable } from './vhdx-table.js';

/** Opens a VHDX ([MS-VHDX]); nothing is written before the first write. Throws DiskError where it is damaged. */
export async function openVhdx(file: ByteFile, { parent, readOnly }: OpenOptions): Promise<DiskImage> {
  const { replayed, header, regions, metadata } = await readStructure(file);
  checkParent(parentLink(metadata), parent, metadata.sectorBytes);
  const shape = batShape(metadata);
  checkTableSize(shape.blocks);
  const bat = await readBat(replayed, regions.bat, shape, metadata);
  const space = new FileSpace([
    { offset: 0, length: HEADER_SECTION_BYTES },
    { offset: header.logOffset, length: header.logBytes },
    regions.bat,
    regions.metadata,
    ...regions.unknown,
    ...takenBy(bat, shape, metadata.blockBytes),
  ]);
  const table = new VhdxTable(replayed, { header, metadata, batRegion: regions.bat, shape, bat, space });
  return new SparseDisk(replayed, table, parent, readOnly);
}

/** Throws DiskError where the file is damaged. */
export async function identifyVhdx(file: ByteFile): Promise<DiskIdentity> {
  const { header, metadata } = await readStructure(file);
  const { bytes, sectorBytes } = metadata;
  return { id: header.dataId, bytes, sectorBytes, parent: parentLink(metadata) };
}

async function readStructure(file: ByteFile) {
  if (file.size < HEADER_SECTION_BYTES || !hasText(await file.read(0, SIGNATURE.length), 0, SIGNATURE)) {
    throw new DiskError('the file is no VHDX');
  }
  const header = await readHeader(file);
  const replayed = await replayLog(file, header);
  const regions = await readRegions(replayed);
  return { replayed, header, regions, metadata: await readMetadata(replayed, regions.metadata) };
}
