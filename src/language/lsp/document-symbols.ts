import { type AstNode, AstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import type { DocumentSymbolProvider, NodeKindProvider } from 'langium/lsp';
import type { DocumentSymbol } from 'vscode-languageserver';
import {
  type ChildDeclaration,
  isChildDeclaration,
  isCpuGroupDeclaration,
  isHardwareDeclaration,
  isHostDeclaration,
  isParentDeclaration,
  isPhysicalDiskDeclaration,
  isPhysicalNicDeclaration,
  isScenarioDeclaration,
  isSwitchDeclaration,
} from '../generated/ast.js';
import type { HvhostLanguageServices } from '../module.js';

/** The outline: every declaration with what one wants to know of it at a glance. */
export class HvhostDocumentSymbols implements DocumentSymbolProvider {
  private readonly kinds: NodeKindProvider;

  constructor(services: HvhostLanguageServices) {
    this.kinds = services.shared.lsp.NodeKindProvider;
  }

  getSymbols(document: LangiumDocument): DocumentSymbol[] {
    return this.symbolsIn(document.parseResult.value);
  }

  private symbolsIn(container: AstNode): DocumentSymbol[] {
    return AstUtils.streamContents(container)
      .flatMap((node) => this.symbolOf(node))
      .toArray();
  }

  private symbolOf(node: AstNode): DocumentSymbol[] {
    const nameNode = isParentDeclaration(node)
      ? GrammarUtils.findNodeForKeyword(node.$cstNode, 'parent')
      : GrammarUtils.findNodeForProperty(node.$cstNode, 'name');
    // A name that is still being typed has no symbol.
    if (!nameNode?.text || !node.$cstNode) return [];
    return [
      {
        name: nameNode.text,
        detail: detailOf(node),
        kind: this.kinds.getSymbolKind(node),
        range: node.$cstNode.range,
        selectionRange: nameNode.range,
        children: this.symbolsIn(node),
      },
    ];
  }
}

function detailOf(node: AstNode): string | undefined {
  if (isHostDeclaration(node)) {
    return words('on', node.hardware?.$refText, node.hypervisor?.architecture, node.hypervisor?.release);
  }
  if (isChildDeclaration(node)) return childDetail(node);
  if (isParentDeclaration(node)) return words(node.operatingSystem, node.flavour);
  if (isHardwareDeclaration(node)) return node.title;
  if (isPhysicalDiskDeclaration(node)) return words(node.size?.$cstNode?.text, node.medium);
  if (isPhysicalNicDeclaration(node)) return node.speed?.$cstNode?.text;
  if (isSwitchDeclaration(node)) return words(node.kind, node.nic && `on ${node.nic.$refText}`);
  if (isCpuGroupDeclaration(node)) return words('limit', node.limit?.$cstNode?.text);
  if (isScenarioDeclaration(node)) return words('on', node.host?.$refText);
  return undefined;
}

function childDetail(child: ChildDeclaration): string {
  const memory = child.memory && (child.memory.maximum ?? child.memory.size)?.$cstNode?.text;
  const kind = child.boots ? 'machine' : child.kind;
  return words(child.operatingSystem, kind, memory && `· ${memory}`, child.workload && `· ${child.workload.$refText}`);
}

function words(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part).join(' ');
}
