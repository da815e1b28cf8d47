import { PARENT_NAME } from '../model/devices.js';
import type { HostModel } from '../model/host-model.js';
import type { Target } from '../model/scenario.js';
import type { PartitionState, Snapshot } from '../protocol/snapshot.js';
import { audit } from './audit.js';
import type { BuiltHost } from './build-host.js';
import { cutPower } from './device-faults.js';
import type { NetworkAdapter } from './hardware/network-adapter.js';
import type { HostParts } from './host-parts.js';
import { Boot } from './parent/boot.js';
import type { ChildMachine } from './parent/child-machine.js';
import { MemoryBalancer } from './parent/dynamic-memory/memory-balancer.js';
import { HostPower } from './parent/life/host-power.js';
import { MachineManagement } from './parent/machine-management.js';
import { ParentServices } from './parent/parent-services.js';
import { type Counters, readCounters } from './trace/counters.js';
import { takeSnapshot } from './trace/snapshots.js';

/** Hears of what happens to a host as a whole. */
export interface HostListener {
  /** It can start children, for the first time. */
  ready(): void;
  /** Its parent, or what runs on it, has changed its state. */
  stateChanged(): void;
}

/** One host of a run, from power on: its parts, its parent, and who may be on it. */
export class RunningHost {
  readonly parts: HostParts;
  /** Its own in the order of the file, then those who may come from other hosts. */
  readonly children: readonly ChildMachine[];
  readonly boot: Boot;
  readonly management: MachineManagement;
  parentState: PartitionState = 'off';
  private readonly balancer: MemoryBalancer | null;
  private readonly power: HostPower;
  private readonly services: ParentServices;
  private rootLostNs = 0;
  private last: Counters;
  private atReady: Counters;

  constructor(
    built: BuiltHost,
    private readonly listener: HostListener,
  ) {
    const { parts, children } = built;
    this.parts = parts;
    this.children = children;
    this.boot = new Boot(parts, () => this.ready());
    this.management = new MachineManagement(parts, children);
    const memories = children.flatMap(({ dynamic }) => dynamic ?? []);
    this.balancer = memories.length > 0 ? new MemoryBalancer(parts, memories, this.management) : null;
    this.services = new ParentServices(parts);
    this.power = new HostPower(parts, children, {
      closes: () => this.management.stop('the host goes down'),
      down: () => this.parentDown('stopped', 'the host was shut down'),
      up: () => this.boot.powerOnAgain(),
    });
    this.last = readCounters(parts, children);
    this.atReady = this.last;
  }

  get name(): string {
    return this.model.name;
  }

  get model(): HostModel {
    return this.parts.model;
  }

  /** Those that its own definition names. */
  get natives(): readonly ChildMachine[] {
    return this.children.slice(0, this.model.children.length);
  }

  /** The adapter that migrations take; null where the definition names none. */
  get migrationAdapter(): NetworkAdapter | null {
    return this.parts.nics.get(this.model.migration?.nic ?? '') ?? null;
  }

  /** The machine of one of its own children, on whatever host that lives now. */
  resident(child: string): ChildMachine | undefined {
    return this.natives.find(({ name }) => name === child)?.residence.machine;
  }

  /** The machine that a child has here, wherever else it has one. */
  machineOf({ child }: ChildMachine): ChildMachine | null {
    return this.children.find((machine) => machine.child === child) ?? null;
  }

  /** The machines of a target, on whatever host they live now. */
  targeted(target: Target): ChildMachine[] {
    return this.natives
      .filter(({ name }) => target.kind === 'all' || (target.kind === 'child' && target.name === name))
      .map(({ residence }) => residence.machine);
  }

  /** A child on it has changed its state. */
  childChanged(): void {
    this.power.childChanged();
  }

  /** A host that is down can only be switched on; one that runs goes down in order. */
  switchPower(verb: 'shut-down' | 'restart' | 'cut-power'): void {
    const { phase } = this.boot;
    if (verb === 'cut-power') this.cutPower();
    else if (phase === 'ready') this.power.close(verb);
    else if (phase === 'down' && verb === 'restart') this.boot.powerOnAgain();
    else this.parts.log.record('life', null, 'the host is not up');
  }

  /** What starts by itself does so after its own delay; `ran`: was it running when the host went down? */
  startAutomatically(ran: (machine: ChildMachine) => boolean = () => true): void {
    for (const machine of this.children) {
      const { action, delayNs } = machine.child.start;
      if (!machine.isResident) continue;
      if (action === 'always' || (action === 'if-running' && ran(machine)))
        machine.after(delayNs, () => this.management.start(machine));
    }
  }

  /** The parent goes, and every child with it: a child lives only as long as its parent. */
  parentDown(state: 'stopped' | 'failed', why: string): void {
    if (this.parentState !== 'running') return;
    const { parts, children } = this;
    this.power.remember();
    this.power.cancel();
    this.management.stop();
    this.balancer?.stop();
    this.services.stop();
    for (const child of children) {
      child.checkpoints.hostDown();
      child.turnOff(why, state);
    }
    this.parentState = state;
    this.goDown();
    for (const each of parts.switches.values()) each.reset();
    if (parts.architecture.parent !== null)
      parts.log.record(state === 'failed' ? 'fault' : 'life', PARENT_NAME, state, { detail: why });
    this.listener.stateChanged();
  }

  /** Totals of the run count from here. */
  beginMeasuring(): void {
    this.atReady = readCounters(this.parts, this.children);
  }

  /** Everything since the last snapshot; the sums are audited. What happened is told by the run. */
  snapshot(): Snapshot {
    const { parts, children } = this;
    parts.lps.account();
    for (const disk of parts.disks.values()) disk.account();
    audit(parts, children, this.rootLostNs);
    const counters = readCounters(parts, children);
    const snapshot = takeSnapshot(parts, children, this.last, counters, {
      phase: this.boot.phase,
      parentState: this.parentState,
      balancer: this.balancer,
      wholeRun: false,
      latencies: (child) => child.work.interval,
    });
    this.last = counters;
    return snapshot;
  }

  /** Everything since the host was ready, up to the last snapshot. */
  total(): Snapshot {
    return takeSnapshot(this.parts, this.children, this.atReady, this.last, {
      phase: this.boot.phase,
      parentState: this.parentState,
      balancer: this.balancer,
      wholeRun: true,
      latencies: (child) => child.work.total,
    });
  }

  private ready(): void {
    const again = this.parentState !== 'off';
    this.parentState = 'running';
    this.balancer?.begin();
    this.services.start();
    if (!again) {
      this.listener.ready();
      return;
    }
    this.listener.stateChanged();
    this.management.open();
    for (const child of this.children) child.checkpoints.hostUp();
    this.startAutomatically((machine) => this.power.wasRunning(machine));
  }

  private goDown(): void {
    this.boot.powerOff();
    this.rootLostNs += this.parts.root.fail();
  }

  private cutPower(): void {
    if (this.parentState === 'running') this.parentDown('failed', 'the power was lost');
    else this.goDown();
    cutPower(this.parts);
  }
}
