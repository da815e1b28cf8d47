import type { HostModel } from '../model/host-model.js';
import type { RunEvent } from '../protocol/snapshot.js';
import type { ArchitectureDescription } from './architecture/architecture.js';
import type { Disk } from './hardware/disk.js';
import type { NetworkAdapter } from './hardware/network-adapter.js';
import type { SystemMemory } from './hardware/system-memory.js';
import type { Exits } from './hypervisor/exits.js';
import type { Processors } from './hypervisor/processors.js';
import type { VirtualProcessors } from './hypervisor/virtual-processors.js';
import type { FreeSpace } from './parent/life/free-space.js';
import type { ModelledSwitch } from './parent/network/modelled-switch.js';
import type { RootPartition } from './parent/root-partition.js';
import type { RunCommons } from './run-commons.js';
import type { Timers } from './timers.js';
import type { CostLedger } from './trace/cost-ledger.js';
import type { Timeline } from './trace/timeline.js';

/** The parts of a running host that its partitions are built from. */
export interface HostParts {
  model: HostModel;
  architecture: ArchitectureDescription;
  seed: number;
  timers: Timers;
  costs: CostLedger;
  memory: SystemMemory;
  vps: VirtualProcessors;
  lps: Processors;
  exits: Exits;
  root: RootPartition;
  disks: ReadonlyMap<string, Disk>;
  /** Where files lie on the disks. */
  freeSpace: FreeSpace;
  nics: ReadonlyMap<string, NetworkAdapter>;
  switches: ReadonlyMap<string, ModelledSwitch>;
  log: RunLog;
  /** Null unless the run was asked for a timeline. */
  timeline: Timeline | null;
}

/** Tells what happens on one host. */
export class RunLog {
  constructor(
    private readonly commons: RunCommons,
    /** Said with every event; null on the host that the run is about. */
    private readonly host: string | null,
  ) {}

  /** Records something that happens now; with `durationNs`, that ends now. */
  record(
    category: RunEvent['category'],
    partition: string | null,
    title: string,
    more: { detail?: string; durationNs?: number } = {},
  ): void {
    const { timers, events } = this.commons;
    const event: RunEvent = { timeNs: timers.nowNs, partition, category, title, ...more };
    if (this.host !== null) event.host = this.host;
    events.push(event);
  }
}
