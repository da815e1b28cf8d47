import type { Structure } from './structure.js';
import { isComment, type Piece } from './words.js';

/** A word with the blanks that stand before it on its line. */
export interface Cell {
  piece: Piece;
  blanks: number;
}

export interface Line {
  cells: Cell[];
  /** Empty lines above it. */
  emptyBefore: number;
  depth: number;
}

const INDENT = 4;
/** Between clauses that share a line. */
const APART = 3;

/** The words in their lines: four blanks for each block, one between words, three between clauses, one empty line at most. */
export function layOut(pieces: Piece[], text: string, structure: Structure): Line[] {
  const broken = brokenBraces(pieces, text);
  const lines: Line[] = [];
  let depth = 0;
  for (const [index, piece] of pieces.entries()) {
    const previous = pieces[index - 1];
    if (piece.kind === '}') depth = Math.max(0, depth - 1);
    const breaks = previous === undefined ? 0 : text.slice(previous.end, piece.start).split('\n').length - 1;
    if (previous === undefined || beginsLine(previous, piece, breaks, broken)) {
      const indent = depth + (previous?.kind === ',' ? 1 : 0);
      const cell = { piece, blanks: indent * INDENT };
      lines.push({ cells: [cell], emptyBefore: emptyLines(breaks, previous, piece), depth: indent });
    } else {
      lines.at(-1)?.cells.push({ piece, blanks: blanksBetween(pieces, index, structure) });
    }
    if (piece.kind === '{') depth++;
  }
  return lines;
}

/** Braces of blocks that do not stand on one line. */
function brokenBraces(pieces: Piece[], text: string): Set<Piece> {
  const broken = new Set<Piece>();
  const open: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind === '{') open.push(piece);
    if (piece.kind !== '}') continue;
    const opening = open.pop();
    if (opening && text.slice(opening.start, piece.end).includes('\n')) broken.add(opening).add(piece);
  }
  return broken;
}

function beginsLine(previous: Piece, piece: Piece, breaks: number, broken: Set<Piece>): boolean {
  if (piece.kind === '{') return isComment(previous) && breaks > 0;
  if (broken.has(piece)) return true;
  if (broken.has(previous)) return breaks > 0 || !isComment(piece);
  return breaks > 0;
}

/** No empty line right behind an opening brace or right before a closing one. */
function emptyLines(breaks: number, previous: Piece | undefined, piece: Piece): number {
  if (previous === undefined || previous.kind === '{' || piece.kind === '}') return 0;
  return Math.max(0, Math.min(breaks - 1, 1));
}

function blanksBetween(pieces: Piece[], index: number, structure: Structure): number {
  const piece = pieces[index]!;
  const previous = pieces[index - 1]!;
  if (structure.joined.has(piece.start) || piece.kind === ',') return 0;
  // `400 / s`, but `1 Gb/s`: a slash belongs to the unit before it.
  if (piece.kind === '/' && previous.kind === 'ID') return 0;
  // Joined with a comment it would begin another one.
  if (previous.kind === '/' && pieces[index - 2]?.kind === 'ID') return isComment(piece) ? 1 : 0;
  if (structure.clauses.has(piece.start) && previous.kind !== '{') return APART;
  return 1;
}
