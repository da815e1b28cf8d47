import type { Line } from './lay-out.js';
import type { Structure } from './structure.js';

/**
 * Makes columns: what follows the first word of neighbouring statements of a child or of hardware, and the moments of
 * neighbouring steps. A comment behind a statement keeps the column its author gave it, as far as the statement lets it.
 */
export function alignColumns(lines: Line[], structure: Structure): Line[] {
  for (const run of neighbours(lines, (line) => isStatement(line, structure))) pad(run, 0);
  // Moments end in one column: ` 0 s` above `30 s`.
  for (const run of neighbours(lines, (line) => isStep(line, structure))) pad(run, 1);
  for (const line of lines) keepComment(line);
  return lines;
}

function isStatement(line: Line, structure: Structure): boolean {
  const [first] = line.cells;
  const opensBlock = line.cells.some(({ piece }) => piece.kind === '{');
  return first !== undefined && structure.statements.has(first.piece.start) && !opensBlock && line.cells.length > 1;
}

function isStep(line: Line, structure: Structure): boolean {
  const [, second] = line.cells;
  return second !== undefined && structure.moments.has(second.piece.start);
}

/** Runs of lines of one kind, without an empty line or another line between them. */
function neighbours(lines: Line[], belongs: (line: Line) => boolean): Line[][] {
  const runs: Line[][] = [];
  let run: Line[] = [];
  for (const line of lines) {
    if (!belongs(line) || line.emptyBefore > 0 || line.depth !== run[0]?.depth) run = [];
    if (!belongs(line)) continue;
    if (run.length === 0) runs.push(run);
    run.push(line);
  }
  return runs;
}

/** Widens the gap before the second word, so that the words of one place all seem as wide as the widest. */
function pad(run: Line[], place: number): void {
  const widthOf = (line: Line) => line.cells[place]?.piece.text.length ?? 0;
  const widest = Math.max(...run.map(widthOf));
  for (const line of run) {
    const second = line.cells[1];
    if (second) second.blanks = 1 + widest - widthOf(line);
  }
}

function keepComment(line: Line): void {
  const last = line.cells.at(-1);
  if (last === undefined || line.cells.length < 2 || last.piece.kind !== 'SL_COMMENT') return;
  const before = line.cells.slice(0, -1).reduce((width, cell) => width + cell.blanks + cell.piece.text.length, 0);
  last.blanks = Math.max(1, last.piece.column - before);
}
