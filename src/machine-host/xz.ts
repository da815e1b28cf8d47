import { XzReadableStream } from 'xz-decompress';

/**
 * Kernels are packed by xz with a filter for x86 jumps in front of LZMA2, which the library does not know. So the block
 * is put into a new container without that filter, and the filter is undone here (format: tukaani.org, xz-file-format;
 * the filter is the one of the LZMA SDK).
 */
const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const FOOTER_MAGIC = [0x59, 0x5a];
const HEADER_BYTES = 12;
const FOOTER_BYTES = 12;
const X86_FILTER = 0x04;
const LZMA2_FILTER = 0x21;
const CHECK_BYTES: Readonly<Record<number, number>> = { 0: 0, 1: 4, 4: 8, 10: 32 };
const CRC32_CHECK = 1;

/** Unpacks one block with LZMA2, behind the x86 filter or without; null for any other file, and for a damaged one. */
export async function unxz(file: Uint8Array): Promise<Uint8Array | null> {
  const block = findBlock(file);
  if (block === null) return null;
  const packed = container(block);
  const stream = new XzReadableStream(new Blob([packed]).stream());
  let data: Uint8Array;
  try {
    data = new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
  if (block.x86) undoX86(data);
  const intact = block.crc32 === null || crc32(data) === block.crc32;
  return intact ? data : null;
}

interface Block {
  x86: boolean;
  dictionary: number;
  compressed: Uint8Array;
  unpackedBytes: number;
  crc32: number | null;
}

function findBlock(file: Uint8Array): Block | null {
  if (!HEADER_MAGIC.every((byte, at) => file[at] === byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const checkType = file[7]! & 0xf;
  const checkBytes = CHECK_BYTES[checkType];
  const indexBytes = (view.getUint32(file.length - 8, true) + 1) * 4;
  const index = new Fields(file, file.length - FOOTER_BYTES - indexBytes);
  if (checkBytes === undefined || index.byte() !== 0 || index.number() !== 1) return null; // one block, no more
  const unpadded = index.number();
  const unpackedBytes = index.number();

  const headerBytes = (file[HEADER_BYTES]! + 1) * 4;
  const header = new Fields(file, HEADER_BYTES + 1);
  const flags = header.byte();
  if (flags & 0x40) header.number();
  if (flags & 0x80) header.number();
  const filters = Array.from({ length: (flags & 3) + 1 }, () => header.filter());
  const last = filters.pop();
  const x86 = filters.length === 1 && filters[0]?.id === X86_FILTER && filters[0].properties.length === 0;
  if (last?.id !== LZMA2_FILTER || last.properties.length !== 1 || (filters.length > 0 && !x86)) return null;

  const start = HEADER_BYTES + headerBytes;
  const end = HEADER_BYTES + unpadded - checkBytes;
  const check = HEADER_BYTES + ((unpadded - checkBytes + 3) & ~3);
  if (end <= start || check + checkBytes > file.length) return null;
  return {
    x86,
    dictionary: last.properties[0]!,
    compressed: file.subarray(start, end),
    unpackedBytes,
    crc32: checkType === CRC32_CHECK ? view.getUint32(check, true) : null,
  };
}

/** The block in a file of its own: no filter but LZMA2, no check. */
function container(block: Block): Uint8Array<ArrayBuffer> {
  const blockHeader = withCrc([2, 0, LZMA2_FILTER, 1, block.dictionary, 0, 0, 0]);
  const unpadded = blockHeader.length + block.compressed.length;
  const record = [0, 1, ...number(unpadded), ...number(block.unpackedBytes)];
  const index = withCrc([...record, ...padding(record.length)]);
  const backward = [...word(index.length / 4 - 1), 0, 0];
  const before = [...HEADER_MAGIC, ...withCrc([0, 0]), ...blockHeader];
  const after = [...padding(block.compressed.length), ...index, ...word(crc32(Uint8Array.from(backward))), ...backward];
  const file = new Uint8Array(before.length + block.compressed.length + after.length + FOOTER_MAGIC.length);
  file.set(before);
  file.set(block.compressed, before.length);
  file.set([...after, ...FOOTER_MAGIC], before.length + block.compressed.length);
  return file;
}

/** After these bytes of an address nothing is certain; by the last three marks of E8 and E9. */
const ALLOWED = [true, true, true, false, true, false, false, false];
const CHECKED_BYTE = [0, 1, 2, 2, 3, 3, 3, 3];

/** Turns absolute targets of CALL and JMP back into relative ones, in place. */
function undoX86(data: Uint8Array): void {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let marks = 0;
  let last = -1;
  for (let at = 0; at < data.length - 4; at++) {
    if ((data[at]! & 0xfe) !== 0xe8) continue;
    const distance = at - last;
    last = at;
    marks = distance > 3 ? 0 : (marks << (distance - 1)) & 7;
    if (marks !== 0 && (!ALLOWED[marks] || isSign(data[at + 4 - CHECKED_BYTE[marks]!]!))) {
      marks = (marks << 1) | 1;
      continue;
    }
    if (!isSign(data[at + 4]!)) {
      marks = (marks << 1) | 1;
      continue;
    }
    const target = relativeTarget(view.getUint32(at + 1, true), at + 5, marks);
    view.setUint32(at + 1, target & 0x01000000 ? target | 0xff000000 : target & 0x00ffffff, true);
    at += 4;
    marks = 0;
  }
}

function relativeTarget(absolute: number, next: number, marks: number): number {
  const shift = CHECKED_BYTE[marks]! * 8;
  for (let value = absolute; ; ) {
    const relative = (value - next) >>> 0;
    if (marks === 0 || !isSign((relative >>> (24 - shift)) & 0xff)) return relative & 0x01ffffff;
    value = (relative ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}

function isSign(byte: number): boolean {
  return byte === 0x00 || byte === 0xff;
}

class Fields {
  constructor(
    private readonly data: Uint8Array,
    private at: number,
  ) {}

  byte(): number {
    return this.data[this.at++] ?? 0;
  }

  /** Seven bits a byte, lowest first. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 42; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }

  filter(): { id: number; properties: Uint8Array } {
    const id = this.number();
    const length = this.number();
    this.at += length;
    return { id, properties: this.data.subarray(this.at - length, this.at) };
  }
}

function number(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...number(Math.floor(value / 0x80))];
}

function word(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

function padding(length: number): number[] {
  return new Array((4 - (length % 4)) % 4).fill(0);
}

function withCrc(bytes: number[]): number[] {
  return [...bytes, ...word(crc32(Uint8Array.from(bytes)))];
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
