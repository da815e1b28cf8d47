import { dynamicMemoryOf } from '../../model/dynamic-memory.js';
import type { Child } from '../../model/host-model.js';
import type { PartitionState } from '../../protocol/snapshot.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import type { HostParts } from '../host-parts.js';
import type { Partition } from '../hypervisor/partition.js';
import { Suspension } from '../hypervisor/virtual-processors.js';
import type { TimerOwner } from '../timers.js';
import { type ChannelDevice, noTraffic, type Traffic } from '../vmbus/traffic.js';
import type { ChildDevices } from './child-devices.js';
import { ChildPartition } from './child-partition.js';
import { ChildVps } from './child-vps.js';
import type { ChildWork } from './child-work.js';
import { DevicePlugging } from './device-plugging.js';
import type { PlacedFile } from './disk-layout.js';
import { ChildMemory } from './dynamic-memory/child-memory.js';
import { Checkpoints } from './life/checkpoints.js';
import { CleanShutdown } from './life/clean-shutdown.js';
import type { DifferencingChain } from './life/differencing-chain.js';
import { Relocation } from './life/relocation.js';
import { SavedState } from './life/saved-state.js';
import { MonitorAlarm } from './monitor-alarm.js';
import { VirtualAdapter } from './network/virtual-adapter.js';
import { Residence } from './residence.js';
import { NOBODY, StartedGuest } from './started-guest.js';

/** Hears of what children do that others evaluate. */
export interface ChildListener {
  answered(child: ChildMachine, latencyNs: number): void;
  /** A request ended with an error of a device. */
  failed(child: ChildMachine): void;
  stateChanged(child: ChildMachine): void;
}

/** Where a machine comes from: it is its host's own, or that of a child which may come from another host. */
export type Origin = { files: readonly PlacedFile[] } | { residence: Residence };

/** One child on one host: its virtual machine's state, its partition, its guest and its work. */
export class ChildMachine implements TimerOwner {
  state: PartitionState = 'off';
  reason: string | undefined;
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
  readonly memory: ChildPartition;
  /** What it shares with the machines of this child on other hosts. */
  readonly residence: Residence;
  readonly adapters: readonly VirtualAdapter[];
  readonly saved: SavedState;
  readonly checkpoints: Checkpoints;
  readonly plugging: DevicePlugging;
  readonly relocation = new Relocation(this);
  readonly firstVp: number;
  readonly vps: ChildVps;
  /** When the hypervisor looks for signals of its guest. */
  readonly monitors: MonitorAlarm;
  private readonly shutdown: CleanShutdown;
  private readonly slot: number;
  /** Its guest has booted, and is there: at work, or in a saved state. */
  private isUp = false;
  private awaited: () => void = () => {};
  private started: StartedGuest | null = null;

  constructor(
    private readonly parts: HostParts,
    readonly child: Child,
    /** Row of the partition in the host's tables; the root is 0. */
    readonly partitionIndex: number,
    origin: Origin,
    private readonly listener: ChildListener,
  ) {
    const share = parts.architecture.scheduling.share(child.processors, parts.model);
    this.firstVp = parts.vps.add(partitionIndex, child.processors.count, share, NOBODY);
    this.slot = parts.timers.add(this);
    this.vps = new ChildVps(parts, this.firstVp, child.processors.count);
    this.monitors = new MonitorAlarm(parts.timers);
    const home = 'residence' in origin ? origin.residence.model : parts.model;
    this.adapters = child.nics.map((_, index) => new VirtualAdapter(parts, child, index, home));
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
    this.memory = new ChildPartition(parts, child, this.firstVp, this.dynamic);
    this.residence =
      'residence' in origin ? origin.residence : new Residence(parts, child, this, origin.files, listener);
    this.shutdown = new CleanShutdown(parts, this);
    this.saved = new SavedState(parts, this, this.residence.stateFile);
    this.plugging = new DevicePlugging(parts, this);
    this.checkpoints = new Checkpoints(parts, this, this.residence.checkpoints);
  }

  get name(): string {
    return this.child.name;
  }

  get disks(): readonly DifferencingChain[] {
    return this.residence.disks;
  }

  get work(): ChildWork {
    return this.residence.work;
  }

  /** The child lives here. */
  get isResident(): boolean {
    return this.residence.machine === this;
  }

  /** The host that it is on defines it. */
  get isNative(): boolean {
    return this.residence.native === this;
  }

  /** Pages of a guest that is to go on in a new partition, from a file or from another host; 0 when it boots. */
  get returningPages(): number {
    return this.saved.exists ? this.saved.pages : this.relocation.arrivingPages;
  }

  get guest(): ModelledGuest | null {
    return this.started?.guest ?? null;
  }

  get devices(): ChildDevices | null {
    return this.started?.devices ?? null;
  }

  get partition(): Partition | null {
    return this.memory.current;
  }

  /** Whether its partition exists. */
  get exists(): boolean {
    return this.partition !== null;
  }

  get assignedBytes(): number {
    return this.memory.assignedBytes;
  }

  /** What its guest needs; as long as it boots, the memory it was given for that. */
  get demandBytes(): number {
    if (!this.exists) return 0;
    if (!this.guest || this.state === 'starting') return this.child.memory.startupBytes;
    return this.residence.demand.bytes(this.guest.requests.underWay);
  }

