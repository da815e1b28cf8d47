import { dynamicMemoryOf } from '../../model/dynamic-memory.js';
import { formatBytes } from '../../model/format.js';
import type { Child } from '../../model/host-model.js';
import type { PartitionState } from '../../protocol/protocol.js';
import { DriverMemory } from '../child/driver-memory.js';
import { GuestBoot } from '../child/guest-boot.js';
import type { GuestDevice } from '../child/guest-device.js';
import { MemoryDemand } from '../child/memory-demand.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import type { AddressSpace } from '../hypervisor/address-space.js';
import { Partition } from '../hypervisor/partition.js';
import type { HvStatus } from '../hypervisor/tlfs/status.js';
import { type Guest, Suspension } from '../hypervisor/virtual-processors.js';
import type { TimerOwner } from '../timers.js';
import type { Cost } from '../trace/cost-ledger.js';
import { hasShutdownService } from '../vmbus/offers.js';
import { type ChannelDevice, noTraffic, type Traffic } from '../vmbus/traffic.js';
import { HypervisorBackEnd } from './back-end.js';
import { type ChildDevices, connectDevices, openChannels } from './child-devices.js';
import { ChildWork } from './child-work.js';
import { createChain } from './create-chain.js';
import { createGuest } from './create-guest.js';
import type { PlacedFile } from './disk-layout.js';
import { ChildMemory } from './dynamic-memory/child-memory.js';
import { SmartPaging } from './dynamic-memory/smart-paging.js';
import { IntegrationClock } from './integration-host.js';
import { Checkpoints } from './life/checkpoints.js';
import type { DifferencingChain } from './life/differencing-chain.js';
import { SavedState } from './life/saved-state.js';
import { VirtualAdapter } from './network/virtual-adapter.js';

/** Hears of what children do that others evaluate. */
export interface ChildListener {
  answered(child: ChildMachine, latencyNs: number): void;
  /** A request ended with an error of a device. */
  failed(child: ChildMachine): void;
  stateChanged(child: ChildMachine): void;
}

/** A guest that is not there: a VP of a partition that was not started. */
const NOBODY: Guest = { next: () => 0, interrupt: (_vp, leftNs) => leftNs };

/** One child: its virtual machine's state, its partition, its guest and its work. */
export class ChildMachine implements TimerOwner {
  state: PartitionState = 'off';
  reason: string | undefined;
  partition: Partition | null = null;
  guest: ModelledGuest | null = null;
  devices: ChildDevices | null = null;
  readonly work: ChildWork;
  /** What went over its channels. */
  readonly traffic: Record<ChannelDevice, Traffic> = {
    storage: noTraffic(),
    network: noTraffic(),
    memory: noTraffic(),
  };
  /** CPU time that was charged but not run, because the child was taken down. */
  lostNs = 0;
  /** Its guest has been up since the host was switched on: another start is a restart. */
  hasRun = false;
  /** Called when the child has come to rest. */
  onStopped: (child: ChildMachine) => void = () => {};
  /** Called when its memory becomes more or less than what it was admitted with. */
  onResized: (child: ChildMachine, bytes: number) => void = () => {};
  /** Null where its memory stays what it starts with. */
  readonly dynamic: ChildMemory | null;
  readonly disks: readonly DifferencingChain[];
  readonly adapters: readonly VirtualAdapter[];
  readonly saved: SavedState;
  readonly checkpoints: Checkpoints;
  readonly firstVp: number;
  readonly demand: MemoryDemand;
  private readonly slot: number;
  private readonly clock: IntegrationClock;
  private told = '';
  /** Its guest has booted, and is there: at work, or in a saved state. */
  private isUp = false;
  private guestSpace: AddressSpace | undefined;
  private awaited: () => void = () => {};
  private smartPaging: SmartPaging | null = null;

