import {
  type AstNode,
  AstUtils,
  DefaultLinker,
  interruptAndCheck,
  type LangiumDocument,
  type ReferenceInfo,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { blocksOf, isBlockParseResult } from './blocks.js';

/** Links the blocks that are not linked yet; the others keep what their references mean. */
export class BlockLinker extends DefaultLinker {
  override async link(document: LangiumDocument, cancelToken?: CancellationToken): Promise<void> {
    for (const block of blocksOf(document)) {
      if (block.linked) continue;
      if (cancelToken) await interruptAndCheck(cancelToken);
      const found = block.node ? referencesIn(block.node) : [];
      // Forgets what they meant before.
      document.references = found.map(({ reference }) => reference);
      super.unlink(document);
      for (const info of found) this.doLink(info, document);
      const references = found.map(({ reference }) => reference);
      block.linked = { references, names: [...new Set(references.map(({ $refText }) => $refText))] };
    }
    document.references = [];
    for (const { linked } of blocksOf(document)) {
      for (const reference of linked?.references ?? []) document.references.push(reference);
    }
  }

  /** What is linked is forgotten when it is linked again: an edit may show that most of it still holds. */
  override unlink(document: LangiumDocument): void {
    if (isBlockParseResult(document.parseResult)) document.parseResult.outdated = true;
    else super.unlink(document);
  }
}

function referencesIn(node: AstNode): ReferenceInfo[] {
  return AstUtils.streamAst(node)
    .flatMap((each) => AstUtils.streamReferences(each))
    .toArray();
}
