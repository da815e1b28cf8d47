/** What the editor services say about a document, for comparing two documents that should be the same. */
import type { LangiumDocument } from 'langium';
import type { HvhostServices } from '../../../src/language/module.js';

export async function answersAbout(
  document: LangiumDocument,
  { hvhost }: HvhostServices,
  part: number,
): Promise<object> {
  const { lsp } = hvhost;
  const text = document.textDocument.getText();
  const textDocument = { uri: document.uri.toString() };
  const position = document.textDocument.positionAt(Math.floor(part * text.length));
  const range = { start: { line: 0, character: 0 }, end: document.textDocument.positionAt(text.length) };
  const options = { tabSize: 4, insertSpaces: true };
  const context = { diagnostics: document.diagnostics ?? [] };
  return {
    symbols: await lsp.DocumentSymbolProvider?.getSymbols(document, { textDocument }),
    folding: await lsp.FoldingRangeProvider?.getFoldingRanges(document, { textDocument }),
    tokens: (await lsp.SemanticTokenProvider?.semanticHighlight(document, { textDocument }))?.data,
    hints: await lsp.InlayHintProvider?.getInlayHints(document, { textDocument, range }),
    lenses: await lsp.CodeLensProvider?.provideCodeLens(document, { textDocument }),
    links: await lsp.DocumentLinkProvider?.getDocumentLinks(document, { textDocument }),
    actions: (await lsp.CodeActionProvider?.getCodeActions(document, { textDocument, range, context }))?.filter(
      (action) => !/import /.test(JSON.stringify(action)),
    ),
    formatted: await lsp.Formatter?.formatDocument(document, { textDocument, options }),
    hover: await lsp.HoverProvider?.getHoverContent(document, { textDocument, position }),
    completion: await lsp.CompletionProvider?.getCompletion(document, { textDocument, position }),
    definition: await lsp.DefinitionProvider?.getDefinition(document, { textDocument, position }),
    references: await lsp.ReferencesProvider?.findReferences(document, {
      textDocument,
      position,
      context: { includeDeclaration: true },
    }),
    renamed: await lsp.RenameProvider?.rename(document, { textDocument, position, newName: 'Other' }),
  };
}
