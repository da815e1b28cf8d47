/** The instances that each counter object has in a snapshot, named as Hyper-V and Windows name them. */
import type {
  AdapterSnapshot,
  ChannelSnapshot,
  DynamicMemorySnapshot,
  PartitionSnapshot,
  Snapshot,
  SwitchSnapshot,
  VpTimes,
  WorkSnapshot,
} from '../../../protocol/snapshot.js';
import type { Instance } from './counter.js';

export function logicalProcessors({
  logicalProcessors: lps,
}: Snapshot): Instance<Snapshot['logicalProcessors'][number]>[] {
  if (lps.length === 0) return [];
  const mean = (pick: (lp: (typeof lps)[number]) => number) => lps.reduce((sum, lp) => sum + pick(lp), 0) / lps.length;
  const total = { busyPercent: mean((lp) => lp.busyPercent), hypervisorPercent: mean((lp) => lp.hypervisorPercent) };
  return [
    ...lps.map((of, index) => ({ instance: `Hv LP ${index}`, labels: { lp: `${index}` }, of })),
    { instance: '_Total', labels: null, of: total },
  ];
}

export function rootPartition(snapshot: Snapshot): Instance<PartitionSnapshot>[] {
  return snapshot.partitions
    .filter(({ role }) => role === 'parent')
    .map((of) => ({ instance: '_Total', labels: {}, of }));
}

/** Every virtual processor of every child, as Hyper-V names them. */
export function eachVirtualProcessor(snapshot: Snapshot): Instance<VpTimes>[] {
  return existing(snapshot).flatMap(({ name, vpTimes }) =>
    vpTimes.map((of, vp) => ({ instance: `${name}:Hv VP ${vp}`, labels: { vm: name, vp: `${vp}` }, of })),
  );
}

export type VpFigures = Pick<PartitionSnapshot, 'vpPercent' | 'exitsPerSecond'>;

/** Exits are counted for the virtual processors of a child together: `web:_Total`. */
export function virtualProcessors(snapshot: Snapshot): Instance<VpFigures>[] {
  const children = existing(snapshot);
  if (children.length === 0) return [];
  return [
    ...children.map((of) => ({ instance: `${of.name}:_Total`, labels: { vm: of.name }, of })),
    { instance: '_Total', labels: null, of: allTogether(children) },
  ];
}

/** As Performance Monitor does it: shares are averaged over the virtual processors, rates are added. */
function allTogether(children: PartitionSnapshot[]): VpFigures {
  let vps = 0;
  let percents = 0;
  const exitsPerSecond: Record<string, number> = {};
  for (const {
    virtualProcessors: { count },
    vpPercent,
    exitsPerSecond: rates,
  } of children) {
    vps += count;
    percents += count * vpPercent;
    for (const [reason, rate] of Object.entries(rates)) exitsPerSecond[reason] = (exitsPerSecond[reason] ?? 0) + rate;
  }
  return { vpPercent: vps === 0 ? 0 : percents / vps, exitsPerSecond };
}

export function childrenThatExist(snapshot: Snapshot): Instance<PartitionSnapshot>[] {
  return existing(snapshot).map((of) => ({ instance: of.name, labels: { vm: of.name }, of }));
}

/** A partition that does not exist has no instance, in Performance Monitor as here. */
function existing(snapshot: Snapshot): PartitionSnapshot[] {
  const states = ['starting', 'running', 'paused', 'saving', 'restoring', 'migrating', 'stopping'];
  return snapshot.partitions.filter(({ role, state }) => role === 'child' && states.includes(state));
}

/** Children whose memory follows their demand; Performance Monitor has them in this object only. */
export function dynamicChildren(snapshot: Snapshot): Instance<DynamicMemorySnapshot>[] {
  return existing(snapshot).flatMap(({ name, memory: { dynamic } }) =>
    dynamic === null ? [] : [{ instance: name, labels: { vm: name }, of: dynamic }],
  );
}

export function memoryBalancer({ memory: { balancer } }: Snapshot): Instance<NonNullable<typeof balancer>>[] {
  return balancer === null ? [] : [{ instance: 'System Balancer', labels: {}, of: balancer }];
}

export function workloads(snapshot: Snapshot): Instance<WorkSnapshot>[] {
  return existing(snapshot).flatMap(({ name, work }) =>
    work === null ? [] : [{ instance: name, labels: { vm: name }, of: work }],
  );
}

export function channels(snapshot: Snapshot): Instance<ChannelSnapshot>[] {
  return snapshot.channels.map((of) => ({
    instance: `${of.child}:${of.device}`,
    labels: { vm: of.child, device: of.device },
    of,
  }));
}

/** The first adapter of a child, and further ones with their number. */
export function networkAdapters(snapshot: Snapshot): Instance<AdapterSnapshot>[] {
  return snapshot.adapters.map((of) => ({
    instance: `${of.child}_Network Adapter${of.adapter === 0 ? '' : ` #${of.adapter + 1}`}`,
    labels: { vm: of.child, adapter: `${of.adapter}` },
    of,
  }));
}

export function switches(snapshot: Snapshot): Instance<SwitchSnapshot>[] {
  return snapshot.switches.map((of) => ({ instance: of.name, labels: { switch: of.name }, of }));
}

export function disks(snapshot: Snapshot): Instance<Snapshot['disks'][number]>[] {
  return snapshot.disks.map((of, index) => ({ instance: `${index} ${of.name}`, labels: { disk: of.name }, of }));
}

export function nics(snapshot: Snapshot): Instance<Snapshot['nics'][number]>[] {
  return snapshot.nics.map((of) => ({ instance: of.name, labels: { nic: of.name }, of }));
}
