import { readElf32, type Segment } from './elf.js';

/**
 * A kernel as the Linux boot protocol describes it (Linux Documentation/arch/x86/boot.rst): a bzImage, whose
 * compressed payload the host unpacks where it can, or an ELF file that is loaded as it is.
 */
export interface KernelImage {
  segments: Segment[];
  entry: number;
  /** What goes to offset 0x1F1 of the boot parameters; empty for a bare ELF file. */
  setupHeader: Uint8Array;
  /** The kernel uses memory up to here while it starts. */
  endAddress: number;
  /** Room for the command line, in bytes. */
  commandLineBytes: number;
}

/** Unpacks a payload, or gives null where the format is not one of its own: then the kernel unpacks itself. */
export type Decompress = (format: PayloadFormat, data: Uint8Array) => Promise<Uint8Array | null>;

export type PayloadFormat = 'gzip' | 'xz' | 'lzma' | 'lz4' | 'zstd' | 'bzip2' | 'lzo';

/** The file is no kernel that a machine child can boot; the message says why. */
export class KernelFormatError extends Error {}

const SETUP_HEADER = 0x1f1;
const MAGIC = 0x53726448; // "HdrS"
const OLDEST_PROTOCOL = 0x0208;
const PROTECTED_MODE_ADDRESS = 0x100000;
const LOADED_HIGH = 1;
const DEFAULT_COMMAND_LINE = 2048;

/** Reads a kernel. Throws KernelFormatError. */
export async function readKernel(file: Uint8Array, decompress: Decompress): Promise<KernelImage> {
  const elf = readElf32(file);
  if (elf !== null) {
    return { ...elf, setupHeader: new Uint8Array(0), commandLineBytes: DEFAULT_COMMAND_LINE };
  }
  return readBzImage(file, decompress);
}

async function readBzImage(file: Uint8Array, decompress: Decompress): Promise<KernelImage> {
  if (file.length < 0x268) throw new KernelFormatError('it is too short for a kernel');
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint16(0x1fe, true) !== 0xaa55 || view.getUint32(0x202, true) !== MAGIC) {
    throw new KernelFormatError('it is neither a Linux bzImage nor a 32-bit ELF file');
  }
  const protocol = view.getUint16(0x206, true);
  if (protocol < OLDEST_PROTOCOL || (view.getUint8(0x211) & LOADED_HIGH) === 0) {
    throw new KernelFormatError(
      `it speaks boot protocol ${protocol >> 8}.${protocol & 0xff}; 2.8 is the oldest known here`,
    );
  }
  const setupBytes = ((view.getUint8(SETUP_HEADER) || 4) + 1) * 512;
  const setupHeader = file.slice(SETUP_HEADER, 0x202 + view.getUint8(0x201));
  const protectedMode = file.subarray(setupBytes);
  const preferred = protocol >= 0x020a ? Number(view.getBigUint64(0x258, true)) : PROTECTED_MODE_ADDRESS;
  const initBytes = protocol >= 0x020a ? view.getUint32(0x260, true) : protectedMode.length * 4;
  const common = {
    setupHeader,
    endAddress: preferred + initBytes,
    commandLineBytes: view.getUint32(0x238, true),
  };

  const payloadAt = view.getUint32(0x248, true);
  const payload = protectedMode.subarray(payloadAt, payloadAt + view.getUint32(0x24c, true));
  const kernel = await unpack(payload, decompress);
  const elf = kernel === null ? null : readElf32(kernel);
  if (elf === null) {
    const segment = { address: PROTECTED_MODE_ADDRESS, data: protectedMode, bytes: protectedMode.length };
    return { ...common, segments: [segment], entry: PROTECTED_MODE_ADDRESS };
  }
  return {
    ...common,
    segments: elf.segments,
    entry: elf.entry,
    endAddress: Math.max(common.endAddress, elf.endAddress),
  };
}

const SIGNATURES: [PayloadFormat, number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['lz4', [0x02, 0x21, 0x4c, 0x18]],
  ['lzma', [0x5d, 0x00, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lzo', [0x89, 0x4c, 0x5a, 0x4f]],
];

/** How a payload is compressed; null where it is not, or in an unknown way. */
export function payloadFormat(payload: Uint8Array): PayloadFormat | null {
  const matches = (signature: number[]) => signature.every((byte, at) => payload[at] === byte);
  return SIGNATURES.find(([, signature]) => matches(signature))?.[0] ?? null;
}

async function unpack(payload: Uint8Array, decompress: Decompress): Promise<Uint8Array | null> {
  const format = payloadFormat(payload);
  if (format === null) return readElf32(payload) === null ? null : payload;
  return decompress(format, payload);
}
