import { AstUtils } from 'langium';
import { isSince } from '../../model/catalog/checkpoints.js';
import { isHostDeclaration, type NicDeclaration } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { releaseOf } from './hypervisor.js';
import type { Report } from './report.js';

const TRUNKS_SINCE = '2012';

/** Whether the release knows trunks of virtual adapters, and whether this one has VLANs. */
export function checkTrunk(nic: NicDeclaration, report: Report): void {
  const { trunk } = nic;
  if (trunk === undefined) return;
  const host = AstUtils.getContainerOfType(nic, isHostDeclaration);
  const release = host?.hypervisor?.architecture === 'hyper-v' ? releaseOf(host.hypervisor) : undefined;
  if (release && !isSince(release.id, TRUNKS_SINCE))
    report('HV527', `${release.title} has no trunks; they came with Windows Server 2012.`, { node: trunk });
  if (nic.vlan) report('HV103', 'An adapter is on one VLAN or on a trunk.', { node: nic, property: 'vlan' });
  for (const { first, last, $cstNode } of trunk.allowed) {
    const [from, to] = [soundValue(first), soundValue(last)];
    if (from === undefined || to === undefined || from <= to || !$cstNode) continue;
    report('HV319', `There is no VLAN from ${from} to ${to}.`, { node: trunk, range: $cstNode.range });
  }
}
