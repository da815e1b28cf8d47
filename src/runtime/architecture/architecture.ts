import type { CostId } from '../../model/catalog/costs.js';
import type { Child, ChildProcessors, HostModel } from '../../model/host-model.js';
import type { HostPhase } from '../../protocol/snapshot.js';
import type { ProcessorView, Scheduler } from '../hypervisor/scheduler.js';
import type { VirtualProcessors, VpShare } from '../hypervisor/virtual-processors.js';
import type { Timers } from '../timers.js';
import type { CostLedger } from '../trace/cost-ledger.js';
import type { ChannelDevice } from '../vmbus/traffic.js';

/**
 * What makes one architecture different from another: where the drivers are and who schedules whom. Chosen once when
 * a host is built; nothing else in the engine asks which architecture it runs.
 */
export interface ArchitectureDescription {
  /** For messages: "ESXi". */
  title: string;
  /**
   * The privileged domain's VPs: pinned to an LP each, or going where there is room; null where there is no such
   * domain. Where the host's own operating system is privileged, its VPs are its threads.
   */
  parent: 'pinned' | 'free' | null;
  scheduling: Scheduling;
  devices: DevicePath;
  /** From power on to a host that can start children. */
  boot(model: HostModel): BootStep[];
  start: StartWords;
  /** What of the model has no effect here, or stands for something else; one sentence each. */
  notes(model: HostModel): string[];
}

export interface Scheduling {
  /** As the boot log names it. */
  title(model: HostModel): string;
  /** What of reserve, limit and weight counts here. */
  share(processors: ChildProcessors, model: HostModel): VpShare;
  /** The share of each of the parent's VPs. */
  parentShare(model: HostModel, lpCount: number, parentVps: number): VpShare;
  /** The row that says over which period limits are budgets; null where a file cannot choose. */
  limitPeriod: CostId | null;
  create(site: SchedulerSite): Scheduler;
}

export interface SchedulerSite {
  model: HostModel;
  costs: CostLedger;
  timers: Timers;
  vps: VirtualProcessors;
  processors: ProcessorView;
}

/** The way of a request from a guest's driver to the device and back, as rows of the cost table. */
export interface DevicePath {
  /** An LP turns to another VP. */
  contextSwitch: CostId;
  /** A register access leaves the guest. */
  exit: CostId;
  /** A guest tells its back end that there is something in an empty ring. */
  kick: CostId;
  /** A back end tells its guest the same; null where it is in the hypervisor already. */
  answer: CostId | null;
  /** An interrupt reaches a guest. */
  interrupt: CostId;
  /** What a back end pays for each request beside its driver. */
  perRequest: readonly CostId[];
  /** Devices whose data is copied on the way. */
  copies: readonly ('storage' | 'network')[];
  /** Who runs the back ends: VPs of the parent, or the hypervisor on the VP of the child they serve. */
  backEnd: 'parent' | 'hypervisor';
  /** Who emulates registers: a process on a VP of the parent while the guest's VP is suspended, or that VP itself. */
  emulation: { where: 'parent' | 'in place'; access: CostId };
  /** Xen-enabled guests need the hypercall adapter. */
  xenAdapter: boolean;
  /** What is offered to a child before its guest runs. */
  offers(child: Child): BusEvent[];
  /** Guests find their devices by messages of VMBus. */
  vmbus: boolean;
  /** What else its guest finds when it has booted. */
  greeting(child: Child): BusEvent[];
  connected(device: ChannelDevice): string;
}

export interface BusEvent {
  title: string;
  detail?: string;
}

/** One step of the boot. */
export interface BootStep {
  phase: HostPhase;
  title: string;
  detail?: string;
  /** The row that says how long it takes; null: no time. */
  cost: CostId | null;
  /** The parent's VPs begin with this step. */
  launchesParent?: true;
}

/** The steps of starting a child, in the words of the architecture. */
export interface StartWords {
  create: BusEvent;
  properties(share: VpShare, processors: ChildProcessors): BusEvent;
  initialize: BusEvent;
  deposit(pages: number): BusEvent;
  createVp(vp: number): BusEvent;
  map(pages: number): BusEvent;
  run(child: Child): BusEvent;
}
