import { PAGE_BYTES } from '../hardware/system-memory.js';
import { GpaOutOfRange, type GuestMemory } from './cpu-port.js';

/** The first page that drivers take: the first megabyte is the firmware's. */
const FIRST_FRAME = 256;

interface Piece {
  gpa: number;
  array: Uint8Array;
  view: DataView;
}

/**
 * The memory of a modelled guest. It has addresses for every page of its partition, and bytes for those that its
 * drivers have taken to share with the host: what the guest computes on is not modelled.
 */
export class DriverMemory implements GuestMemory {
  private readonly pieces: Piece[] = [];
  private nextFrame = FIRST_FRAME;
  private last: Piece | null = null;

  /** `pages`: how many the partition has now. */
  constructor(private readonly pages: () => number) {}

  get bytes(): number {
    return this.pages() * PAGE_BYTES;
  }

  /** Takes pages that lie side by side; the first one's frame number, or -1 when the guest has not so many. */
  allocate(pages: number): number {
    const first = this.nextFrame;
    if (first + pages > this.pages()) return -1;
    this.nextFrame += pages;
    const array = new Uint8Array(pages * PAGE_BYTES);
    this.pieces.push({ gpa: first * PAGE_BYTES, array, view: new DataView(array.buffer) });
    return first;
  }

  read(gpa: number, length: number): Uint8Array {
    const piece = this.pieceAt(gpa, length);
    if (piece === null) return new Uint8Array(length);
    return piece.array.slice(gpa - piece.gpa, gpa - piece.gpa + length);
  }

  readInto(gpa: number, into: Uint8Array): void {
    const piece = this.pieceAt(gpa, into.length);
    if (piece === null) into.fill(0);
    else into.set(piece.array.subarray(gpa - piece.gpa, gpa - piece.gpa + into.length));
  }

  write(gpa: number, data: Uint8Array): void {
    const piece = this.pieceAt(gpa, data.length);
    piece?.array.set(data, gpa - piece.gpa);
  }

  readU32(gpa: number): number {
    const piece = this.pieceAt(gpa, 4);
    return piece === null ? 0 : piece.view.getUint32(gpa - piece.gpa, true);
  }

  writeU32(gpa: number, value: number): void {
    const piece = this.pieceAt(gpa, 4);
    piece?.view.setUint32(gpa - piece.gpa, value, true);
  }

  view(gpa: number, length: number): Uint8Array | null {
    const piece = this.pieceAt(gpa, length);
    return piece === null ? null : piece.array.subarray(gpa - piece.gpa, gpa - piece.gpa + length);
  }

  /** null: memory of the partition that no driver has taken; it reads as zeroes and keeps nothing. */
  private pieceAt(gpa: number, length: number): Piece | null {
    const { last } = this;
    if (last !== null && covers(last, gpa, length)) return last;
    if (!(gpa >= 0 && gpa + length <= this.bytes)) throw new GpaOutOfRange(gpa, length);
    const found = this.pieces.find((piece) => covers(piece, gpa, length)) ?? null;
    this.last = found ?? last;
    return found;
  }
}

function covers({ gpa, array }: Piece, at: number, length: number): boolean {
  return at >= gpa && at + length <= gpa + array.length;
}
