/** What scripts/fetch-linux-guest.mjs makes, in whatever folder hvhost's sources lie; the examples boot it. */
const FETCHED = /[\\/]out[\\/]guest[\\/](vmlinuz|initrd\.gz)$/;

/** The sentence about a file of a child (`what`: "kernel") that cannot be read, and what to do where that is known. */
export function unreadableFile(path: string, what: string, reason: string, isMissing: boolean): string {
  const remedy = isMissing && FETCHED.test(path) ? ': `node scripts/fetch-linux-guest.mjs` gets it from Debian' : '';
  return `${path}: the ${what} cannot be read (${reason})${remedy}`;
}
