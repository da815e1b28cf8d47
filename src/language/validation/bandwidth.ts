import { AstUtils } from 'langium';
import { formatBitsPerSecond } from '../../model/format.js';
import {
  type BandwidthClause,
  type HostDeclaration,
  isChildDeclaration,
  isHostDeclaration,
  isNicDeclaration,
} from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { releaseOf } from './hypervisor.js';
import type { Report } from './report.js';

/** Whether this release and this adapter know of bandwidth at all, and whether the minimum is below the maximum. */
export function checkBandwidth(clause: BandwidthClause, report: Report): void {
  const nic = AstUtils.getContainerOfType(clause, isNicDeclaration);
  const child = AstUtils.getContainerOfType(clause, isChildDeclaration);
  const host = AstUtils.getContainerOfType(clause, isHostDeclaration);
  const place = { node: nic ?? clause, property: 'bandwidth' };
  if (host?.hypervisor?.architecture === 'hyper-v') {
    const release = releaseOf(host.hypervisor);
    if (release?.bandwidthManagement === false) {
      report('HV524', `${release.title} has no bandwidth management; it came with Windows Server 2012.`, place);
      return;
    }
  }
  if (nic?.kind === 'legacy' || (nic?.kind === undefined && child?.kind === 'legacy')) {
    report('HV315', 'A legacy network adapter knows no bandwidth limit, reserve or weight.', place);
    return;
  }
  const [limit, reserve] = [soundValue(clause.limit), soundValue(clause.reserve)];
  if (limit !== undefined && reserve !== undefined && reserve > limit) {
    report('HV316', 'The reserved bandwidth is larger than the limit.', { node: clause, property: 'reserve' });
  }
}

/** A switch has one kind of minimum bandwidth, and a wire that carries what is reserved. */
export function checkBandwidths(host: HostDeclaration, report: Report): void {
  for (const network of host.switches) {
    const clauses = host.children.flatMap(({ nics }) =>
      nics.filter((nic) => nic.switch?.$refText === network.name).flatMap(({ bandwidth }) => bandwidth ?? []),
    );
    const reserving = clauses.filter(({ reserve }) => reserve !== undefined);
    const weighing = clauses.find(({ weight }) => weight !== undefined);
    if (weighing && reserving.length > 0) {
      const message = `Adapters on '${network.name}' reserve bandwidth by bits per second: a switch has one kind of minimum.`;
      report('HV314', message, { node: weighing, property: 'weight' });
    }
    const speed = soundValue(network.nic?.ref?.speed);
    let left = speed ?? Number.POSITIVE_INFINITY;
    for (const clause of reserving) {
      left -= soundValue(clause.reserve) ?? 0;
      if (left >= 0 || speed === undefined) continue;
      const message = `More is reserved on '${network.name}' than the ${formatBitsPerSecond(speed)} of its network adapter.`;
      report('HV316', message, { node: clause, property: 'reserve' });
      break;
    }
  }
}
