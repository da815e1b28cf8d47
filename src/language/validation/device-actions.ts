import {
  type DiskAction,
  type HostDeclaration,
  isDiskAction,
  isNicAction,
  type NicAction,
  type ScenarioDeclaration,
} from '../generated/ast.js';
import type { Report } from './report.js';

/** What happens to disks and network adapters: it has an effect, and what is repaired was broken. */
export function checkDeviceActions(scenario: ScenarioDeclaration, report: Report): void {
  const broken = new Set<string>();
  for (const { action, host: peer } of scenario.steps) {
    if (!isDiskAction(action) && !isNicAction(action)) continue;
    const device = deviceOf(action);
    if (device === undefined) continue;
    const host = (peer ?? scenario.host)?.ref;
    if (host && !isUsed(action, host)) report('HV622', `Nobody on '${host.name}' uses '${device}'.`, { node: action });
    const place = `${device} of ${host?.name}`;
    if (action.verb !== 'repair' && action.verb !== 'plugin') broken.add(place);
    else if (!broken.delete(place)) report('HV621', `Nothing has happened to '${device}' before.`, { node: action });
  }
}

function deviceOf(action: DiskAction | NicAction): string | undefined {
  return isDiskAction(action) ? action.disk?.ref?.name : action.nic?.ref?.name;
}

function isUsed(action: DiskAction | NicAction, host: HostDeclaration): boolean {
  if (isNicAction(action))
    return host.migration?.ref === action.nic.ref || host.switches.some(({ nic }) => nic?.ref === action.nic.ref);
  // A shared disk is perhaps used by others.
  if (action.disk.ref?.shared) return true;
  return host.children.some(({ disks }) => disks.some(({ physicalDisk }) => physicalDisk?.ref === action.disk.ref));
}
