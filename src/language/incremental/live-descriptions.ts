import {
  type AstNode,
  type AstNodeDescription,
  type AstNodeDescriptionProvider,
  type AstNodeLocator,
  AstUtils,
  CstUtils,
  type DocumentSegment,
  type LangiumCoreServices,
  type LangiumDocument,
  type NameProvider,
  type URI,
} from 'langium';

/** Makes descriptions that look where their node stands when they are asked, because blocks move. */
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
    const known = name ?? this.names.getName(node);
    if (!known) throw new Error(`The node at ${this.locator.getAstNodePath(node)} has no name.`);
    return new LiveDescription(node, known, document.uri, this.locator, this.names);
  }
}

class LiveDescription implements AstNodeDescription {
  readonly type: string;

  constructor(
    readonly node: AstNode,
    readonly name: string,
    readonly documentUri: URI,
    private readonly locator: AstNodeLocator,
    private readonly names: NameProvider,
  ) {
    this.type = node.$type;
  }

  get path(): string {
    return this.locator.getAstNodePath(this.node);
  }

  get nameSegment(): DocumentSegment | undefined {
    return CstUtils.toDocumentSegment(this.names.getNameNode(this.node) ?? this.node.$cstNode);
  }

  get selectionSegment(): DocumentSegment | undefined {
    return CstUtils.toDocumentSegment(this.node.$cstNode);
  }
}
