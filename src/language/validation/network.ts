import { pathBetween } from '../../model/network-path.js';
import type { ChildDeclaration } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import type { Report } from './report.js';

/** Whether the work of a child reaches anybody over the network. */
export function checkWorkNetwork(child: ChildDeclaration, report: Report): void {
  const workload = child.workload?.ref;
  if (workload === undefined) return;
  const sends = (soundValue(workload.send) ?? 0) > 0;
  if (child.peer === undefined) checkOutside(child, sends, report);
  else if (child.peer.ref !== undefined) checkPeer(child, child.peer.ref, sends, report);
}

function checkPeer(child: ChildDeclaration, peer: ChildDeclaration, sends: boolean, report: Report): void {
  const place = { node: child, property: 'peer' } as const;
  if (peer === child) report('HV613', `'${child.name}' sends to itself.`, place);
  else if (pathBetween({ nics: placesOf(child) }, { nics: placesOf(peer) }) === null) {
    const where = 'an adapter on the same switch and in the same VLAN';
    report('HV613', `'${child.name}' cannot reach '${peer.name}': they do not both have ${where}.`, place);
  } else if (!sends) report('HV614', `'${child.workload?.$refText}' sends nothing to '${peer.name}'.`, place);
}

function checkOutside(child: ChildDeclaration, sends: boolean, report: Report): void {
  const receives = (soundValue(child.workload?.ref?.receive) ?? 0) > 0;
  if (!sends && !receives) return;
  const [nic] = child.nics;
  const network = nic?.switch?.ref;
  if (nic !== undefined && network === undefined) return;
  const leads = network?.kind === 'external' || (network?.kind === 'internal' && nic?.vlan === undefined);
  if (leads) return;
  const why = network === undefined ? 'it has no network adapter' : `nobody but children is on '${network.name}'`;
  const what =
    sends && receives ? 'sends to nobody and is asked by nobody' : sends ? 'sends to nobody' : 'is asked by nobody';
  report('HV612', `'${child.name}' ${what} over the network: ${why}.`, { node: child, property: 'workload' });
}

/** Adapters whose switch is known, as the model has them. */
function placesOf(child: ChildDeclaration): { switch: string; vlan: number | null }[] {
  return child.nics.flatMap((nic) => {
    const name = nic.switch?.ref?.name;
    return name === undefined ? [] : { switch: name, vlan: soundValue(nic.vlan) ?? null };
  });
}
