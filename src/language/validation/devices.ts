import { AstUtils, GrammarUtils } from 'langium';
import { findGuest } from '../../model/catalog/guests.js';
import { INTEGRATION_SERVICES } from '../../model/catalog/integration-services.js';
import {
  type ChildDeclaration,
  type DiskDeclaration,
  type HostDeclaration,
  isHostDeclaration,
  type NicDeclaration,
} from '../generated/ast.js';
import { kindOf } from '../lowering/lower-child.js';
import { soundValue } from '../quantity.js';
import { addBehind, type Fix, type Report, replaceWith } from './report.js';

/** What a kind of child, a generation or a guest cannot have. */
export function checkChildDevices(child: ChildDeclaration, report: Report): void {
  if (child.operatingSystem === undefined) return;
  checkKind(child, report);
  checkServices(child, report);
  checkDynamicMemory(child, report);
  checkXenProcessors(child, report);
  for (const disk of child.disks) checkLegacyDisk(child, disk, report);
  for (const nic of child.nics) checkNic(child, nic, report);
  if (AstUtils.getContainerOfType(child, isHostDeclaration)?.hypervisor?.architecture !== 'hyper-v') return;
  if (soundValue(child.generation) === 2) checkGeneration2(child, report);
  else checkBootDisk(child, report);
}

/** An external switch takes its physical adapter for itself, and a running machine its disk files. */
export function checkSharedDevices(host: HostDeclaration, report: Report): void {
  const switchOf = new Map<string, string>();
  for (const node of host.switches) {
    const nic = node.nic?.$refText;
    if (nic === undefined) continue;
    const other = switchOf.get(nic);
    if (other !== undefined) report('HV311', `'${nic}' belongs to the switch '${other}'.`, { node, property: 'nic' });
    else switchOf.set(nic, node.name);
  }
  const childOf = new Map<string, string>();
  for (const child of host.children) {
    for (const node of child.disks) {
      const key = `${node.physicalDisk?.$refText} ${node.file?.toLowerCase()}`;
      const other = childOf.get(key);
      if (other !== undefined) report('HV312', `'${node.file}' is a disk of '${other}'.`, { node, property: 'file' });
      else childOf.set(key, child.name);
    }
  }
}

function checkKind(child: ChildDeclaration, report: Report): void {
  const guest = findGuest(child.operatingSystem);
  const kind = kindOf(child);
  if (guest === undefined || kind === 'machine' || kind === 'legacy') return;
  const property = child.kind === undefined ? 'operatingSystem' : 'kind';
  const fix = (word: string): Fix[] =>
    child.kind === undefined
      ? addBehind(`Say \`${word}\``, GrammarUtils.findNodeForProperty(child.$cstNode, 'operatingSystem'), ` ${word}`)
      : replaceWith(`Say \`${word}\``, GrammarUtils.findNodeForProperty(child.$cstNode, 'kind'), word);
  if (guest.integration === 'none') {
    const message = `${guest.title} has no drivers for VMBus: it runs as \`legacy\`, on emulated devices only.`;
    report('HV309', message, { node: child, property, fixes: fix('legacy') });
  } else if (kind === 'xen' && guest.integration !== 'xen') {
    const message = `${guest.title} makes no Xen hypercalls: it runs as \`enlightened\`.`;
    report('HV309', message, { node: child, property, fixes: fix('enlightened') });
  }
}

function checkServices(child: ChildDeclaration, report: Report): void {
  const titles = INTEGRATION_SERVICES.map(({ title }) => title);
  child.integrationServices?.off.forEach((name, index) => {
    if (titles.includes(name)) return;
    const node = child.integrationServices;
    if (node === undefined) return;
    const cst = GrammarUtils.findNodeForProperty(node.$cstNode, 'off', index);
    report('HV310', `There is no integration service '${name}'. There are: ${titles.join(', ')}.`, {
      node,
      property: 'off',
      index,
      fixes: titles.flatMap((title) => replaceWith(`Use "${title}"`, cst, `"${title}"`)),
    });
  });
}

