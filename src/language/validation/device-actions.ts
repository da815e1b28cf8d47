import { adapterHotPlugObstacle, diskHotPlugObstacle } from '../../model/catalog/hot-plug.js';
import {
  type ChildDeclaration,
  type DiskAction,
  type HostDeclaration,
  type HypervisorSpec,
  isDiskAction,
  isNicAction,
  isPlugAction,
  type NicAction,
  type PlugAction,
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
    if (isPlugAction(action)) {
      if (host) checkPlugging(action, host, report);
      if (action.child) checkWhole(action, `${nameOf(action)} of ${action.child.$refText}`, '', broken, report);
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
  action: DiskAction | NicAction | PlugAction,
  device: string,
  host: string,
  broken: Set<string>,
  report: Report,
): void {
  const place = `${device} of ${host}`;
  if (action.verb !== 'repair' && action.verb !== 'plugin') broken.add(place);
  else if (!broken.delete(place)) report('HV621', `Nothing has happened to '${device}' before.`, { node: action });
}

function checkPlugging(action: PlugAction, host: HostDeclaration, report: Report): void {
  const child = action.child?.ref;
  const { hypervisor } = host;
  if (child === undefined || hypervisor === undefined) return;
  const all = action.device === 'disk' ? child.disks : child.nics;
  if (numberOf(action) > all.length) {
    const what = action.device === 'disk' ? 'disk' : 'network adapter';
    const has = all.length === 1 ? `one ${what}` : `${all.length || 'no'} ${what}s`;
    report('HV623', `'${child.name}' has ${has}.`, { node: action });
    return;
  }
  const obstacle = obstacleOf(action, child, hypervisor);
  if (obstacle === null) return;
  report('HV624', `As long as '${child.name}' runs, its ${nameOf(action)} stays: ${obstacle}.`, { node: action });
}

/** Why the device stays where it is as long as the guest runs; null: it can go. */
function obstacleOf(action: PlugAction, child: ChildDeclaration, hypervisor: HypervisorSpec): string | null {
  const { architecture } = hypervisor;
  const release = releaseOf(hypervisor)?.id ?? null;
  const legacyChild = child.kind === 'legacy';
  if (action.device === 'disk') {
    const ide = legacyChild || child.disks[numberOf(action) - 1]?.controller === 'ide';
    return diskHotPlugObstacle({ architecture, release, ide });
  }
  const kind = child.nics[numberOf(action) - 1]?.kind;
  return adapterHotPlugObstacle({
    architecture,
    release,
    generation: soundValue(child.generation) === 2 ? 2 : 1,
    legacy: kind === 'legacy' || (kind === undefined && legacyChild),
  });
}

function numberOf({ number }: PlugAction): number {
  return soundValue(number) ?? 1;
}

function nameOf(action: PlugAction): string {
  return `${action.device} ${numberOf(action)}`;
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
