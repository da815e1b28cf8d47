/** A stretch of memory to fill; what `bytes` has more than `data` is zero. */
export interface Segment {
  address: number;
  data: Uint8Array;
  bytes: number;
}

export interface Elf {
  segments: Segment[];
  entry: number;
  endAddress: number;
}

const HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;
const MAX_SEGMENTS = 64;
const LOAD = 1;
const I386 = 3;

/** The loadable segments of a 32-bit x86 executable by physical address, or null where the bytes are not one. */
export function readElf32(file: Uint8Array): Elf | null {
  if (file.length < HEADER_BYTES) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little32 = view.getUint32(0, false) === 0x7f454c46 && view.getUint16(4, false) === 0x0101;
  if (!little32 || view.getUint16(18, true) !== I386) return null;
  const headers = view.getUint32(28, true);
  const count = view.getUint16(44, true);
  if (count === 0 || count > MAX_SEGMENTS || headers + count * PROGRAM_HEADER_BYTES > file.length) return null;

  const segments: Segment[] = [];
  for (let index = 0; index < count; index++) {
    const at = headers + index * PROGRAM_HEADER_BYTES;
    if (view.getUint32(at, true) !== LOAD) continue;
    const offset = view.getUint32(at + 4, true);
    const fileBytes = view.getUint32(at + 16, true);
    const bytes = view.getUint32(at + 20, true);
    if (offset + fileBytes > file.length || bytes < fileBytes) return null;
    segments.push({ address: view.getUint32(at + 12, true), data: file.subarray(offset, offset + fileBytes), bytes });
  }
  if (segments.length === 0) return null;
  const endAddress = Math.max(...segments.map((segment) => segment.address + segment.bytes));
  return { segments, entry: view.getUint32(24, true), endAddress };
}
