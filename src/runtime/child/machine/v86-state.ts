import { SnapshotError } from '../snapshot/plain-state.js';

/**
 * The state format of v86 (copy/v86, src/state.js): a header of four words, JSON with the processor and its devices, and
 * buffers that the JSON names. v86 believes all of it; what could make it reach outside of the guest is checked here.
 */
const MAGIC = 0x86768676;
const VERSION = 6;
const HEADER_BYTES = 16;
/** Without memory the state of a PC is far smaller. */
const MAX_JSON_BYTES = 16 << 20;
const PAGE = 4096;

/** Fields of the processor's state by their number. */
const MEMORY_SIZE = 0;
const PCI = 48;
const PACKED_MEMORY = 77;
const PAGE_BITMAP = 78;

/** The IDE controller among the PCI devices, and the bytes of the registers that name its first channel's ports. */
const IDE = 240;
const FIRST_CHANNEL_PORTS = [16, 20];

interface BufferInfo {
  offset: number;
  length: number;
}

/** Makes a saved state fit to be restored. Throws SnapshotError unless it is whole, of a machine with so much memory. */
export function prepareV86State(state: Uint8Array, memoryBytes: number): void {
  const wrong = (what: string) => new SnapshotError(`the snapshot does not hold together: ${what}`);
  if (state.length < HEADER_BYTES) throw wrong('the state of the processor is cut off');
  const view = new DataView(state.buffer, state.byteOffset, state.length);
  const jsonBytes = view.getUint32(12, true);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) {
    throw wrong('the state of the processor is of no known format');
  }
  if (view.getUint32(8, true) !== state.length || jsonBytes > Math.min(MAX_JSON_BYTES, state.length - HEADER_BYTES)) {
    throw wrong('the state of the processor has another length than it says');
  }
  const json = parse(state.subarray(HEADER_BYTES, HEADER_BYTES + jsonBytes));
  if (json === null) throw wrong('the state of the processor cannot be read');
  const room = state.length - ((HEADER_BYTES + jsonBytes + 3) & ~3);
  for (const { offset, length } of json.buffers) {
    if (offset % 4 !== 0 || offset + length > room) throw wrong('a part of the processor lies outside of the file');
  }
  const fields = json.state;
  if (fields[MEMORY_SIZE] !== memoryBytes) throw wrong('the processor has another amount of memory');
  const bitmap = bufferOf(fields[PAGE_BITMAP], json.buffers);
  const packed = bufferOf(fields[PACKED_MEMORY], json.buffers);
  if (bitmap?.length !== memoryBytes / PAGE / 8 || packed === null) throw wrong('memory is missing');
  const buffers = state.subarray(state.length - room);
  const pages = ones(buffers.subarray(bitmap.offset, bitmap.offset + bitmap.length));
  if (pages * PAGE !== packed.length) throw wrong('pages are missing');
  const pci = fields[PCI];
  const ide = Array.isArray(pci) ? bufferOf(pci[IDE], json.buffers) : null;
  if (ide !== null) hideFirstChannel(buffers.subarray(ide.offset, ide.offset + ide.length));
}

/** v86's PC has no first IDE channel, announces its ports all the same, and trips over them when it restores. */
function hideFirstChannel(space: Uint8Array): void {
  for (const at of FIRST_CHANNEL_PORTS) if (at < space.length) space[at] = space[at]! & ~1;
}

function parse(bytes: Uint8Array): { buffers: BufferInfo[]; state: unknown[] } | null {
  try {
    const json: unknown = JSON.parse(text(bytes));
    if (typeof json !== 'object' || json === null || !('buffer_infos' in json) || !('state' in json)) return null;
    const { buffer_infos: buffers, state } = json;
    if (!Array.isArray(buffers) || !buffers.every(isBufferInfo) || !Array.isArray(state)) return null;
    return { buffers, state };
  } catch {
    return null;
  }
}

/** v86 writes ASCII only. */
function text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PAGE) pieces.push(String.fromCharCode(...bytes.subarray(at, at + PAGE)));
  return pieces.join('');
}

function isBufferInfo(info: unknown): info is BufferInfo {
  if (typeof info !== 'object' || info === null || !('offset' in info) || !('length' in info)) return false;
  return isCount(info.offset) && isCount(info.length);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function bufferOf(field: unknown, buffers: readonly BufferInfo[]): BufferInfo | null {
  if (typeof field !== 'object' || field === null || !('buffer_id' in field)) return null;
  return buffers[field.buffer_id as number] ?? null;
}

function ones(bytes: Uint8Array): number {
  let count = 0;
  for (let byte of bytes) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}
