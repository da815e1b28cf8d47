import {
  type AstNode,
  type AstNodeDescription,
  type AstNodeDescriptionProvider,
  type AstNodeLocator,
  AstUtils,
  CstUtils,
  type LangiumCoreServices,
  type LangiumDocument,
  type NameProvider,
} from 'langium';

/** Descriptions that look where their node stands when they are asked, because blocks move. */
export class LiveDescriptions implements AstNodeDescriptionProvider {
  private readonly locator: AstNodeLocator;
  private readonly names: NameProvider;

  constructor(services: LangiumCoreServices) {
    this.locator = services.workspace.AstNodeLocator;
    this.names = services.references.NameProvider;
  }

  createDescription(
    node: AstNode,
    name: string | undefined,
    document: LangiumDocument = AstUtils.getDocument(node),
  ): AstNodeDescription {
    const { locator, names } = this;
    const known = name ?? names.getName(node);
    if (!known) throw new Error(`The node at ${locator.getAstNodePath(node)} has no name.`);
    return {
      node,
      name: known,
      type: node.$type,
      documentUri: document.uri,
      get path() {
        return locator.getAstNodePath(node);
      },
      get nameSegment() {
        return CstUtils.toDocumentSegment(names.getNameNode(node) ?? node.$cstNode);
      },
      get selectionSegment() {
        return CstUtils.toDocumentSegment(node.$cstNode);
      },
    };
  }
}
