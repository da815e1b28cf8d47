import { type CompletionParserResult, createParser, LangiumCompletionParser, type LangiumCoreServices } from 'langium';
import { type HvhostParserMessages, TooManyErrors } from './messages.js';

/** Reads the text before the cursor; gives up, as the parser does, on a file of some other kind. */
class HvhostCompletionParser extends LangiumCompletionParser {
  private readonly messages: HvhostParserMessages;

  constructor(services: LangiumCoreServices, messages: HvhostParserMessages) {
    super(services);
    this.messages = messages;
  }

  override parse(input: string): CompletionParserResult {
    this.messages.beginFile();
    try {
      return super.parse(input);
    } catch (error) {
      if (!(error instanceof TooManyErrors) && !(error instanceof RangeError)) throw error;
      return { tokens: [], elementStack: [], tokenIndex: 0 };
    }
  }
}

export function createHvhostCompletionParser(
  services: LangiumCoreServices,
  messages: HvhostParserMessages,
): LangiumCompletionParser {
  const parser = new HvhostCompletionParser(services, messages);
  createParser(services.Grammar, parser, services.parser.Lexer.definition).finalize();
  return parser;
}
