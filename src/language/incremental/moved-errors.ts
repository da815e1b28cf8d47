import type { ParseResult } from 'langium';
import type { Place } from './placed-cst.js';

type LexerError = ParseResult['lexerErrors'][number];
type ParserError = ParseResult['parserErrors'][number];
type Token = ParserError['token'];

/** An error of a block that was read somewhere else, where it stands now. */
export function moveLexerError(error: LexerError, { offset, line }: Place): LexerError {
  if (offset === 0 && line === 0) return error;
  return { ...error, offset: error.offset + offset, line: (error.line ?? 1) + line };
}

/** The same for an error of the grammar; its words at the end of the file have no position, and keep none. */
export function moveParserError(error: ParserError, place: Place): ParserError {
  if (place.offset === 0 && place.line === 0) return error;
  const { name, message, token, resyncedTokens, context } = error;
  const moved = {
    name,
    message,
    token: moveToken(token, place),
    resyncedTokens: resyncedTokens.map((each) => moveToken(each, place)),
    context,
  };
  return 'previousToken' in error ? { ...moved, ...previousToken(error, place) } : moved;
}

function previousToken(error: ParserError & Record<'previousToken', unknown>, place: Place): object {
  const token = error.previousToken as Token | undefined;
  return { previousToken: token && moveToken(token, place) };
}

/** The end of the file is a word without a position, written as NaN or as -1. */
export function isAtEnd({ token }: ParserError): boolean {
  return !(token.startOffset >= 0);
}

function moveToken(token: Token, { offset, line }: Place): Token {
  if (!(token.startOffset >= 0)) return token;
  return {
    ...token,
    startOffset: token.startOffset + offset,
    endOffset: token.endOffset === undefined ? undefined : token.endOffset + offset,
    startLine: token.startLine === undefined ? undefined : token.startLine + line,
    endLine: token.endLine === undefined ? undefined : token.endLine + line,
  };
}
