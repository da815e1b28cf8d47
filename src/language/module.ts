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
import { HvhostLexer } from './parsing/lexer.js';
import { HvhostParserMessages } from './parsing/messages.js';
import { HvhostValueConverter } from './parsing/value-converter.js';
import { ImportLoadingDocumentBuilder } from './scoping/import-loading-builder.js';
import { HvhostScopeComputation } from './scoping/scope-computation.js';
import { HvhostScopeProvider } from './scoping/scope-provider.js';
import { registerChecks } from './validation/register-checks.js';

export interface HvhostServices {
  shared: LangiumSharedServices;
  hvhost: LangiumServices;
}

const hvhostModule: Module<LangiumServices, PartialLangiumServices> = {
  parser: {
    Lexer: (services) => new HvhostLexer(services),
    ValueConverter: () => new HvhostValueConverter(),
    ParserErrorMessageProvider: () => new HvhostParserMessages(),
  },
  documentation: { DocumentationProvider: () => new HvhostDocumentationProvider() },
  references: {
    ScopeComputation: (services) => new HvhostScopeComputation(services),
    ScopeProvider: (services) => new HvhostScopeProvider(services),
  },
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
