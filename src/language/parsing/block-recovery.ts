import type { ParseResult } from 'langium';
import { blockWords } from './grammar-words.js';

type Token = ParseResult['parserErrors'][number]['token'];
type TokenType = Token['tokenType'];

/** What chevrotain, the parser below Langium, has inside that its recovery from errors is made of. */
interface Recovering {
  /** Of the token that was consumed last. */
  currIdx: number;
  /** The last one is the end of the file. */
  readonly tokVector: readonly Token[];
  readonly RULE_STACK_IDX: number;
  ruleInvocationStateUpdate(shortName: number, fullName: string, occurrence: number): void;
  SKIP_TOKEN(): Token;
  flattenFollowSet(): TokenType[];
  findReSyncTokenType(): TokenType;
  reSyncTo(type: TokenType): Token[];
  tokenMatcher(token: Token, type: TokenType): boolean;
  canRecoverWithSingleTokenDeletion(expected: TokenType): boolean;
}

/**
 * Lets a parser that goes on behind an error keep braces together. What cannot be read is skipped with its block, and who
 * leaves a block in the middle takes its closing brace along: else the brace would close the block around it, and everything
 * behind would be an error, too.
 */
export function recoverByBlocks(parser: object): void {
  const recovering = parser as Recovering;
  const { ruleInvocationStateUpdate, SKIP_TOKEN, canRecoverWithSingleTokenDeletion } = recovering;
  const declarations = new Set(blockWords('HvhostFile'));
  /** For each rule under way, the last token before it. */
  const starts: number[] = [];
  const tokenAt = (index: number) => recovering.tokVector[Math.min(index, recovering.tokVector.length - 1)]!;

  /** The blocks that the rule has opened so far and not closed. */
  function openBlocks(): number {
    let open = 0;
    for (let index = starts[recovering.RULE_STACK_IDX]! + 1; index <= recovering.currIdx; index++) {
      const { image } = tokenAt(index);
      if (image === '{') open++;
      else if (image === '}') open = Math.max(0, open - 1);
    }
    return open;
  }

  /** The closing brace of a block; where there is none before the next declaration, its opening one. */
  function endOfBlock(start: number): number {
    let depth = 0;
    for (let index = start; index < recovering.tokVector.length; index++) {
      const { image, startLine } = tokenAt(index);
      if (declarations.has(image) && startLine !== tokenAt(index - 1).endLine) return start;
      if (image === '{') depth++;
      else if (image === '}') depth--;
      if (depth === 0) return index;
    }
    return start;
  }

  /** Behind the error: the first token that one of the rules under way can go on with, and its type. */
  function findResync(): { index: number; type: TokenType } {
    const types = recovering.flattenFollowSet();
    let open = openBlocks();
    for (let index = recovering.currIdx + 1; ; index++) {
      const token = tokenAt(index);
      if (token.image === '}' && open > 0) {
        open--;
        continue;
      }
      const type = types.find((each) => recovering.tokenMatcher(token, each));
      if (type !== undefined) return { index, type };
      if (token.image === '{') index = endOfBlock(index);
    }
  }

  Object.assign(recovering, {
    ruleInvocationStateUpdate(shortName: number, fullName: string, occurrence: number) {
      ruleInvocationStateUpdate.call(recovering, shortName, fullName, occurrence);
      starts[recovering.RULE_STACK_IDX] = recovering.currIdx;
    },
    SKIP_TOKEN() {
      const next = recovering.currIdx + 1;
      if (tokenAt(next).image === '{') recovering.currIdx = endOfBlock(next) - 1;
      return SKIP_TOKEN.call(recovering);
    },
    findReSyncTokenType: () => findResync().type,
    reSyncTo() {
      const { index } = findResync();
      const skipped = recovering.tokVector.slice(recovering.currIdx + 1, index);
      recovering.currIdx = index - 1;
      return skipped;
    },
    canRecoverWithSingleTokenDeletion(expected: TokenType) {
      const { image } = tokenAt(recovering.currIdx + 1);
      return image !== '{' && image !== '}' && canRecoverWithSingleTokenDeletion.call(recovering, expected);
    },
  });
}
