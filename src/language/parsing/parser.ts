import {
  type AstNode,
  createParser,
  type LangiumCoreServices,
  LangiumParser,
  type ParseResult,
  type ParserOptions,
} from 'langium';
import { isBlockParseResult, splitIntoBlocks, withBlocks } from '../incremental/blocks.js';
import { PlacedCstBuilder } from '../incremental/placed-cst.js';
import { reparse } from '../incremental/reparse.js';
import { recoverByBlocks } from './block-recovery.js';
import { type HvhostParserMessages, TooManyErrors } from './messages.js';

/**
 * Recovering from an error costs time and stack, because the parser does it by calling itself. A file with more errors
 * than a person makes is some other kind of file: it is reported at its first error and read no further.
 */
export class HvhostParser extends LangiumParser {
  private readonly messages: HvhostParserMessages;

  constructor(services: LangiumCoreServices, messages: HvhostParserMessages) {
    super(services);
    this.messages = messages;
    // Langium offers no other way to build trees that can be moved.
    Object.defineProperty(this, 'nodeBuilder', { value: new PlacedCstBuilder() });
    recoverByBlocks(this.wrapper);
  }

  override parse<T extends AstNode = AstNode>(input: string, options?: ParserOptions): ParseResult<T> {
    return withBlocks(this.read<T>(input, options));
  }

  /** The same as `parse` of the new text, mostly at the cost of what changed. The former result is used up. */
  parseEdited(former: ParseResult, text: string): ParseResult {
    const edited =
      isBlockParseResult(former) && reparse(former, text, (part, place) => splitIntoBlocks(this.read(part), place));
    return edited || this.parse(text);
  }

  private read<T extends AstNode>(input: string, options: ParserOptions = {}): ParseResult<T> {
    this.messages.beginFile();
    try {
      return super.parse<T>(input, options);
    } catch (error) {
      if (!(error instanceof TooManyErrors) && !(error instanceof RangeError)) throw error;
      const [first] = this.wrapper.errors;
      this['stack'] = [];
      this.messages.beginFile();
      const empty = super.parse<T>('', options);
      return first ? { ...empty, parserErrors: [first] } : empty;
    }
  }
}

export function createHvhostParser(services: LangiumCoreServices, messages: HvhostParserMessages): LangiumParser {
  const parser = new HvhostParser(services, messages);
  createParser(services.Grammar, parser, services.parser.Lexer.definition).finalize();
  return parser;
}
