import {
  type AstNode,
  type AstNodeDescriptionProvider,
  AstUtils,
  DocumentState,
  EMPTY_SCOPE,
  type IndexManager,
  type LangiumCoreServices,
  MapScope,
  type ReferenceInfo,
  type Scope,
  type ScopeProvider,
  WorkspaceCache,
} from 'langium';
import {
  ChildDeclaration,
  CpuGroupDeclaration,
  type HostDeclaration,
  isHostDeclaration,
  isScenarioDeclaration,
  isStep,
  PhysicalDiskDeclaration,
  PhysicalNicDeclaration,
  SwitchDeclaration,
} from '../generated/ast.js';

import { importUris } from './imports.js';

/**
 * Every look-up is one hash access. Disks and network adapters are those of the host's hardware, also in a scenario on it;
 * switches, CPU groups and children those of the host; hardware, hosts and workloads are those of the file and of the files
 * it imports directly.
 */
export class HvhostScopeProvider implements ScopeProvider {
  private readonly index: IndexManager;
  private readonly descriptions: AstNodeDescriptionProvider;
  private readonly reflection: LangiumCoreServices['shared']['AstReflection'];
  /** Keyed by the node or file the names belong to, then by what is looked for. */
  private readonly cache: WorkspaceCache<AstNode, Map<string, Scope>>;

  constructor(services: LangiumCoreServices) {
    this.index = services.shared.workspace.IndexManager;
    this.descriptions = services.workspace.AstNodeDescriptionProvider;
    this.reflection = services.shared.AstReflection;
    this.cache = new WorkspaceCache(services.shared, DocumentState.ComputedScopes);
  }

  getScope(context: ReferenceInfo): Scope {
    const type = this.reflection.getReferenceType(context);
    const owner = this.ownerOf(type, context.container);
    if (owner === undefined) return EMPTY_SCOPE;
    const scopes = this.cache.get(owner, () => new Map<string, Scope>());
    const known = scopes.get(type);
    if (known) return known;
    const scope = this.namesIn(owner, type);
    scopes.set(type, scope);
    return scope;
  }

  /** The node whose names are visible; undefined when that node is itself not known. */
  private ownerOf(type: string, container: AstNode): AstNode | undefined {
    switch (type) {
      case PhysicalDiskDeclaration.$type:
      case PhysicalNicDeclaration.$type:
        return hostOf(container)?.hardware?.ref;
      case SwitchDeclaration.$type:
      case CpuGroupDeclaration.$type:
        return AstUtils.getContainerOfType(container, isHostDeclaration);
      case ChildDeclaration.$type:
        return hostOf(container);
      default:
        return AstUtils.findRootNode(container);
    }
  }

  private namesIn(owner: AstNode, type: string): Scope {
    const document = AstUtils.getDocument(owner);
    if (owner.$container === undefined) {
      // File by file: the index has them in the order in which they were read last.
      const uris = new Set([document.uri, ...importUris(document)].map((uri) => uri.toString()));
      const names = [...uris].flatMap((uri) => this.index.allElements(type, new Set([uri])).toArray());
      return new MapScope(firstOfEachName(names));
    }
    const members = AstUtils.streamContents(owner).filter((node) => node.$type === type && hasName(node));
    return new MapScope(members.map((node) => this.descriptions.createDescription(node, undefined, document)));
  }
}

/** The host a node is part of, or that its scenario is about. */
function hostOf(node: AstNode): HostDeclaration | undefined {
  const host = AstUtils.getContainerOfType(node, isHostDeclaration);
  return host ?? scenarioHostOf(node);
}

/** The host that a step names, or else its scenario. */
function scenarioHostOf(node: AstNode): HostDeclaration | undefined {
  const step = AstUtils.getContainerOfType(node, isStep);
  return (step?.host ?? AstUtils.getContainerOfType(node, isScenarioDeclaration)?.host)?.ref;
}

function hasName(node: AstNode): boolean {
  return 'name' in node && typeof node.name === 'string';
}

/** MapScope keeps the last of equal names; the first is the one that counts, and the second gets the error. */
function firstOfEachName<T extends { name: string }>(elements: Iterable<T>): T[] {
  const seen = new Map<string, T>();
  for (const element of elements) if (!seen.has(element.name)) seen.set(element.name, element);
  return [...seen.values()];
}
