import type { LangiumDocument, Lexer } from 'langium';
import type { Formatter, LangiumServices } from 'langium/lsp';
import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingOptions,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  Range,
  TextEdit,
} from 'vscode-languageserver';
import { alignColumns } from './formatting/align.js';
import { layOut } from './formatting/lay-out.js';
import { structureOf } from './formatting/structure.js';
import { piecesOf } from './formatting/words.js';

/**
 * Changes only the blanks between words. Lines stay as they were broken, so statements written together stay together;
 * a block that is broken at all is broken at its braces. A file with errors in its text is left alone.
 */
export class HvhostFormatter implements Formatter {
  private readonly lexer: Lexer;

  constructor(services: LangiumServices) {
    this.lexer = services.parser.Lexer;
  }

  get formatOnTypeOptions(): DocumentOnTypeFormattingOptions {
    return { firstTriggerCharacter: '}' };
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
    const structure = structureOf(document);
    const lines = alignColumns(layOut(piecesOf(this.lexer, text), text, structure), structure);
    const newline = text.includes('\r\n') ? '\r\n' : '\n';

    const edits: TextEdit[] = [];
    let end = 0;
    const replaceGap = (start: number, newText: string) => {
      if (text.slice(end, start) === newText) return;
      const range = { start: document.textDocument.positionAt(end), end: document.textDocument.positionAt(start) };
      edits.push({ range, newText });
    };
    for (const [index, line] of lines.entries()) {
      for (const [place, { piece, blanks }] of line.cells.entries()) {
        const breaks = place === 0 && index > 0 ? newline.repeat(line.emptyBefore + 1) : '';
        replaceGap(piece.start, breaks + ' '.repeat(blanks));
        end = piece.end;
      }
    }
    replaceGap(text.length, lines.length === 0 ? '' : newline);
    return edits;
  }
}

function touches(range: Range, within: Range): boolean {
  return range.end.line >= within.start.line && range.start.line <= within.end.line;
}
