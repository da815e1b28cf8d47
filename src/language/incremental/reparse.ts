import { isImport } from '../generated/ast.js';
import { BlockWindow, isOpenComment, type ReadBlocks } from './block-window.js';
import { type Block, type BlockParseResult, endIsBroken, forget, joinBlocks, nameOf } from './blocks.js';
import { changedSpan } from './changed-span.js';

/** Beyond these the lexer and the parser may give up on a file, so all of it is read. */
const MOST_LEXER_ERRORS = 20;
const MOST_PARSER_ERRORS = 50;

/** The blocks `first` to `last` became `blocks`, with `lines` more or less. */
interface Change {
  first: number;
  last: number;
  blocks: Block[];
  lines: number;
}

/**
 * The file after an edit: the blocks it touched are read again, the others move. Undefined when only reading the whole
 * file can tell. The former result must not be used any more, because its blocks live on in the new one.
 *
 * Why it is right: between two declarations the parser remembers nothing. So a block that was read without an error
 * means the same whatever stands around it, if it ends where its text ends. One with an error may concern its
 * neighbours: then they are read together with it, and must come out as they were.
 */
export function reparse(former: BlockParseResult, text: string, read: ReadBlocks): BlockParseResult | undefined {
  const before = former.value.$cstNode?.root.fullText;
  if (before === undefined || former.lexerErrors.some(({ offset }) => isOpenComment(before, offset))) return undefined;
  const window = new BlockWindow(former.blocks, before, text, read);
  const change = changeOf(window, before, text);
  if (change === undefined) return undefined;

  const removed = former.blocks.slice(change.first, change.last + 1);
  const following = former.blocks.slice(change.last + 1);
  const blocks = [...former.blocks.slice(0, change.first), ...change.blocks, ...following];
  if (count(blocks, 'lexerErrors') > MOST_LEXER_ERRORS) return undefined;
  if (count(blocks, 'parserErrors') > MOST_PARSER_ERRORS) return undefined;

  const wasBroken = endIsBroken(former.blocks);
  for (const { place } of following) {
    place.offset += text.length - before.length;
    place.line += change.lines;
  }
  const result = joinBlocks(blocks, text);
  const changed = [...removed, ...change.blocks];
  result.outdated = former.outdated || changed.some(({ node }) => isImport(node));
  forgetDependents(blocks, changed);
  // An error at the end of the file may be due to any block that is not closed.
  if (wasBroken !== endIsBroken(blocks)) for (const block of blocks) block.checked = undefined;
  return result;
}

function changeOf(window: BlockWindow, before: string, after: string): Change | undefined {
  const { start, oldEnd } = changedSpan(before, after);
  const { first, last } = window.touched(start, oldEnd);
  const blocks = window.readAlone(first, last);
  if (blocks) return { first, last, blocks, lines: window.linesAdded(first, last) };
  // An error may reach into the next block: then that one belongs to the change.
  for (let end = last; end <= last + 2 && end < window.count; end++) {
    if (!window.isBorder(end + 1)) continue;
    const between = window.readBetweenNeighbours(first, end);
    if (between) return { first, last: end, blocks: between, lines: window.linesAdded(first, end) };
  }
  return undefined;
}

/** Blocks that name a block which came, went or changed are linked and checked again, and those that name them. */
function forgetDependents(blocks: readonly Block[], changed: readonly Block[]): void {
  const names = new Set(changed.flatMap(nameOf));
  for (let grown = true; grown; ) {
    grown = false;
    for (const block of blocks) {
      if (!block.linked?.names.some((name) => names.has(name))) continue;
      forget(block);
      for (const name of nameOf(block)) names.add(name);
      grown = true;
    }
  }
}

function count(blocks: readonly Block[], errors: 'lexerErrors' | 'parserErrors'): number {
  return blocks.reduce((sum, block) => sum + block[errors].length, 0);
}