  constructor(
    private readonly parts: HostParts,
    readonly child: Child,
    /** Row of the partition in the host's tables; the root is 0. */
    readonly partitionIndex: number,
    files: readonly PlacedFile[],
    private readonly listener: ChildListener,
  ) {
    const share = parts.architecture.scheduling.share(child.processors, parts.model);
    this.firstVp = parts.vps.add(partitionIndex, child.processors.count, share, NOBODY);
    this.slot = parts.timers.add(this);
    this.clock = new IntegrationClock(parts.timers);
    this.disks = files.map((file, i) => createChain(parts, child.name, child.disks[i]!, file));
    this.adapters = child.nics.map((_, index) => new VirtualAdapter(parts, child, index));
    this.saved = new SavedState(parts, this, files[0] ?? placeAnywhere(parts));
    this.checkpoints = new Checkpoints(parts, this);
    this.demand = new MemoryDemand(child);
    const bounds = dynamicMemoryOf(parts.model, child);
    this.dynamic = bounds
      ? new ChildMemory({
          parts,
          name: child.name,
          traffic: this.traffic.memory,
          bounds,
          startupBytes: child.memory.startupBytes,
          demandBytes: () => this.demandBytes,
          resized: (bytes) => this.onResized(this, bytes),
        })
      : null;
    this.work = new ChildWork(
      parts,
      child,
      () => this.guest,
      () => this.devices?.incoming ?? null,
      {
        answered: (latencyNs) => listener.answered(this, latencyNs),
        failed: () => listener.failed(this),
      },
    );
  }

  get name(): string {
    return this.child.name;
  }

  /** Whether its partition exists. */
  get exists(): boolean {
    return this.partition !== null;
  }

  get assignedBytes(): number {
    return (this.partition?.space.pages ?? 0) * PAGE_BYTES;
  }

  /** What its guest needs; as long as it boots, the memory it was given for that. */
  get demandBytes(): number {
    if (!this.exists) return 0;
    if (!this.guest || this.state === 'starting') return this.child.memory.startupBytes;
    return this.demand.bytes(this.guest.requests.underWay);
  }

  setState(state: PartitionState, reason?: string): void {
    this.work.serves(state === 'running');
    this.state = state;
    this.reason = reason;
    this.listener.stateChanged(this);
  }

  createPartition(onlyNode: number | null): Partition {
    this.partition = new Partition(this.name, this.parts.memory, onlyNode, this.guestSpace);
    return this.partition;
  }

  /** Its first memory; with less than its startup memory, the rest is smart paging. */
  mapStartMemory(pages: number): HvStatus {
    const { parts, dynamic, child } = this;
    const partition = this.partition!;
    const status = partition.mapGpaPages(pages);
    if (this.saved.exists) {
      dynamic?.restored(partition);
      return status;
    }
    dynamic?.mapped(partition);
    if (dynamic && dynamic.smartPagedPages > 0) {
      const lent = formatBytes(child.memory.startupBytes - pages * PAGE_BYTES);
      parts.log.record('memory', this.name, 'smart paging', {
        detail: `the host is short of memory: ${lent} of the startup memory are lent by a file`,
      });
    }
    return status;
  }

  /** The last step of a start: the devices are there and VP 0 runs the firmware. */
  unsuspend(partition: Partition): void {
    const { parts, firstVp } = this;
    if (this.guest === null) this.createGuest(partition);
    if (this.saved.exists) {
      this.saved.restore();
      return;
    }
    parts.lps.resume(firstVp, Suspension.Explicit);
    this.after(parts.costs.get('guest-firmware').charge(), () => this.boot());
  }

  private createGuest(partition: Partition): void {
    const { parts, child, firstVp } = this;
    const { costs } = parts;
    this.guest = createGuest(parts, child, firstVp, {
      drivers: () => this.devices!.drivers,
      answered: (latencyNs) => this.work.answered(latencyNs),
      failed: () => this.work.failed(),
      systemFailed: () => this.bootFails(),
      missingShare: () => 1 - this.assignedBytes / Math.max(1, this.demandBytes),
    });
    for (const adapter of this.adapters) adapter.plugIn();
    const inParent = parts.architecture.devices.backEnd === 'parent';
    this.devices = connectDevices(
      {
        parts,
        child,
        firstVp,
        memory: new DriverMemory(() => partition.space.pages),
        files: this.disks,
        adapters: this.adapters,
        guest: this.guest,
        backEnd: inParent ? parts.root : new HypervisorBackEnd(this.guest, child.processors.count),
        traffic: this.traffic,
        dynamicMemory: this.dynamic,
      },
      this.clock,
      { shutDown: () => this.goDown(), told: (values) => this.tell(values) },
    );
    for (let i = 0; i < child.processors.count; i++) parts.vps.guests[firstVp + i] = this.guest;
    const { dynamic } = this;
    if (dynamic && dynamic.smartPagedPages > 0 && this.disks[0]) {
      const [fault, cluster] = [costs.get('smart-paging-fault'), costs.get('paging-cluster').amount];
      const lent = () => dynamic.smartPagedPages;
      this.smartPaging = new SmartPaging(
        this.name,
        parts.root,
        this.disks[0],
        fault,
        Math.max(4096, cluster),
        lent,
        () => this.bootFails(),
      );
    }
  }

