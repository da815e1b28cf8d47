import { type AstNode, GrammarUtils } from 'langium';
import type { ChildDeclaration, HardwareDeclaration, HostDeclaration, HvhostFile } from '../generated/ast.js';
import type { Report } from './report.js';

/** What may stand at most once in its block; the parser keeps the last, so this finds the others in the text. */
const ONCE: Record<string, readonly string[]> = {
  HardwareDeclaration: ['processor', 'memory'],
  PhysicalProcessor: ['sockets', 'cores', 'threads', 'frequency', 'virtualization', 'dep', 'slat'],
  PhysicalMemory: ['ecc', 'nodes'],
  HostDeclaration: ['hypervisor', 'parent'],
  HypervisorSpec: ['scheduler'],
  ParentDeclaration: ['reserve', 'processors'],
  ChildDeclaration: ['generation', 'boots', 'processors', 'memory', 'workload', 'integrationServices', 'start', 'stop'],
  ProcessorsClause: ['reserve', 'limit', 'weight'],
  MemoryClause: ['startup', 'buffer', 'priority'],
  NicDeclaration: ['kind', 'vlan'],
  WorkloadDeclaration: ['requests', 'clients', 'think', 'cpu', 'read', 'write', 'send'],
};

export function checkSaidOnce(node: AstNode, report: Report): void {
  for (const property of ONCE[node.$type] ?? []) {
    const [, ...others] = GrammarUtils.findNodesForProperty(node.$cstNode, property);
    for (const other of others) {
      report('HV103', 'This was said before in the same block.', { node, range: other.range });
    }
  }
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
