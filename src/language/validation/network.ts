import { AstUtils } from 'langium';
import { outsideAdapter, pathBetween } from '../../model/network-path.js';
import { type ChildDeclaration, isHostDeclaration } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import type { Report } from './report.js';

/** Whether the work of a child reaches anybody over the network. */
export function checkWorkNetwork(child: ChildDeclaration, report: Report): void {
  const workload = child.workload?.ref;
  if (workload === undefined) return;
  const sends = (soundValue(workload.send) ?? 0) > 0;
  const receives = (soundValue(workload.receive) ?? 0) > 0;
  if (child.peer?.ref !== undefined) checkPeer(child, child.peer.ref, sends, report);
  checkOutside(child, sends && child.peer === undefined, receives, report);
}

function checkPeer(child: ChildDeclaration, peer: ChildDeclaration, sends: boolean, report: Report): void {
  const place = { node: child, property: 'peer' } as const;
  if (peer === child) report('HV613', `'${child.name}' sends to itself.`, place);
  else if (pathBetween({ nics: placesOf(child) }, { nics: placesOf(peer) }) === null) {
    const where = 'an adapter on the same switch and in the same VLAN';
    report('HV613', `'${child.name}' cannot reach '${peer.name}': they do not both have ${where}.`, place);
  } else if (!sends) report('HV614', `'${child.workload?.$refText}' sends nothing to '${peer.name}'.`, place);
}

function checkOutside(child: ChildDeclaration, sends: boolean, receives: boolean, report: Report): void {
  const host = AstUtils.getContainerOfType(child, isHostDeclaration);
  const places = placesOf(child);
  if ((!sends && !receives) || host === undefined || places.length < child.nics.length) return;
  const switches = host.switches.map(({ name, kind }) => ({ name, kind: kind ?? ('external' as const) }));
  if (outsideAdapter(places, switches) >= 0) return;
  const why = places.length === 0 ? 'it has no network adapter' : 'nobody but children is behind its adapters';
  const both = sends && receives;
  const what = both ? 'sends to nobody and is asked by nobody' : sends ? 'sends to nobody' : 'is asked by nobody';
  report('HV612', `'${child.name}' ${what} over the network: ${why}.`, { node: child, property: 'workload' });
}

/** Adapters whose switch is known, as the model has them. */
function placesOf(child: ChildDeclaration): { switch: string; vlan: number | null }[] {
  return child.nics.flatMap((nic) => {
    const name = nic.switch?.ref?.name;
    return name === undefined
      ? []
      : { switch: name, vlan: soundValue(nic.trunk ? nic.trunk.native : nic.vlan) ?? null };
  });
}