  /** Does `then` in `delayNs`, unless the child is taken down before. */
  after(delayNs: number, then: () => void): void {
    this.awaited = then;
    this.parts.timers.arm(this.slot, this.parts.timers.nowNs + delayNs);
  }

  fire(): void {
    this.awaited();
  }

  /** The firmware is done: the operating system boots on VP 0. */
  private boot(): void {
    const { timers, costs } = this.parts;
    const beganNs = timers.nowNs;
    const paging = this.smartPaging;
    const { boot, bus } = this.devices!;
    new GuestBoot(this.guest!, boot, costs, {
      connect: (then) => bus.connect(then),
      pageIn: (parts, then) => (paging ? paging.pageIn(parts, then) : then()),
      booted: () => this.booted(beganNs),
    }).begin();
  }

  /** A clean shutdown, where the guest has the service for it; else it is turned off. */
  shutDown(): void {
    const { parts, child } = this;
    if (this.state === 'saving' || this.state === 'saved') return;
    if (this.state !== 'running') {
      this.turnOff('stopped before it ran');
      return;
    }
    if (child.kind === 'legacy' || !hasShutdownService(child)) {
      this.turnOff('no shutdown service in the guest: turned off');
      return;
    }
    this.setState('stopping');
    this.work.stop();
    parts.log.record('life', this.name, 'shutdown requested', { detail: 'by the shutdown service' });
    const { services } = this.devices!;
    if (services === null) this.goDown();
    else services.requestShutdown(() => this.turnOff('the shutdown service did not answer: turned off'));
  }

  /** The guest has agreed to go down. */
  private goDown(): void {
    this.guest!.runSystem(systemNs(this.parts.costs.get('guest-shutdown')), () =>
      this.devices!.bus.unload(() => this.turnOff('shut down')),
    );
  }

  /** What the guest says of itself, when it says something new. */
  private tell(values: ReadonlyMap<string, string>): void {
    const detail = [...values].map(([key, value]) => `${key} ${value}`).join(', ');
    if (detail === this.told) return;
    this.told = detail;
    this.parts.log.record('vmbus', this.name, 'the guest tells of itself', { detail });
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.suspendVps();
    this.setState('paused');
    this.parts.log.record('life', this.name, 'paused', { detail: 'every VP explicitly suspended' });
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.setState('running');
    this.resumeVps();
    this.parts.log.record('life', this.name, 'resumed');
  }

  /** Its integration services say nothing meanwhile. */
  suspendVps(): void {
    this.clock.hold();
    this.forEachVp((vp) => this.parts.lps.suspend(vp, Suspension.Explicit));
  }

  resumeVps(): void {
    this.clock.goOn();
    this.forEachVp((vp) => this.parts.lps.resume(vp, Suspension.Explicit));
  }

  /** Nothing of it moves any more: neither its VPs nor those who ask it. */
  hold(): void {
    this.suspendVps();
    this.work.hold();
    this.dynamic?.hold();
  }

  /** Its memory is back: it goes on where it was held, or where its checkpoint was made. */
  goOn(): void {
    if (!this.isUp) {
      this.parts.lps.resume(this.firstVp, Suspension.Explicit);
      this.bind();
      return;
    }
    this.setState('running');
    this.dynamic?.goOn();
    this.resumeVps();
    this.work.goOn();
  }

  /** Its partition goes; what its guest sees as its memory may come back in another one. */
  leavePartition(): void {
    const { partition } = this;
    this.guestSpace = partition?.space;
    partition?.finalize();
    partition?.withdraw();
    partition?.delete();
    this.partition = null;
  }