  setState(state: PartitionState, reason?: string): void {
    if (this.isResident) this.work.serves(state === 'running');
    this.state = state;
    this.reason = reason;
    this.listener.stateChanged(this);
  }

  /** The last step of a start: the devices are there and VP 0 runs the firmware. */
  unsuspend(partition: Partition): void {
    const { parts, firstVp } = this;
    if (this.started === null) this.startGuest(partition);
    if (this.saved.exists) {
      this.saved.restore();
      return;
    }
    if (this.returningPages > 0) {
      this.relocation.transit!.ready();
      return;
    }
    parts.lps.resume(firstVp, Suspension.Explicit);
    this.after(parts.costs.get('guest-firmware').charge(), () => this.started!.boot.begin());
  }

  private startGuest(partition: Partition): void {
    this.started = new StartedGuest(this.parts, this, partition, this.vps.clock, {
      served: () => this.served(),
      // Not at once: a VP of it acts at this moment.
      bootFailed: () => this.after(0, () => this.turnOff('its disk failed while it booted', 'failed')),
      shutDown: () => this.shutdown.goDown(),
    });
  }

  /** Does `then` in `delayNs`, unless the child is taken down before. */
  after(delayNs: number, then: () => void): void {
    this.awaited = then;
    this.parts.timers.arm(this.slot, this.parts.timers.nowNs + delayNs);
  }

  fire(): void {
    this.awaited();
  }

  shutDown(): void {
    this.shutdown.begin();
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.relocation.break('it is paused');
    this.vps.suspend();
    this.setState('paused');
    this.parts.log.record('life', this.name, 'paused', { detail: 'every VP explicitly suspended' });
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.setState('running');
    if (!this.checkpoints.holdsVps) this.vps.resume();
    this.parts.log.record('life', this.name, 'resumed');
  }

  /** Nothing of it moves any more: neither its VPs nor those who ask it. */
  hold(): void {
    this.vps.suspend();
    this.work.hold();
    this.dynamic?.hold();
  }

  /** Its memory is back: it goes on where it was held, or where its checkpoint was made. */
  goOn(): void {
    if (!this.isUp) {
      this.parts.lps.resume(this.firstVp, Suspension.Explicit);
      this.started!.boot.bind();
      return;
    }
    this.setState('running');
    this.dynamic?.goOn();
    this.vps.resume();
    this.work.goOn();
  }

  /** Takes the partition down at once. */
  turnOff(why: string, state: 'stopped' | 'failed' = 'stopped'): void {
    const { parts } = this;
    parts.timers.disarm(this.slot);
    this.relocation.break(why);
    if (this.saved.exists) {
      this.fallBack(why);
      return;
    }
    if (!this.exists && this.guest === null && !isOnItsWay(this.state)) {
      this.dropRequests();
      return;
    }
    this.saved.abandon();
    this.dropGuest();
    this.setState(this.isResident ? state : 'off', why);
    parts.log.record(state === 'failed' ? 'fault' : 'life', this.name, state, { detail: why });
    this.checkpoints.abandon();
    this.checkpoints.merge();
    this.onStopped(this);
  }

  /** The child lives elsewhere: nothing is left here. */
  vacate(why: string): void {
    this.dropGuest();
    this.setState('moved', why);
    this.onStopped(this);
  }

  /** The child lives here now: its adapters are at their switches. */
  plugIn(): void {
    this.started?.plugIn();
  }

  /** A saved state outlives whatever happens to its machine until it is restored. */
  private fallBack(why: string): void {
    if (this.state === 'saved') return;
    this.saved.abandon();
    if (this.isUp) this.memory.leave();
    else this.dropGuest();
    this.setState('saved', why);
    this.parts.log.record('life', this.name, 'saved', { detail: `${why}: the saved state is still there` });
    this.onStopped(this);
  }

  private dropGuest(): void {
    this.isUp = false;
    // What another host handed over belongs to the saved state with which it came.
    if (this.saved.exists && this.relocation.hasHandedOver) this.work.hold();
    else this.dropRequests();
    this.lostNs += this.started?.stop() ?? 0;
    this.dynamic?.disconnect();
    this.memory.drop();
    this.started = null;
  }

  private dropRequests(): void {
    if (this.isResident) {
      this.work.stop();
      this.work.lose(this.requestsUnderWay);
    }
    this.relocation.forget();
  }

  /** It has every device it is going to have, and begins its work. */
  private served(): void {
    const { parts, child } = this;
    this.dynamic?.goOn();
    for (let i = 1; i < child.processors.count; i++) parts.lps.resume(this.firstVp + i, Suspension.Explicit);
    this.hasRun = true;
    this.isUp = true;
    const arrived = this.relocation.unpack();
    this.guest!.booted();
    this.setState('running');
    parts.log.record('life', this.name, 'running');
    if (!arrived) {
      this.work.start();
      return;
    }
    this.work.goOn();
    this.relocation.finish();
  }

  /** Requests that its guest has, or is to take over. */
  get requestsUnderWay(): number {
    return (this.guest?.requests.underWay ?? 0) + this.relocation.arrivingRequests;
  }
}

/** No partition is there yet, but one is going to be. */
function isOnItsWay(state: PartitionState): boolean {
  return state === 'waiting' || state === 'starting' || state === 'migrating';
}
