import { type AstNode, type AstNodeDescription, isAstNode } from 'langium';
import type { NodeKindProvider } from 'langium/lsp';
import { CompletionItemKind, SymbolKind } from 'vscode-languageserver';
import {
  BenchmarkDeclaration,
  ChildDeclaration,
  HardwareDeclaration,
  HostDeclaration,
  ParentDeclaration,
  ScenarioDeclaration,
  WorkloadDeclaration,
} from '../generated/ast.js';

const KINDS: Record<string, [SymbolKind, CompletionItemKind]> = {
  [HardwareDeclaration.$type]: [SymbolKind.Struct, CompletionItemKind.Struct],
  [HostDeclaration.$type]: [SymbolKind.Class, CompletionItemKind.Class],
  [ParentDeclaration.$type]: [SymbolKind.Object, CompletionItemKind.Value],
  [ChildDeclaration.$type]: [SymbolKind.Object, CompletionItemKind.Variable],
  [WorkloadDeclaration.$type]: [SymbolKind.Function, CompletionItemKind.Function],
  [ScenarioDeclaration.$type]: [SymbolKind.Event, CompletionItemKind.Event],
  [BenchmarkDeclaration.$type]: [SymbolKind.Module, CompletionItemKind.Module],
};

/** The symbols with which editors show the parts of a file; disks, adapters and switches are fields. */
export class HvhostNodeKinds implements NodeKindProvider {
  getSymbolKind(node: AstNode | AstNodeDescription): SymbolKind {
    return KINDS[typeOf(node)]?.[0] ?? SymbolKind.Field;
  }

  getCompletionItemKind(node: AstNode | AstNodeDescription): CompletionItemKind {
    return KINDS[typeOf(node)]?.[1] ?? CompletionItemKind.Field;
  }
}

function typeOf(node: AstNode | AstNodeDescription): string {
  return isAstNode(node) ? node.$type : node.type;
}
