/** The grid on which everything in a VHDX lies. */
export const MB = 1 << 20;
/** Metadata is logged, and written, in pages of this size. */
export const PAGE = 4096;
/** The format's own limit. */
export const LARGEST_VHDX = 64 * 1024 ** 4;
export const SIGNATURE = 'vhdxfile';
/** Headers and region tables. */
export const HEADER_SECTION_BYTES = 1 << 20;
/** A bitmap block has 1 MB, a bit for each of 2^23 sectors. */
export const BITMAP_BLOCK_BYTES = 1 << 20;
export const BITS_PER_BITMAP_BLOCK = 1 << 23;
