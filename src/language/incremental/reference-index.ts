import {
  type AstNode,
  AstUtils,
  CstUtils,
  DefaultIndexManager,
  isReference,
  type LangiumDocument,
  type ReferenceDescription,
  type Stream,
  stream,
  UriUtils,
} from 'langium';

/**
 * Keeps no table of references, which every edit would change: the references of the documents are one already. Going
 * through all of them takes a millisecond, and only when somebody asks.
 */
export class ReferenceIndex extends DefaultIndexManager {
  override async updateReferences(): Promise<void> {}

  override findAllReferences(target: AstNode, targetPath: string): Stream<ReferenceDescription> {
    const targetUri = AstUtils.getDocument(target).uri;
    const found: ReferenceDescription[] = [];
    for (const { uri: sourceUri, references } of this.documents.all) {
      const locator = this.serviceRegistry.getServices(sourceUri).workspace.AstNodeLocator;
      for (const reference of references) {
        const { $refNode } = reference;
        if (!$refNode || !isReference(reference) || reference.ref !== target) continue;
        found.push({
          sourceUri,
          sourcePath: locator.getAstNodePath($refNode.astNode),
          targetUri,
          targetPath,
          segment: CstUtils.toDocumentSegment($refNode),
          local: UriUtils.equals(sourceUri, targetUri),
        });
      }
    }
    return stream(found);
  }

  override isAffected(document: LangiumDocument, changedUris: Set<string>): boolean {
    const own = document.uri.toString();
    return document.references.some((reference) => {
      const uri = isReference(reference) ? reference.$nodeDescription?.documentUri.toString() : undefined;
      return uri !== undefined && uri !== own && changedUris.has(uri);
    });
  }
}
