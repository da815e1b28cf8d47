import {
  type AstNode,
  AstUtils,
  type CstNode,
  isCompositeCstNode,
  type LangiumDocument,
  type Mutable,
  type ParseResult,
  RootCstNodeImpl,
} from 'langium';
import type { Diagnostic } from 'vscode-languageserver';
import { type Declaration, HvhostFile, type Import, isHvhostFile, isImport } from '../generated/ast.js';
import { isAtEnd, moveLexerError, moveParserError } from './moved-errors.js';
import { type Place, PlacedLeaf } from './placed-cst.js';

type LexerError = ParseResult['lexerErrors'][number];
type ParserError = ParseResult['parserErrors'][number];

/**
 * A declaration or an import with what stands before it, or what stands behind the last of them. The blocks of a file
 * follow each other without a gap; most of them survive an edit as they are, with all that was found out about them.
 */
export interface Block {
  /** Undefined for what stands behind the last one. */
  readonly node: Declaration | Import | undefined;
  /** The comments before it, then its own tree. */
  readonly cst: readonly CstNode[];
  readonly place: Place;
  /** Where they were when the block was read. */
  readonly lexerErrors: readonly LexerError[];
  readonly parserErrors: readonly ParserError[];
  /** Its references and the names they give, each once. Undefined until they are linked. */
  linked: { readonly references: LangiumDocument['references']; readonly names: readonly string[] } | undefined;
  /** Undefined until it is checked; `line` is that of its place at that time. */
  checked: { readonly line: number; readonly diagnostics: readonly Diagnostic[] } | undefined;
}

export interface BlockParseResult extends ParseResult<HvhostFile> {
  readonly blocks: readonly Block[];
  /** Names from elsewhere may mean something else now: nothing that was linked or checked counts any more. */
  outdated: boolean;
}

export function isBlockParseResult(result: ParseResult<AstNode>): result is BlockParseResult {
  return 'blocks' in result && 'outdated' in result;
}

/** The blocks of a document, with what is outdated forgotten; none for one that is not parsed. */
export function blocksOf({ parseResult }: LangiumDocument): readonly Block[] {
  if (!isBlockParseResult(parseResult)) return [];
  if (parseResult.outdated) for (const block of parseResult.blocks) forget(block);
  parseResult.outdated = false;
  return parseResult.blocks;
}

/** Names from elsewhere may mean something else now. */
export function markOutdated({ parseResult }: LangiumDocument): void {
  if (isBlockParseResult(parseResult)) parseResult.outdated = true;
}

/** It is to be linked and checked again. */
export function forget(block: Block): void {
  block.linked = undefined;
  block.checked = undefined;
}

/** Where a block ends, in the text as it is now; what stands behind the last declaration has no end. */
export function endOf(block: Block): number {
  return block.node === undefined ? Number.POSITIVE_INFINITY : (block.cst.at(-1)?.end ?? 0);
}

export function hasErrors(block: Block): boolean {
  return block.lexerErrors.length + block.parserErrors.length > 0;
}

/** The name that others use for it, if it has one. */
export function nameOf({ node }: Block): string[] {
  return node && 'name' in node && node.name !== undefined ? [node.name] : [];
}

/** Is there an error at the end of the file? */
export function endIsBroken(blocks: readonly Block[]): boolean {
  return blocks.at(-1)?.parserErrors.some(isAtEnd) ?? false;
}

/** Adds the blocks to what was read; nothing when it is only a part of a file. */
export function withBlocks<T extends AstNode>(result: ParseResult<T>): ParseResult<T> {
  if (!isHvhostFile(result.value)) return result;
  const blocks = splitIntoBlocks(result, { offset: 0, line: 0 });
  // In the order in which an edited file has them.
  const parserErrors = blocks.flatMap((block) => block.parserErrors);
  return Object.assign(result, { blocks, parserErrors, outdated: false });
}

/** Takes apart what was just read. `place` is where its text stands. */
export function splitIntoBlocks(result: ParseResult, place: Place): Block[] {
  const file = result.value;
  if (!isHvhostFile(file)) return [];
  const nodeOf = new Map<CstNode | undefined, Declaration | Import>();
  for (const node of [...file.imports, ...file.declarations]) nodeOf.set(outermost(node.$cstNode), node);
  const lexerErrors = [...result.lexerErrors];
  const parserErrors = [...result.parserErrors];

  const blocks: Block[] = [];
  const add = (node: Block['node'], cst: CstNode[], end: number) => {
    const own = { ...place };
    blocks.push({
      node,
      cst,
      place: own,
      lexerErrors: takeWhere(lexerErrors, ({ offset }) => offset < end),
      // Errors at the end of the file have no offset: they are those of the last block.
      parserErrors: takeWhere(
        parserErrors,
        (error) => node === undefined || (!isAtEnd(error) && error.token.startOffset < end),
      ),
      linked: undefined,
      checked: undefined,
    });
    for (const part of cst) put(part, own);
  };
  let cst: CstNode[] = [];
  for (const part of file.$cstNode && isCompositeCstNode(file.$cstNode) ? file.$cstNode.content : []) {
    cst.push(part);
    const node = nodeOf.get(part);
    if (node === undefined) continue;
    add(node, cst, part.end);
    cst = [];
  }
  add(undefined, cst, Number.POSITIVE_INFINITY);
  return blocks;
}

/** Puts blocks together to a file. */
export function joinBlocks(blocks: readonly Block[], text: string): BlockParseResult {
  const root = new RootCstNodeImpl(text);
  const file: HvhostFile = { $type: HvhostFile.$type, imports: [], declarations: [], $cstNode: root };
  root.astNode = file;
  for (const { node, cst } of blocks) {
    for (const part of cst) {
      (part as Mutable<CstNode>).container = root;
      root.content.push(part);
    }
    if (node === undefined) continue;
    if (isImport(node)) file.imports.push(node);
    else file.declarations.push(node);
  }
  AstUtils.linkContentToContainer(file);
  return {
    value: file,
    lexerErrors: blocks.flatMap((block) => block.lexerErrors.map((error) => moveLexerError(error, block.place))),
    parserErrors: blocks.flatMap((block) => block.parserErrors.map((error) => moveParserError(error, block.place))),
    blocks,
    outdated: false,
  };
}

function outermost(node: CstNode | undefined): CstNode | undefined {
  if (node === undefined) return undefined;
  let top = node;
  while (top.container?.container) top = top.container;
  return top;
}

function put(node: CstNode, place: Place): void {
  if (node instanceof PlacedLeaf) node.place = place;
  else if (isCompositeCstNode(node)) for (const part of node.content) put(part, place);
}

/** Removes and returns the items that fulfil a condition, in their order. */
function takeWhere<T>(items: T[], condition: (item: T) => boolean): T[] {
  if (items.length === 0) return [];
  const taken = items.filter(condition);
  const left = items.filter((item) => !condition(item));
  items.splice(0, items.length, ...left);
  return taken;
}
