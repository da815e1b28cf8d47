import { GrammarUtils, type LangiumDocument } from 'langium';
import type { DocumentLinkProvider } from 'langium/lsp';
import type { DocumentLink } from 'vscode-languageserver';
import { fileOf, importUri } from '../scoping/imports.js';

/** Imports open the file they name. */
export class HvhostDocumentLinks implements DocumentLinkProvider {
  getDocumentLinks(document: LangiumDocument): DocumentLink[] {
    return (fileOf(document)?.imports ?? []).flatMap((node) => {
      const range = GrammarUtils.findNodeForProperty(node.$cstNode, 'path')?.range;
      const target = importUri(node)?.toString();
      return range && target ? [{ range, target }] : [];
    });
  }
}
