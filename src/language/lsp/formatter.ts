import { AstUtils, CstUtils, GrammarUtils, type LangiumDocument, type Lexer } from 'langium';
import type { Formatter, LangiumServices } from 'langium/lsp';
import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingOptions,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  Range,
  TextEdit,
} from 'vscode-languageserver';
import { isHypervisorSpec } from '../generated/ast.js';

const INDENT = '    ';

interface Piece {
  kind: string;
  text: string;
  start: number;
  end: number;
}

/**
 * Changes only the blanks between words: four for each block, one between words, at most one empty line. Lines stay as
 * they were broken, so statements written together stay together. A file with errors in its text is left alone.
 */
export class HvhostFormatter implements Formatter {
  private readonly lexer: Lexer;

  constructor(services: LangiumServices) {
    this.lexer = services.parser.Lexer;
  }

  get formatOnTypeOptions(): DocumentOnTypeFormattingOptions {
    return { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n'] };
  }

  formatDocument(document: LangiumDocument, _params?: DocumentFormattingParams): TextEdit[] {
    return this.edits(document);
  }

  formatDocumentRange(document: LangiumDocument, params: DocumentRangeFormattingParams): TextEdit[] {
    return this.edits(document).filter(({ range }) => touches(range, params.range));
  }

  formatDocumentOnType(document: LangiumDocument, params: DocumentOnTypeFormattingParams): TextEdit[] {
    const { line } = params.position;
    return this.edits(document).filter(({ range }) => range.end.line >= line - 1 && range.end.line <= line);
  }

  private edits(document: LangiumDocument): TextEdit[] {
    const { lexerErrors, parserErrors } = document.parseResult;
    if (lexerErrors.length > 0 || parserErrors.length > 0) return [];
    const text = document.textDocument.getText();
    const pieces = this.pieces(text);
    const joined = offsetsInsideReleases(document);
    const newline = text.includes('\r\n') ? '\r\n' : '\n';

    const edits: TextEdit[] = [];
    const replaceGap = (start: number, end: number, newText: string) => {
      if (text.slice(start, end) === newText) return;
      const range = { start: document.textDocument.positionAt(start), end: document.textDocument.positionAt(end) };
      edits.push({ range, newText });
    };
    let depth = 0;
    let previous: Piece | undefined;
    let beforeSlash: Piece | undefined;
    for (const piece of pieces) {
      if (piece.kind === '}') depth = Math.max(0, depth - 1);
      const start = previous?.end ?? 0;
      const lines = text.slice(start, piece.start).split('\n').length - 1;
      const indent = INDENT.repeat(previous?.kind === ',' ? depth + 1 : depth);
      if (previous === undefined) replaceGap(start, piece.start, '');
      else if (joined.has(piece.start)) replaceGap(start, piece.start, '');
      else if (lines === 0 || isAttached(previous, piece))
        replaceGap(start, piece.start, blankBetween(beforeSlash, previous, piece));
      else replaceGap(start, piece.start, newline.repeat(emptyLines(lines, previous, piece) + 1) + indent);
      if (piece.kind === '{') depth++;
      beforeSlash = piece.kind === '/' ? previous : undefined;
      previous = piece;
    }
    replaceGap(previous?.end ?? 0, text.length, previous === undefined ? '' : newline);
    return edits;
  }

  /** Words and comments in the order of the text. */
  private pieces(text: string): Piece[] {
    const { tokens, hidden } = this.lexer.tokenize(text);
    const pieces = [...tokens, ...hidden].map((token) => ({
      kind: token.tokenType.name,
      text: token.image.trimEnd(),
      start: token.startOffset,
      end: token.startOffset + token.image.trimEnd().length,
    }));
    return pieces.sort((a, b) => a.start - b.start);
  }
}

/** "2008R2" is a number and a word to the lexer, and one thing to people. */
function offsetsInsideReleases(document: LangiumDocument): Set<number> {
  const offsets = new Set<number>();
  for (const node of AstUtils.streamAst(document.parseResult.value).filter(isHypervisorSpec)) {
    const release = GrammarUtils.findNodeForProperty(node.$cstNode, 'release');
    const [, ...rest] = release ? CstUtils.flattenCst(release).toArray() : [];
    for (const leaf of rest) offsets.add(leaf.offset);
  }
  return offsets;
}

/** An opening brace stands behind what it opens. */
function isAttached(previous: Piece, piece: Piece): boolean {
  return piece.kind === '{' && previous.kind !== 'SL_COMMENT' && previous.kind !== 'ML_COMMENT';
}

/** No empty line right behind an opening brace or right before a closing one. */
function emptyLines(lines: number, previous: Piece, piece: Piece): number {
  if (previous.kind === '{' || piece.kind === '}') return 0;
  return Math.min(lines - 1, 1);
}

/** `400 / s`, but `1 Gb/s`: a slash belongs to the unit before it. */
function blankBetween(beforeSlash: Piece | undefined, previous: Piece, piece: Piece): string {
  if (piece.kind === ',') return '';
  if (piece.kind === '/' && previous.kind === 'ID') return '';
  return beforeSlash?.kind === 'ID' ? '' : ' ';
}

function touches(range: Range, within: Range): boolean {
  return range.end.line >= within.start.line && range.start.line <= within.end.line;
}
