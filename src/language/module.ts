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
import { HvhostLexer } from './parsing/lexer.js';
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
    LangiumParser: (services) => createHvhostParser(services, services.parser.ParserErrorMessageProvider),
    Lexer: (services) => new HvhostLexer(services),
    ValueConverter: () => new HvhostValueConverter(),
    ParserErrorMessageProvider: () => new HvhostParserMessages(),
  },
  documentation: { DocumentationProvider: () => new HvhostDocumentationProvider() },
  references: {
    ScopeComputation: (services) => new HvhostScopeComputation(services),
    ScopeProvider: (services) => new HvhostScopeProvider(services),
  },
  validation: { DocumentValidator: (services) => new HvhostDocumentValidator(services) },
};

const sharedModule: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  workspace: { DocumentBuilder: (services) => new ImportLoadingDocumentBuilder(services) },
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
