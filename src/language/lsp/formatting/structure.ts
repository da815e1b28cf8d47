import type { AstNode } from 'langium';
import { AstUtils, CstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import {
  isChildDeclaration,
  isHardwareDeclaration,
  isHypervisorSpec,
  isMemoryClause,
  isPhysicalMemory,
  isPhysicalProcessor,
  isProcessorsClause,
  isStep,
  isWorkloadDeclaration,
} from '../../generated/ast.js';

/** What the words alone do not tell. All of it offsets into the text. */
export interface Structure {
  /** A clause begins here: behind another one on the same line it stands apart. */
  clauses: Set<number>;
  /** A statement of a child or of hardware begins here: what follows its first word makes a column. */
  statements: Set<number>;
  /** A moment of a scenario stands here. */
  moments: Set<number>;
  /** The rest of a release: "2008R2" is a number and a word to the lexer, and one thing to people. */
  joined: Set<number>;
}

export function structureOf(document: LangiumDocument): Structure {
  const structure: Structure = { clauses: new Set(), statements: new Set(), moments: new Set(), joined: new Set() };
  for (const node of AstUtils.streamAst(document.parseResult.value)) {
    for (const offset of clauseOffsets(node)) structure.clauses.add(offset);
    if (isChildDeclaration(node) || isHardwareDeclaration(node)) {
      for (const offset of statementOffsets(node)) structure.statements.add(offset);
    }
    if (isStep(node)) addOffset(structure.moments, node.time);
    if (isHypervisorSpec(node)) for (const offset of releaseRest(node)) structure.joined.add(offset);
  }
  return structure;
}

function clauseOffsets(node: AstNode): number[] {
  if (isProcessorsClause(node)) return keywordOffsets(node, ['reserve', 'limit', 'weight', 'shares', 'group']);
  if (isMemoryClause(node)) return keywordOffsets(node, ['startup', 'buffer', 'priority']);
  if (isPhysicalMemory(node)) return keywordOffsets(node, ['nodes']);
  if (isStep(node)) return node.action?.$cstNode ? [node.action.$cstNode.offset] : [];
  if (isWorkloadDeclaration(node)) {
    return keywordOffsets(node, ['requests', 'clients', 'think', 'cpu', 'read', 'write', 'send']);
  }
  if (isPhysicalProcessor(node)) {
    return keywordOffsets(node, ['sockets', 'cores', 'threads', 'frequency', 'virtualization', 'dep', 'slat']);
  }
  if (isChildDeclaration(node) || isHardwareDeclaration(node)) return statementOffsets(node);
  return [];
}

function statementOffsets(node: AstNode): number[] {
  const parts = [...AstUtils.streamContents(node)].flatMap(({ $cstNode }) => ($cstNode ? [$cstNode.offset] : []));
  return [...parts, ...keywordOffsets(node, ['generation', 'runs'])].filter(
    (offset, index, all) => all.indexOf(offset) === index,
  );
}

function keywordOffsets(node: AstNode, keywords: string[]): number[] {
  return keywords.flatMap((keyword) =>
    GrammarUtils.findNodesForKeyword(node.$cstNode, keyword).map(({ offset }) => offset),
  );
}

function releaseRest(node: AstNode): number[] {
  const release = GrammarUtils.findNodeForProperty(node.$cstNode, 'release');
  const [, ...rest] = release ? CstUtils.flattenCst(release).toArray() : [];
  return rest.map(({ offset }) => offset);
}

function addOffset(offsets: Set<number>, node: AstNode | undefined): void {
  if (node?.$cstNode) offsets.add(node.$cstNode.offset);
}
