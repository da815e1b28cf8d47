import {
  type AstNode,
  createParser,
  type LangiumCoreServices,
  LangiumParser,
  type ParseResult,
  type ParserOptions,
} from 'langium';
import { type HvhostParserMessages, TooManyErrors } from './messages.js';

/**
 * Recovering from an error costs time and stack, because the parser does it by calling itself. A file with more errors
 * than a person makes is some other kind of file: it is reported at its first error and read no further.
 */
class HvhostParser extends LangiumParser {
  private readonly messages: HvhostParserMessages;

  constructor(services: LangiumCoreServices, messages: HvhostParserMessages) {
    super(services);
    this.messages = messages;
  }

  override parse<T extends AstNode = AstNode>(input: string, options: ParserOptions = {}): ParseResult<T> {
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
