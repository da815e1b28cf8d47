import { type AstNode, GrammarUtils } from 'langium';
import { AbstractSemanticTokenProvider, type SemanticTokenAcceptor } from 'langium/lsp';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver';
import {
  BenchmarkDeclaration,
  CheckpointAction,
  ChildDeclaration,
  CpuGroupDeclaration,
  DeleteCheckpointAction,
  DiskAction,
  DiskDeclaration,
  HardwareDeclaration,
  HostDeclaration,
  HypervisorSpec,
  LoadAction,
  NicAction,
  NicDeclaration,
  PhysicalDiskDeclaration,
  PhysicalNicDeclaration,
  PlugAction,
  ProcessorsClause,
  Quantity,
  RevertAction,
  ScenarioDeclaration,
  SwitchDeclaration,
  Target,
  WorkloadDeclaration,
} from '../generated/ast.js';

const { class: klass, type, variable, property, function: fn, namespace, number, operator } = SemanticTokenTypes;

/** What each declared name is, and which names refer to it: the grammar file for colours cannot tell a name from a keyword. */
const DECLARED: Record<string, string> = {
  [HardwareDeclaration.$type]: type,
  [HostDeclaration.$type]: klass,
  [ChildDeclaration.$type]: variable,
  [WorkloadDeclaration.$type]: fn,
  [ScenarioDeclaration.$type]: namespace,
  [BenchmarkDeclaration.$type]: namespace,
  [SwitchDeclaration.$type]: property,
  [CpuGroupDeclaration.$type]: property,
  [PhysicalDiskDeclaration.$type]: property,
  [PhysicalNicDeclaration.$type]: property,
};

const REFERRED: Record<string, Record<string, string>> = {
  [HostDeclaration.$type]: { hardware: type },
  [ChildDeclaration.$type]: { workload: fn },
  [DiskDeclaration.$type]: { physicalDisk: property },
  [NicDeclaration.$type]: { switch: property },
  [ProcessorsClause.$type]: { group: property },
  [SwitchDeclaration.$type]: { nic: property },
  [ScenarioDeclaration.$type]: { host: klass },
  [BenchmarkDeclaration.$type]: { host: klass },
  [LoadAction.$type]: { child: variable },
  [CheckpointAction.$type]: { child: variable, checkpoint: property },
  [RevertAction.$type]: { child: variable, checkpoint: property },
  [DeleteCheckpointAction.$type]: { child: variable, checkpoint: property },
  [DiskAction.$type]: { disk: property },
  [NicAction.$type]: { nic: property },
  [PlugAction.$type]: { child: property },
  [Target.$type]: { child: variable },
  [Quantity.$type]: { value: number, unit: operator },
  [HypervisorSpec.$type]: { release: number },
};

export class HvhostSemanticTokens extends AbstractSemanticTokenProvider {
  protected override highlightElement(node: AstNode, accept: SemanticTokenAcceptor): void {
    const declared = DECLARED[node.$type];
    const name = GrammarUtils.findNodeForProperty(node.$cstNode, 'name');
    if (declared !== undefined && name) {
      accept({ cst: name, type: declared, modifier: SemanticTokenModifiers.declaration });
    }
    for (const [property, tokenType] of Object.entries(REFERRED[node.$type] ?? {})) {
      const cst = GrammarUtils.findNodeForProperty(node.$cstNode, property);
      if (cst) accept({ cst, type: tokenType });
    }
  }
}
