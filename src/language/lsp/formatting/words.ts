import type { Lexer } from 'langium';

/** A word or a comment of the text. */
export interface Piece {
  /** Name of its token type: a keyword or a brace is its own. */
  kind: string;
  text: string;
  /** Offsets into the text; `end` is behind the last character. */
  start: number;
  end: number;
  /** Where it stands on its line, from 0. */
  column: number;
}

/** Words and comments in the order of the text. */
export function piecesOf(lexer: Lexer, text: string): Piece[] {
  const { tokens, hidden } = lexer.tokenize(text);
  const pieces = [...tokens, ...hidden].map((token) => ({
    kind: token.tokenType.name,
    text: token.image.trimEnd(),
    start: token.startOffset,
    end: token.startOffset + token.image.trimEnd().length,
    column: (token.startColumn ?? 1) - 1,
  }));
  return pieces.sort((a, b) => a.start - b.start);
}

export function isComment(piece: Piece): boolean {
  return piece.kind === 'SL_COMMENT' || piece.kind === 'ML_COMMENT';
}
