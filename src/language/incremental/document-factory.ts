import {
  type AstNode,
  DefaultLangiumDocumentFactory,
  type LangiumDocuments,
  type LangiumSharedCoreServices,
  type ParseResult,
  type URI,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { HvhostParser } from '../parsing/parser.js';

/** Reads a document that was edited, and not all of it again. */
export class HvhostDocumentFactory extends DefaultLangiumDocumentFactory {
  private readonly documents: () => LangiumDocuments;

  constructor(services: LangiumSharedCoreServices) {
    super(services);
    this.documents = () => services.workspace.LangiumDocuments;
  }

  protected override async parseAsync<T extends AstNode>(
    uri: URI,
    text: string,
    cancelToken: CancellationToken,
  ): Promise<ParseResult<T>> {
    const parser = this.serviceRegistry.getServices(uri).parser.LangiumParser;
    const former = this.documents().getDocument(uri)?.parseResult;
    if (!former || !(parser instanceof HvhostParser)) return super.parseAsync<T>(uri, text, cancelToken);
    return parser.parseEdited(former, text) as ParseResult<T>;
  }
}
