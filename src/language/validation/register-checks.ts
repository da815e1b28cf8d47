import type { LangiumServices } from 'langium/lsp';
export function registerChecks(_services: LangiumServices): void {}
