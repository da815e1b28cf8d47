/**
 * The one answer to whether a child can move from one host to another, and how: the editor's diagnostics and the engine's
 * refusal are these functions.
 */
import { isSince } from './catalog/checkpoints.js';
import { LIVE_MIGRATION } from './catalog/migrations.js';
import { findRelease } from './catalog/releases.js';
import type { Child, HostModel } from './host-model.js';
import type { MigrationMode } from './scenario.js';

/** From this release on, machines of one release move to the hosts of newer ones. */
const ACROSS_RELEASES = '2012';

/** How a child moves when nobody says: live where both hosts can. */
export function usualMode(from: HostModel, to: HostModel): MigrationMode {
  return migratesLive(from) && migratesLive(to) ? 'live' : 'quick';
}

/** Why no child moves from one host to the other in this way, one sentence each. */
export function hostObstacles(from: HostModel, to: HostModel, mode: MigrationMode): string[] {
  if (from.name === to.name) return [`It is on '${to.name}' already.`];
  const stranger = [from, to].find(({ hypervisor }) => hypervisor.architecture !== 'hyper-v');
  if (stranger) return [`'${stranger.name}' does not run Hyper-V: only between two such hosts do children move here.`];
  return [
    ...releaseObstacles(from, to),
    ...processorObstacles(from, to),
    ...(mode === 'live' ? [...liveObstacles(from), ...liveObstacles(to)] : []),
  ];
}

/** Why this child does not move, whatever the hosts can. */
export function childObstacles(child: Child, from: HostModel, to: HostModel): string[] {
  if (child.kind === 'machine') return [`'${child.name}' boots a real kernel: only modelled guests move.`];
  const missingSwitch = child.nics.find((nic) => !to.switches.some(({ name }) => name === nic.switch));
  const { group } = child.processors;
  return [
    ...(to.children.some(({ name }) => name === child.name)
      ? [`'${to.name}' has a child '${child.name}' of its own.`]
      : []),
    ...child.disks.flatMap((disk) => {
      if (disk.allocation === 'pass-through') return [`The pass-through disk ${disk.file} belongs to its host.`];
      return [from, to]
        .filter((host) => !hasShared(host, disk.physicalDisk))
        .map(({ name }) => `${disk.file} lies on '${disk.physicalDisk}', which is no shared disk of '${name}'.`);
    }),
    ...(missingSwitch ? [`'${to.name}' has no switch '${missingSwitch.switch}'.`] : []),
    ...(group !== undefined && !to.cpuGroups.some(({ name }) => name === group)
      ? [`'${to.name}' has no CPU group '${group}'.`]
      : []),
  ];
}

function migratesLive({ hypervisor }: HostModel): boolean {
  return isSince(hypervisor.release, LIVE_MIGRATION.since);
}

function liveObstacles(host: HostModel): string[] {
  const { name, hypervisor, migration } = host;
  if (!migratesLive(host)) return [`Hyper-V ${hypervisor.release} on '${name}' has no live migration.`];
  const nic = host.hardware.nics.some((each) => each.name === migration?.nic);
  return nic ? [] : [`'${name}' has no migration network: \`migration on\` names its adapter.`];
}

function releaseObstacles(from: HostModel, to: HostModel): string[] {
  const [old, young] = [from.hypervisor.release, to.hypervisor.release];
  if (old === young || old === null || young === null) return [];
  if (findRelease(old) === undefined || findRelease(young) === undefined) return [];
  if (isSince(old, ACROSS_RELEASES) && isSince(young, old)) return [];
  return [`A machine of Hyper-V ${old} does not move to Hyper-V ${young}.`];
}

/** A guest that has seen the processor of one vendor does not go on on that of another. */
function processorObstacles(from: HostModel, to: HostModel): string[] {
  const [here, there] = [vendorOf(from), vendorOf(to)];
  if (here === null || there === null || here === there) return [];
  return [`'${from.name}' has processors of ${here}, '${to.name}' of ${there}.`];
}

/** By the title of the processor; null where that does not say it. */
function vendorOf({ hardware }: HostModel): 'AMD' | 'Intel' | null {
  const { title } = hardware.processor;
  if (/\b(AMD|Opteron|EPYC|Athlon|Ryzen)\b/i.test(title)) return 'AMD';
  return /\b(Intel|Xeon|Core|Pentium)\b/i.test(title) ? 'Intel' : null;
}

function hasShared({ hardware }: HostModel, disk: string): boolean {
  return hardware.disks.some(({ name, shared }) => name === disk && shared === true);
}
