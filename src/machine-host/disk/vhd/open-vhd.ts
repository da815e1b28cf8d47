import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import type { DiskIdentity, DiskImage, ParentLink } from '../disk-image.js';
import { FlatDisk } from '../flat-disk.js';
import { checkParent, checkTableSize, type OpenOptions } from '../open-options.js';
import { SparseDisk } from '../sparse-disk.js';
import { type DynamicHeader, HEADER_BYTES, parentPaths, parseHeader } from './dynamic-header.js';
import { FOOTER_BYTES, type Footer, parseFooter } from './footer.js';
import { readTable, VhdTable } from './vhd-table.js';

/** Opens a VHD (Virtual Hard Disk Image Format Specification 1.0). Throws DiskError where it is damaged. */
export async function openVhd(file: ByteFile, { parent, readOnly }: OpenOptions): Promise<DiskImage> {
  const footer = await readFooter(file);
  if (footer.headerOffset === null) return openFixed(file, footer, readOnly);
  const header = await readHeader(file, footer);
  const link = await linkOf(file, footer, header);
  checkParent(link, parent, 512);
  checkTableSize(Math.max(header.blocks, Math.ceil(footer.bytes / header.blockBytes)));
  const { table, space, unfinished } = await readTable(file, footer, header);
  return new SparseDisk(file, new VhdTable(file, footer, header, table, space, link, unfinished), parent, readOnly);
}

/** Throws DiskError where the file is damaged. */
export async function identifyVhd(file: ByteFile): Promise<DiskIdentity> {
  const footer = await readFooter(file);
  const parent = footer.headerOffset === null ? null : await linkOf(file, footer, await readHeader(file, footer));
  return { id: footer.id, bytes: footer.bytes, sectorBytes: 512, parent };
}

async function linkOf(file: ByteFile, footer: Footer, header: DynamicHeader): Promise<ParentLink | null> {
  if (footer.allocation !== 'differencing') return null;
  return { id: header.parentId, paths: await parentPaths(file, header) };
}

/**
 * The footer of a fixed disk is at the end, whose first sector is the guest's and may look like one. That of the others
 * has a copy at the beginning that is never written again, while what is at the end moves as the file grows.
 */
async function readFooter(file: ByteFile): Promise<Footer> {
  if (file.size < FOOTER_BYTES) throw new DiskError('the file is too short for a VHD');
  const last = parseFooter(await file.read(file.size - FOOTER_BYTES, FOOTER_BYTES));
  if (last?.allocation === 'fixed' && last.bytes + FOOTER_BYTES === file.size) return last;
  const first = parseFooter(await file.read(0, FOOTER_BYTES));
  const footer = first?.headerOffset === null ? last : (first ?? last);
  if (footer !== null) return footer;
  throw new DiskError('the file is no VHD, or its footer is damaged');
}

async function readHeader(file: ByteFile, { headerOffset }: Footer): Promise<DynamicHeader> {
  const offset = headerOffset ?? 0;
  if (offset % 512 !== 0 || offset + HEADER_BYTES > file.size) {
    throw new DiskError('the header of the VHD lies outside of the file');
  }
  return parseHeader(await file.read(offset, HEADER_BYTES));
}

function openFixed(file: ByteFile, { bytes, id }: Footer, readOnly: boolean): FlatDisk {
  if (bytes + FOOTER_BYTES > file.size) {
    throw new DiskError(`the VHD holds ${bytes} bytes and the file has only ${file.size}`);
  }
  const info = {
    format: 'vhd',
    allocation: 'fixed',
    bytes,
    sectorBytes: 512,
    fileBytes: file.size,
    blockBytes: null,
    blocks: null,
    id,
    parent: null,
    unfinished: [],
  } as const;
  return new FlatDisk(file, bytes, { ...info, unfinished: [] }, readOnly);
}
