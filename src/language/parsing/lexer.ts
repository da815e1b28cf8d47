import { DefaultLexer, type LexerResult, type TokenizeOptions } from 'langium';

/** More unreadable characters than a person could have meant; beyond it the file is some other kind of file. */
const MOST_LEXER_ERRORS = 20;

/** Refuses files that are not text of this language with one error, instead of thousands at every odd byte. */
export class HvhostLexer extends DefaultLexer {
  override tokenize(text: string, options?: TokenizeOptions): LexerResult {
    if (text.includes('\u0000')) return refuse(text.indexOf('\u0000'), text);
    const result = super.tokenize(text, options);
    const [first] = result.errors;
    return first && result.errors.length > MOST_LEXER_ERRORS ? refuse(first.offset, text) : result;
  }
}

function refuse(offset: number, text: string): LexerResult {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const message =
    'This is not a .hvhost file: it holds characters that never stand in one. Open it with another editor.';
  const error = { offset, line, column: offset - lineStart + 1, length: 1, message };
  return { tokens: [], errors: [error], hidden: [] };
}
