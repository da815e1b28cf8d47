/** The bytes behind a virtual disk, wherever the caller keeps them. Offsets and lengths are checked before they arrive. */
export interface BlockStore {
  /** The unit of every offset and length. */
  readonly sectorBytes: 512 | 4096;
  /** A multiple of the sector. */
  readonly bytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  write(offset: number, data: Uint8Array): Promise<void>;
  /**
   * Reads into, or writes out of, pieces of memory in their order and at once; false, and nothing is done, where the store has
   * to wait for something. Throws where `read` and `write` reject.
   */
  readNow?(offset: number, into: readonly Uint8Array[]): boolean;
  writeNow?(offset: number, from: readonly Uint8Array[]): boolean;
  /** Resolves when everything written before is where a power failure cannot take it. */
  flush(): Promise<void>;
  /** The range is not needed any more; it reads as zeroes or as before. */
  trim(offset: number, length: number): Promise<void>;
}
