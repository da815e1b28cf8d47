import { DefaultLexerErrorMessageProvider } from 'langium';

/** Names the characters that never stand in a file outside of texts and comments. */
export class HvhostLexerMessages extends DefaultLexerErrorMessageProvider {
  override buildUnexpectedCharactersMessage(fullText: string, startOffset: number, length: number): string {
    const found = fullText.slice(startOffset, startOffset + Math.min(length, 30));
    return `\`${found}\` never stands in a file, except in texts and comments.`;
  }
}