function checkDynamicMemory(child: ChildDeclaration, report: Report): void {
  if (child.memory?.maximum === undefined) return;
  const { kind } = child;
  const guest = findGuest(child.operatingSystem);
  const who =
    kind === 'legacy' || kind === 'xen' ? `A ${kind} child` : guest?.dynamicMemory === false ? guest.title : undefined;
  if (who === undefined) return;
  report('HV306', `${who} has no driver for dynamic memory.`, { node: child.memory, property: 'maximum' });
}

function checkXenProcessors(child: ChildDeclaration, report: Report): void {
  const count = soundValue(child.processors?.count);
  if (child.processors === undefined || child.kind !== 'xen' || count === undefined || count <= 1) return;
  const cst = GrammarUtils.findNodeForProperty(child.processors.$cstNode, 'count');
  report('HV305', `A Xen-enabled child has one virtual processor, not ${count}.`, {
    node: child.processors,
    property: 'count',
    fixes: replaceWith('Use 1 virtual processor', cst, '1'),
  });
}

function checkLegacyDisk(child: ChildDeclaration, disk: DiskDeclaration, report: Report): void {
  if (child.kind !== 'legacy' || disk.controller === 'ide') return;
  report('HV301', `A legacy child does not see '${disk.file}': the SCSI controller is synthetic.`, {
    node: disk,
    property: disk.controller === undefined ? 'file' : 'controller',
    fixes: viaIde(disk),
  });
}

function checkNic(child: ChildDeclaration, nic: NicDeclaration, report: Report): void {
  const kind = kindOf(child);
  const cst = GrammarUtils.findNodeForProperty(nic.$cstNode, 'kind');
  if (child.kind === 'legacy' && nic.kind === 'synthetic') {
    report('HV302', 'A legacy child has no driver for a synthetic network adapter.', {
      node: nic,
      property: 'kind',
      fixes: replaceWith('Use a legacy adapter', cst, 'legacy'),
    });
  }
  if (kind === 'enlightened' && nic.kind === 'legacy' && soundValue(child.generation) !== 2) {
    report('HV308', 'An emulated adapter: this child could use the synthetic one.', {
      node: nic,
      property: 'kind',
      fixes: replaceWith('Use a synthetic adapter', cst, 'synthetic'),
    });
  }
}

function checkGeneration2(child: ChildDeclaration, report: Report): void {
  const { kind } = child;
  const guest = findGuest(child.operatingSystem);
  const who =
    kind === 'legacy' || kind === 'xen' ? `A ${kind} child` : guest?.generation2 === false ? guest.title : undefined;
  if (who !== undefined)
    report('HV307', `${who} does not run in generation 2.`, { node: child, property: 'generation' });
  for (const node of child.disks) {
    if (node.controller !== 'ide') continue;
    const cst = GrammarUtils.findNodeForProperty(node.$cstNode, 'controller');
    const fixes = replaceWith('Use scsi', cst, 'scsi');
    report('HV303', 'A generation 2 machine has no IDE controller.', { node, property: 'controller', fixes });
  }
  for (const node of child.nics) {
    if (node.kind !== 'legacy') continue;
    const cst = GrammarUtils.findNodeForProperty(node.$cstNode, 'kind');
    const fixes = replaceWith('Use a synthetic adapter', cst, 'synthetic');
    report('HV303', 'A generation 2 machine has no legacy network adapter.', { node, property: 'kind', fixes });
  }
}

/** A child without any disk may boot from the network; one that boots a kernel needs no disk. */
function checkBootDisk(child: ChildDeclaration, report: Report): void {
  const [node] = child.disks;
  // A legacy child gets the more precise HV301 for every disk.
  if (node === undefined || kindOf(child) === 'machine' || kindOf(child) === 'legacy') return;
  if (child.disks.some(({ controller }) => controller === 'ide')) return;
  report('HV304', `'${child.name}' has no disk to boot from: a generation 1 machine boots from IDE.`, {
    node,
    property: 'file',
    fixes: viaIde(node),
  });
}

function viaIde(disk: DiskDeclaration): Fix[] {
  const controller = GrammarUtils.findNodeForProperty(disk.$cstNode, 'controller');
  if (controller) return replaceWith('Attach it via ide', controller, 'ide');
  return addBehind('Attach it via ide', GrammarUtils.findNodeForProperty(disk.$cstNode, 'physicalDisk'), ' via ide');
}
