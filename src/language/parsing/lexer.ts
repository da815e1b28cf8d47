import { DefaultLexer, type LexerResult, type TokenizeOptions } from 'langium';

type LexerError = LexerResult['errors'][number];

/** More unreadable characters than a person could have meant; beyond it the file is some other kind of file. */
const MOST_LEXER_ERRORS = 20;

/** What a decoder puts where bytes are no UTF-8: were it written back, the character that stood there would be lost. */
const LOST_CHARACTER = /\ufffd+/g;
const LOST = 'Here stood what cannot be read, because the file is not UTF-8. Save it as UTF-8.';
const ANOTHER_KIND =
  'This is not a .hvhost file: it holds characters that never stand in one. Open it with another editor.';

/** Refuses files that are not text of this language with one error, instead of thousands at every odd byte. */
export class HvhostLexer extends DefaultLexer {
  override tokenize(text: string, options?: TokenizeOptions): LexerResult {
    if (text.includes('\u0000')) return refuse(text.indexOf('\u0000'), text, ANOTHER_KIND);
    const result = super.tokenize(text, options);
    const lost = lostCharacters(text);
    const others = result.errors.filter(({ offset }) => lost.every((each) => each.offset !== offset));
    const errors = [...others, ...lost].sort((a, b) => a.offset - b.offset);
    const [first] = errors;
    if (first && errors.length > MOST_LEXER_ERRORS) {
      return refuse(first.offset, text, others.length > MOST_LEXER_ERRORS ? ANOTHER_KIND : LOST);
    }
    return { ...result, errors };
  }
}

function lostCharacters(text: string): LexerError[] {
  return [...text.matchAll(LOST_CHARACTER)].map(({ index, 0: { length } }) => errorAt(index, text, LOST, length));
}

function refuse(offset: number, text: string, message: string): LexerResult {
  return { tokens: [], errors: [errorAt(offset, text, message, 1)], hidden: [] };
}

function errorAt(offset: number, text: string, message: string, length: number): LexerError {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset, line: before.split('\n').length, column: offset - lineStart + 1, length, message };
}
