import { hotPlugObstacle } from '../../model/catalog/hot-plug.js';
import {
  type AdapterAction,
  type DiskAction,
  type HostDeclaration,
  isAdapterAction,
  isDiskAction,
  isNicAction,
  type NicAction,
  type ScenarioDeclaration,
} from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { releaseOf } from './hypervisor.js';
import type { Report } from './report.js';

/** What happens to disks and network adapters: it has an effect, and what is repaired was broken. */
export function checkDeviceActions(scenario: ScenarioDeclaration, report: Report): void {
  const broken = new Set<string>();
  for (const { action, host: peer } of scenario.steps) {
    const host = (peer ?? scenario.host)?.ref;
    if (isAdapterAction(action)) {
      if (host) checkAdapter(action, host, report);
      if (action.child)
        checkWhole(action, `nic ${soundValue(action.number) ?? 1} of ${action.child.$refText}`, '', broken, report);
      continue;
    }
    if (!isDiskAction(action) && !isNicAction(action)) continue;
    const device = deviceOf(action);
    if (device === undefined) continue;
    if (host && !isUsed(action, host)) report('HV622', `Nobody on '${host.name}' uses '${device}'.`, { node: action });
    checkWhole(action, device, host?.name ?? '', broken, report);
  }
}

function checkWhole(
  action: DiskAction | NicAction | AdapterAction,
  device: string,
  host: string,
  broken: Set<string>,
  report: Report,
): void {
  const place = `${device} of ${host}`;
  if (action.verb !== 'repair' && action.verb !== 'plugin') broken.add(place);
  else if (!broken.delete(place)) report('HV621', `Nothing has happened to '${device}' before.`, { node: action });
}

function checkAdapter(action: AdapterAction, host: HostDeclaration, report: Report): void {
  const child = action.child?.ref;
  const { hypervisor } = host;
  if (child === undefined || hypervisor === undefined) return;
  const number = soundValue(action.number) ?? 1;
  const nic = child.nics[number - 1];
  if (nic === undefined) {
    const has = child.nics.length === 1 ? 'one network adapter' : `${child.nics.length || 'no'} network adapters`;
    report('HV623', `'${child.name}' has ${has}.`, { node: action });
    return;
  }
  const obstacle = hotPlugObstacle({
    architecture: hypervisor.architecture,
    release: releaseOf(hypervisor)?.id ?? null,
    generation: soundValue(child.generation) === 2 ? 2 : 1,
    legacy: nic.kind === 'legacy' || (nic.kind === undefined && child.kind === 'legacy'),
  });
  if (obstacle !== null)
    report('HV624', `As long as '${child.name}' runs, its adapter stays: ${obstacle}.`, { node: action });
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
