/** The file that holds a disk image, wherever the caller keeps it. */
export interface ByteFile {
  /** Bytes now. */
  readonly size: number;
  /** Exactly `length` bytes. Rejects where the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Grows the file where the data ends behind it; what lies between is zero. */
  write(offset: number, data: Uint8Array): Promise<void>;
  /** The same at once, into or out of pieces of memory in their order, where the file needs not wait for anything. */
  readNow?(offset: number, into: readonly Uint8Array[]): void;
  writeNow?(offset: number, from: readonly Uint8Array[]): void;
  /** Cuts the file off, or grows it with zeroes. */
  truncate(bytes: number): Promise<void>;
  /** Resolves when nothing written from now on can reach the disk without everything written before. */
  barrier(): Promise<void>;
  /** Resolves when everything written before is where a power failure cannot take it. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const ZEROES = new Uint8Array(1 << 20);

/** Overwrites a range with zeroes. */
export async function writeZeroes(file: ByteFile, offset: number, length: number): Promise<void> {
  for (let at = 0; at < length; at += ZEROES.length) {
    await file.write(offset + at, ZEROES.subarray(0, Math.min(ZEROES.length, length - at)));
  }
}