  /** Takes the partition down at once. */
  turnOff(why: string, state: 'stopped' | 'failed' = 'stopped'): void {
    const { parts } = this;
    parts.timers.disarm(this.slot);
    if (this.saved.exists) {
      this.fallBack(why);
      return;
    }
    if (!this.exists && this.guest === null && this.state !== 'waiting' && this.state !== 'starting') return;
    this.saved.abandon();
    this.dropGuest();
    this.setState(state, why);
    parts.log.record(state === 'failed' ? 'fault' : 'life', this.name, state, { detail: why });
    this.checkpoints.abandon();
    this.checkpoints.merge();
    this.onStopped(this);
  }

  /** A saved state outlives whatever happens to its machine until it is restored. */
  private fallBack(why: string): void {
    if (this.state === 'saved') return;
    this.saved.abandon();
    if (this.isUp) this.leavePartition();
    else this.dropGuest();
    this.setState('saved', why);
    this.parts.log.record('life', this.name, 'saved', { detail: `${why}: the saved state is still there` });
    this.onStopped(this);
  }

  private dropGuest(): void {
    const { parts } = this;
    this.isUp = false;
    this.work.stop();
    this.lostNs += this.guest?.pendingNs ?? 0;
    this.forEachVp((vp) => {
      this.lostNs += parts.lps.stop(vp);
      parts.vps.guests[vp] = NOBODY;
    });
    this.guest?.stop();
    this.devices?.emulator.stop();
    for (const adapter of this.adapters) adapter.unplug();
    this.devices?.bus.close();
    this.clock.stop();
    this.told = '';
    this.dynamic?.disconnect();
    this.smartPaging?.stop();
    this.smartPaging = null;
    this.leavePartition();
    this.guestSpace = undefined;
    this.guest = null;
    this.devices = null;
  }

  /** The operating system is up and loads its services. */
  private booted(beganNs: number): GuestDevice | null {
    const { parts, child } = this;
    parts.log.record('boot', this.name, 'guest operating system started', {
      detail: child.operatingSystem,
      durationNs: parts.timers.nowNs - beganNs,
    });
    return this.loadServices();
  }

  /** It goes on with its work from the state of a checkpoint: its drivers are bound anew. */
  private bind(): void {
    const guest = this.guest!;
    const { bus } = this.devices!;
    const ns = () => this.parts.costs.get('guest-boot').chargeNs(1, 0);
    guest.runSystem(ns(), () => bus.connect(() => guest.runSystem(ns(), () => this.loadServices())));
  }

  private loadServices(): GuestDevice | null {
    return this.devices!.bus.loadServices(() => this.served());
  }

  /** It has every device it is going to have, and begins its work. */
  private served(): void {
    const { parts, child } = this;
    const { greeting, connected } = parts.architecture.devices;
    for (const { title, detail } of greeting(child)) parts.log.record('vmbus', this.name, title, { detail });
    for (const { device } of openChannels(this.devices)) parts.log.record('vmbus', this.name, connected(device));
    this.dynamic?.goOn();
    for (let i = 1; i < child.processors.count; i++) parts.lps.resume(this.firstVp + i, Suspension.Explicit);
    this.hasRun = true;
    this.isUp = true;
    this.guest!.booted();
    this.setState('running');
    parts.log.record('life', this.name, 'running');
    this.work.start();
  }

  /** Not at once: a VP of it acts at this moment. */
  private bootFails(): void {
    this.after(0, () => this.turnOff('its disk failed while it booted', 'failed'));
  }

  private forEachVp(act: (vp: number) => void): void {
    for (let i = 0; i < this.child.processors.count; i++) act(this.firstVp + i);
  }
}

/** On a host where a child has no disk its saved state lies on the first one. */
function placeAnywhere({ disks }: HostParts): PlacedFile | null {
  const [disk] = disks.values();
  return disk ? { disk, position: 0, bytes: disk.disk.bytes } : null;
}

/** Charges a stretch of system time of at least 1 ns, so that a VP has something to run. */
function systemNs(cost: Cost): number {
  return cost.chargeNs(Math.max(1, cost.amount));
}
