import { logicalProcessors } from '../model/admission.js';
import { PARENT_NAME } from '../model/devices.js';
import type { Child, HostModel } from '../model/host-model.js';
import { ARCHITECTURES } from './architecture/architectures.js';
import { buildProcessors } from './build-processors.js';
import { Disk } from './hardware/disk.js';
import { framingOf } from './hardware/framing.js';
import { NetworkAdapter } from './hardware/network-adapter.js';
import { SystemMemory } from './hardware/system-memory.js';
import { type HostParts, RunLog } from './host-parts.js';
import { Exits } from './hypervisor/exits.js';
import { VirtualProcessors } from './hypervisor/virtual-processors.js';
import { type ChildListener, ChildMachine } from './parent/child-machine.js';
import { layOutDisks } from './parent/disk-layout.js';
import { createSwitches } from './parent/network/create-switches.js';
import { RootPartition } from './parent/root-partition.js';
import type { RunCommons } from './run-commons.js';
import { CostLedger } from './trace/cost-ledger.js';
import { Timeline } from './trace/timeline.js';

export interface BuiltHost {
  parts: HostParts;
  /** Its own, in the order of the file, and then those who may come. */
  children: ChildMachine[];
  /** The machine of a child that may come from another host. */
  addVisitor(native: ChildMachine): ChildMachine;
  /** The scheduler takes its place once every VP is known. */
  installScheduler(): void;
}

/** How a host is part of a run. */
export interface Membership {
  commons: RunCommons;
  /** Null for the host that the run is about. */
  peer: string | null;
  seed: number;
  trace: boolean;
  /** The children that may come to it from others. */
  visitors: readonly Child[];
}

/** Puts a host together from its model, switched off. */
export function buildHost(model: HostModel, membership: Membership, listener: ChildListener): BuiltHost {
  const { commons, peer, seed, trace, visitors } = membership;
  const { timers, freeSpace } = commons;
  const costs = new CostLedger(model);
  const lpCount = logicalProcessors(model.hardware);
  const architecture = ARCHITECTURES[model.hypervisor.architecture];
  const rootVps = parentVpCount(model, lpCount);
  const everybody = [...model.children, ...visitors];
  const vps = new VirtualProcessors(rootVps + everybody.reduce((sum, child) => sum + child.processors.count, 0));
  const { bytes, numaNodes } = model.hardware.memory;
  const children: ChildMachine[] = [];
  const { processors: lps, install } = buildProcessors(
    { model, costs, timers, vps },
    (vp, node) => children[vps.partition[vp]! - 1]?.partition?.remoteShare(node) ?? 0,
  );
  const names = [PARENT_NAME, ...everybody.map(({ name }) => name)];
  const timeline = trace ? new Timeline(lpCount, vps, names) : null;
  lps.timeline = timeline;
  const root = new RootPartition(timers, lps, 0, rootVps, timeline);
  vps.add(0, rootVps, architecture.scheduling.parentShare(model, lpCount, rootVps), root);
  if (architecture.parent === 'pinned') for (let vp = 0; vp < rootVps; vp++) vps.pinned[vp] = vp;

  const disks = new Map(
    model.hardware.disks.map((disk) => {
      const make = () => new Disk(timers, disk, costs, seed, timeline);
      return [disk.name, disk.shared ? commons.sharedDisk(disk.name, make) : make()];
    }),
  );
  const sendTimeoutNs = costs.get('send-timeout').amount;
  const framing = framingOf(costs);
  const nics = new Map(
    model.hardware.nics.map((nic) => [nic.name, new NetworkAdapter(timers, nic, sendTimeoutNs, framing)]),
  );
  const switches = createSwitches(
    { ...model, children: everybody },
    timers,
    costs,
    nics,
    architecture.parent === null ? null : root,
    commons.network,
  );
  const memory = new SystemMemory(bytes, Math.max(1, numaNodes));
  const exits = new Exits(vps, everybody.length + 1);
  const files = layOutDisks(model, disks, freeSpace);
  const parts: HostParts = {
    model,
    architecture,
    seed,
    timers,
    costs,
    memory,
    vps,
    lps,
    exits,
    root,
    disks,
    freeSpace,
    nics,
    switches,
    log: new RunLog(commons, peer),
    timeline,
  };

  for (const [i, child] of model.children.entries())
    children.push(new ChildMachine(parts, child, i + 1, { files: files.get(child) ?? [] }, listener));
  const addVisitor = ({ child, residence }: ChildMachine) => {
    const visitor = new ChildMachine(parts, child, children.length + 1, { residence }, listener);
    children.push(visitor);
    return visitor;
  };
  return { parts, children, addVisitor, installScheduler: install };
}

/** One VP per LP unless the file asks for fewer ("minroot"); none where the architecture has no privileged domain. */
function parentVpCount(model: HostModel, lpCount: number): number {
  if (ARCHITECTURES[model.hypervisor.architecture].parent === null) return 0;
  return Math.max(1, Math.min(lpCount, model.parent?.virtualProcessors ?? lpCount));
}
