/** The piece of a text that an edit replaced: [start, oldEnd) of the old text became [start, newEnd) of the new one. */
export interface ChangedSpan {
  start: number;
  oldEnd: number;
  newEnd: number;
}

/** Equal pieces of this length are skipped at once, which is much faster than character by character. */
const PIECE = 4096;

/** What lies between the longest common beginning and the longest common end of two different texts. */
export function changedSpan(before: string, after: string): ChangedSpan {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start + PIECE <= shorter && before.slice(start, start + PIECE) === after.slice(start, start + PIECE)) {
    start += PIECE;
  }
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;

  const longest = shorter - start;
  const ends = (length: number) => [before.length - length, after.length - length] as const;
  let same = 0;
  for (; same + PIECE <= longest; same += PIECE) {
    const [old, now] = ends(same + PIECE);
    if (before.slice(old, old + PIECE) !== after.slice(now, now + PIECE)) break;
  }
  for (; same < longest; same++) {
    const [old, now] = ends(same + 1);
    if (before.charCodeAt(old) !== after.charCodeAt(now)) break;
  }
  const [oldEnd, newEnd] = ends(same);
  return { start, oldEnd, newEnd };
}
