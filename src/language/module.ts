import { inject, type Module } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
  type PartialLangiumSharedServices,
} from 'langium/lsp';
import { HvhostDocumentationProvider } from './documentation.js';
import { HvhostGeneratedModule, HvhostGeneratedSharedModule } from './generated/module.js';
import { HostAnalyzer } from './host-analysis.js';
import { BlockLinker } from './incremental/block-linker.js';
import { HvhostDocumentFactory } from './incremental/document-factory.js';
import { LiveDescriptions } from './incremental/live-descriptions.js';
import { ReferenceIndex } from './incremental/reference-index.js';
import { HvhostCodeActions } from './lsp/code-actions.js';
import { HvhostCodeLenses } from './lsp/code-lenses.js';
import { HvhostCompletion } from './lsp/completion.js';
import { HvhostDocumentLinks } from './lsp/document-links.js';
import { HvhostDocumentSymbols } from './lsp/document-symbols.js';
import { HvhostDocumentUpdates } from './lsp/document-updates.js';
import { HvhostFormatter } from './lsp/formatter.js';
import { HvhostHover } from './lsp/hover.js';
import { HvhostInlayHints } from './lsp/inlay-hints.js';
import { HvhostNodeKinds } from './lsp/node-kinds.js';
import { HvhostRename } from './lsp/rename.js';
import { HvhostSemanticTokens } from './lsp/semantic-tokens.js';
import { createHvhostCompletionParser } from './parsing/completion-parser.js';
import { HvhostLexer } from './parsing/lexer.js';
import { HvhostLexerMessages } from './parsing/lexer-messages.js';
import { HvhostParserMessages } from './parsing/messages.js';
import { createHvhostParser } from './parsing/parser.js';
import { HvhostValueConverter } from './parsing/value-converter.js';
import { ImportLoadingDocumentBuilder } from './scoping/import-loading-builder.js';
import { HvhostScopeComputation } from './scoping/scope-computation.js';
import { HvhostScopeProvider } from './scoping/scope-provider.js';
import { HvhostDocumentValidator } from './validation/document-validator.js';
import { registerChecks } from './validation/register-checks.js';

/** What this language adds to the services of Langium. */
interface HvhostAddedServices {
  analysis: { HostAnalyzer: HostAnalyzer };
  parser: { ParserErrorMessageProvider: HvhostParserMessages };
}

export type HvhostLanguageServices = LangiumServices & HvhostAddedServices;

export interface HvhostServices {
  shared: LangiumSharedServices;
  hvhost: HvhostLanguageServices;
}

const hvhostModule: Module<HvhostLanguageServices, PartialLangiumServices & HvhostAddedServices> = {
  analysis: { HostAnalyzer: (services) => new HostAnalyzer(services.shared) },
  parser: {
    CompletionParser: (services) => createHvhostCompletionParser(services, services.parser.ParserErrorMessageProvider),
    LangiumParser: (services) => createHvhostParser(services, services.parser.ParserErrorMessageProvider),
    Lexer: (services) => new HvhostLexer(services),
    LexerErrorMessageProvider: () => new HvhostLexerMessages(),
    ValueConverter: () => new HvhostValueConverter(),
    ParserErrorMessageProvider: () => new HvhostParserMessages(),
  },
  documentation: { DocumentationProvider: () => new HvhostDocumentationProvider() },
  references: {
    Linker: (services) => new BlockLinker(services),
    ScopeComputation: (services) => new HvhostScopeComputation(services),
    ScopeProvider: (services) => new HvhostScopeProvider(services),
  },
  workspace: { AstNodeDescriptionProvider: (services) => new LiveDescriptions(services) },
  lsp: {
    CodeActionProvider: (services) => new HvhostCodeActions(services),
    CodeLensProvider: () => new HvhostCodeLenses(),
    CompletionProvider: (services) => new HvhostCompletion(services),
    DocumentLinkProvider: () => new HvhostDocumentLinks(),
    DocumentSymbolProvider: (services) => new HvhostDocumentSymbols(services),
    Formatter: (services) => new HvhostFormatter(services),
    HoverProvider: (services) => new HvhostHover(services),
    InlayHintProvider: (services) => new HvhostInlayHints(services),
    RenameProvider: (services) => new HvhostRename(services),
    SemanticTokenProvider: (services) => new HvhostSemanticTokens(services),
  },
  validation: { DocumentValidator: (services) => new HvhostDocumentValidator(services) },
};

const sharedModule: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  lsp: {
    DocumentUpdateHandler: (services) => new HvhostDocumentUpdates(services),
    NodeKindProvider: () => new HvhostNodeKinds(),
  },
  workspace: {
    DocumentBuilder: (services) => new ImportLoadingDocumentBuilder(services),
    IndexManager: (services) => new ReferenceIndex(services),
    LangiumDocumentFactory: (services) => new HvhostDocumentFactory(services),
  },
};

/** All services of the language, wired. The context brings the platform: a file system, and a connection in a server. */
export function createHvhostServices(context: DefaultSharedModuleContext): HvhostServices {
  const shared = inject(createDefaultSharedModule(context), HvhostGeneratedSharedModule, sharedModule);
  const hvhost = inject(createDefaultModule({ shared }), HvhostGeneratedModule, hvhostModule);
  shared.ServiceRegistry.register(hvhost);
  registerChecks(hvhost);
  // Without a client there is nobody to wait for.
  if (!context.connection) shared.workspace.ConfigurationProvider.initialized({});
  return { shared, hvhost };
}
