import { type CstNode, isCompositeCstNode } from 'langium';
import { type Block, endOf, hasErrors } from './blocks.js';
import { type Place, PlacedLeaf } from './placed-cst.js';

/** Reads a text as a file of its own; `place` says where it stands. */
export type ReadBlocks = (text: string, place: Place) => Block[];

/** The blocks of a file before an edit, and the texts they have after it. */
export class BlockWindow {
  readonly count: number;

  constructor(
    private readonly blocks: readonly Block[],
    private readonly before: string,
    private readonly after: string,
    private readonly read: ReadBlocks,
  ) {
    this.count = blocks.length;
  }

  /** The fewest blocks that an edit of [start, end) can concern, when it makes no new error. */
  touched(start: number, end: number): { first: number; last: number } {
    let first = this.blocks.findIndex((block) => endOf(block) >= start);
    let last = this.blocks.findIndex((block) => endOf(block) > end);
    while (!this.isSound(first)) first--;
    while (!this.isBorder(last + 1)) last++;
    return { first, last };
  }

  /** Reads blocks as if they were the file; undefined when they have errors, or end elsewhere than their text. */
  readAlone(first: number, last: number): Block[] | undefined {
    if (this.isWholeFile(first, last)) return undefined;
    const { blocks } = this.readText(first, last);
    if (blocks.some(hasErrors)) return undefined;
    return this.isLast(last) || this.endsAt(this.newEnd(last), blocks) ? blocks : undefined;
  }

  /** Reads blocks with those around them; undefined when those do not come out as they were. */
  readBetweenNeighbours(first: number, last: number): Block[] | undefined {
    const from = Math.max(0, first - 1);
    const to = Math.min(this.count - 1, last + 1);
    if (this.isWholeFile(from, to)) return undefined;
    const { text, blocks } = this.readText(from, to);
    if (blocks.some(({ lexerErrors }) => lexerErrors.some(({ offset }) => isOpenComment(text, offset))))
      return undefined;

    if (from < first) {
      const neighbour = blocks.shift();
      if (!neighbour || hasErrors(neighbour) || endOf(neighbour) !== endOf(this.at(from))) return undefined;
    }
    if (this.isLast(last)) return blocks;
    // What stands behind the last declaration cannot be recognised: it belongs to the change, or there is none.
    if (this.isLast(to)) return undefined;
    if (!this.endsAt(this.newEnd(to), blocks)) return undefined;
    const neighbour = blocks.pop();
    if (!neighbour || hasErrors(neighbour)) return undefined;
    const end = blocks.at(-1);
    return end && endOf(end) === this.newEnd(last) ? blocks : undefined;
  }

  linesAdded(first: number, last: number): number {
    const before = this.before.slice(this.startOf(first), this.isLast(last) ? undefined : endOf(this.at(last)));
    return countLines(this.newText(first, last)) - countLines(before);
  }

  /** Can an edit of the blocks before this one neither change how it is read, nor its columns? The end of the file always is. */
  isBorder(index: number): boolean {
    return index >= this.count || (this.isSound(index) && !this.startsOnSameLine(index));
  }

  /** Does a block begin where the parser remembers nothing of the one before? */
  private isSound(index: number): boolean {
    return index === 0 || (!hasErrors(this.at(index)) && isClosed(this.at(index - 1)));
  }

  private startsOnSameLine(index: number): boolean {
    const start = this.at(index).cst[0]?.range.start.line;
    return start !== undefined && start === this.at(index - 1).cst.at(-1)?.range.end.line;
  }

  /** Does the last declaration end there, with nothing behind it? Then what stands behind is taken away. */
  private endsAt(end: number, blocks: Block[]): boolean {
    const rest = blocks.pop();
    const last = blocks.at(-1);
    return rest?.cst.length === 0 && !hasErrors(rest) && last !== undefined && endOf(last) === end;
  }

  private readText(first: number, last: number): { text: string; blocks: Block[] } {
    const { line, character } = (first > 0 && this.at(first - 1).cst.at(-1)?.range.end) || { line: 0, character: 0 };
    // The blanks stand for what is before it on the line, so that columns come out right.
    const text = ' '.repeat(character) + this.newText(first, last);
    return { text, blocks: this.read(text, { offset: this.startOf(first) - character, line }) };
  }

  private newText(first: number, last: number): string {
    return this.after.slice(this.startOf(first), this.isLast(last) ? undefined : this.newEnd(last));
  }

  /** Only for blocks before the edit. */
  private startOf(index: number): number {
    return index === 0 ? 0 : endOf(this.at(index - 1));
  }

  /** Only for blocks behind the edit, and those that end where they ended. */
  private newEnd(index: number): number {
    return endOf(this.at(index)) + this.after.length - this.before.length;
  }

  private isLast(index: number): boolean {
    return index === this.count - 1;
  }

  private isWholeFile(first: number, last: number): boolean {
    return first === 0 && this.isLast(last);
  }

  private at(index: number): Block {
    const block = this.blocks[index];
    if (block === undefined) throw new RangeError(`There is no block ${index}.`);
    return block;
  }
}

/** Ends with a brace or a closed text: no character that follows can change what its last word is. */
function isClosed({ cst }: Block): boolean {
  const last = lastWord(cst.at(-1));
  return last !== undefined && /^(\}|"[^"]*")$/.test(last.text);
}

/** It would be closed by the end of any comment further down. The lexer stumbles over its second character. */
export function isOpenComment(text: string, offset: number): boolean {
  return text[offset] === '*';
}

function lastWord(node: CstNode | undefined): CstNode | undefined {
  if (node === undefined || node instanceof PlacedLeaf) return node;
  if (!isCompositeCstNode(node)) return undefined;
  return lastWord(node.content.findLast(({ hidden }) => !hidden));
}

function countLines(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}
