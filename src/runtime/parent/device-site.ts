import type { Child } from '../../model/host-model.js';
import type { DriverMemory } from '../child/driver-memory.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import type { HostParts } from '../host-parts.js';
import type { ChannelDevice, Traffic } from '../vmbus/traffic.js';
import type { BackEnd } from './back-end.js';
import type { PluggedKind } from './device-plugging.js';
import type { ChildMemory } from './dynamic-memory/child-memory.js';
import type { MonitorAlarm } from './monitor-alarm.js';
import type { VirtualAdapter } from './network/virtual-adapter.js';
import type { DiskFile } from './storage-provider.js';

/** What the devices of one running child are built from. */
export interface DeviceSite {
  parts: HostParts;
  child: Child;
  guest: ModelledGuest;
  /** A machine child asks its work for something. */
  asked(): void;
  firstVp: number;
  memory: DriverMemory;
  /** In the order of the child's disks. */
  files: readonly DiskFile[];
  /** In the order of the child's adapters. */
  adapters: readonly VirtualAdapter[];
  /** Which of its adapters and disks were taken out. */
  unplugged: Readonly<Record<PluggedKind, ReadonlySet<number>>>;
  /** Where the back ends run. */
  backEnd: BackEnd;
  /** When the hypervisor looks for its signals. */
  monitors: MonitorAlarm;
  traffic: Record<ChannelDevice, Traffic>;
  /** Null where the child's memory stays what it starts with. */
  dynamicMemory: ChildMemory | null;
}
