import { type AstNode, AstUtils, type CompositeCstNode, type CstNode, GrammarAST, isCompositeCstNode } from 'langium';
import type { ChildDeclaration, HardwareDeclaration, HostDeclaration, HvhostFile } from '../generated/ast.js';
import type { Report } from './report.js';

/** What may stand at most once in its block; the parser keeps the last, so this finds the others in the text. */
const ONCE: Record<string, readonly string[]> = {
  HardwareDeclaration: ['processor', 'memory'],
  PhysicalProcessor: ['sockets', 'cores', 'threads', 'frequency', 'virtualization', 'dep', 'slat'],
  PhysicalMemory: ['ecc', 'nodes'],
  HostDeclaration: ['hypervisor', 'parent'],
  HypervisorSpec: ['scheduler', 'limits', 'numaSpanning'],
  ParentDeclaration: ['reserve', 'processors'],
  ChildDeclaration: ['generation', 'boots', 'processors', 'memory', 'workload', 'integrationServices', 'start', 'stop'],
  ProcessorsClause: ['reserve', 'limit', 'weight', 'level', 'shares', 'group'],
  MemoryClause: ['startup', 'buffer', 'priority'],
  NicDeclaration: ['kind', 'vlan', 'trunk', 'bandwidth', 'sriov'],
  BandwidthClause: ['limit', 'reserve', 'weight'],
  WorkloadDeclaration: ['requests', 'clients', 'think', 'cpu', 'read', 'write', 'send', 'receive', 'memory'],
};

export function checkSaidOnce(node: AstNode, report: Report): void {
  const once = ONCE[node.$type];
  if (once === undefined || !isCompositeCstNode(node.$cstNode)) return;
  const seen = new Set<string>();
  for (const { property, part } of assignments(node.$cstNode)) {
    if (!once.includes(property)) continue;
    if (seen.has(property)) report('HV103', 'This was said before in the same block.', { node, range: part.range });
    seen.add(property);
  }
}

/** The pieces of the text that set the properties of one node, without those of the nodes inside it. */
function* assignments(cst: CompositeCstNode): Generator<{ property: string; part: CstNode }> {
  for (const part of cst.content) {
    const property = propertyOf(part.grammarSource);
    if (property !== undefined) yield { property, part };
    else if (isCompositeCstNode(part)) yield* assignments(part);
  }
}

const properties = new Map<AstNode, string | undefined>();

/** The property that a piece of the grammar assigns; remembered, because every word of a file asks. */
function propertyOf(source: AstNode | undefined): string | undefined {
  if (source === undefined) return undefined;
  if (!properties.has(source)) {
    properties.set(source, AstUtils.getContainerOfType(source, GrammarAST.isAssignment)?.feature);
  }
  return properties.get(source);
}

/** Kinds of declarations have names of their own: a host and a workload may be called the same. */
export function checkFileNames(file: HvhostFile, report: Report): void {
  const types = [...new Set(file.declarations.map(({ $type }) => $type))];
  for (const type of types)
    reportDuplicates(
      file.declarations.filter(({ $type }) => $type === type),
      report,
    );
}

export function checkHardwareNames(hardware: HardwareDeclaration, report: Report): void {
  reportDuplicates(hardware.disks, report);
  reportDuplicates(hardware.nics, report);
}

export function checkHostNames(host: HostDeclaration, report: Report): void {
  reportDuplicates(host.switches, report);
  reportDuplicates(host.cpuGroups, report);
  reportDuplicates(host.children, report);
}

export function checkChildName(child: ChildDeclaration, report: Report): void {
  if (child.name !== 'all' && child.name !== 'parent') return;
  const meaning = child.name === 'all' ? 'every child' : 'the parent partition';
  report('HV104', `A child cannot be called '${child.name}': in scenarios that is ${meaning}.`, {
    node: child,
    property: 'name',
  });
}

function reportDuplicates(nodes: (AstNode & { name: string })[], report: Report): void {
  const seen = new Set<string>();
  for (const node of nodes) {
    if (node.name === undefined) continue;
    if (seen.has(node.name)) report('HV102', `The name '${node.name}' is taken.`, { node, property: 'name' });
    seen.add(node.name);
  }
}
