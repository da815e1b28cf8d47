import { admitHost, logicalProcessors } from '../model/admission.js';
import { PARENT_NAME } from '../model/devices.js';
import type { HostModel, Scenario, Target } from '../model/host-model.js';
import type { EngineEvent, PartitionState, Refusal, RunOptions, RunResult } from '../protocol/protocol.js';
import { audit } from './audit.js';
import { type BuiltHost, buildHost } from './build-host.js';
import { cutPower, faultNotes } from './device-faults.js';
import { numaNotes } from './numa-notes.js';
import { Boot } from './parent/boot.js';
import type { ChildMachine } from './parent/child-machine.js';
import { MemoryBalancer } from './parent/dynamic-memory/memory-balancer.js';
import { HostPower } from './parent/life/host-power.js';
import { MachineManagement } from './parent/machine-management.js';
import { ParentServices } from './parent/parent-services.js';
import { runNotes } from './run-notes.js';
import { ScenarioPlayer } from './scenario-player.js';
import type { TimerOwner, Timers } from './timers.js';
import { type Counters, readCounters } from './trace/counters.js';
import { WatchedExpectation } from './trace/expectations.js';
import { takeSnapshot } from './trace/snapshots.js';

/** A host that runs in virtual time, as far as it is asked to. */
export interface Engine {
  /** Virtual time since power on. */
  readonly timeNs: number;
  readonly finished: boolean;
  /** The next moment at which something happens. */
  nextNs(): number;
  /** Lets up to `maxEvents` moments of virtual time pass, none after `untilNs`; the events they brought, in order. */
  advance(maxEvents: number, untilNs?: number): EngineEvent[];
}

/** Well inside what whole nanoseconds can count, with the boot before it. */
const LONGEST_HORIZON_NS = 50 * 86_400e9;

/** Builds a host for a model; a refusal where this engine does not run it. Nothing is started yet. */
export function createEngine(model: HostModel, options: RunOptions): Engine | Refusal {
  return refuse(model, options) ?? new HostEngine(model, options);
}

function refuse(model: HostModel, options: RunOptions): Refusal | null {
  if (logicalProcessors(model.hardware) < 1) {
    return { code: 'HV704', message: 'The host has no logical processor.' };
  }
  const [impossible] = admitHost(model).refusals;
  if (impossible) return impossible;
  if (options.scenario !== null && !findScenario(model, options)) {
    return { code: 'HV705', message: `The host has no scenario '${options.scenario}'.` };
  }
  if (!(options.snapshotEveryNs >= 1) || !(options.horizonNs >= 0 && options.horizonNs <= LONGEST_HORIZON_NS)) {
    return {
      code: 'HV706',
      message: 'A run covers at most 50 days of virtual time, and its snapshots are at least 1 ns apart.',
    };
  }
  return null;
}

function findScenario(model: HostModel, options: RunOptions): Scenario | undefined {
  return model.scenarios.find(({ name }) => name === options.scenario);
}

/** Between two snapshots of a boot, at the least. */
const BOOT_SNAPSHOT_NS = 1e9;

const Clock = { Snapshot: 0, End: 1 } as const;

class HostEngine implements Engine, TimerOwner {
  finished = false;
  private readonly host: BuiltHost;
  private readonly timers: Timers;
  private readonly boot: Boot;
  private readonly management: MachineManagement;
  private readonly balancer: MemoryBalancer | null;
  private readonly power: HostPower;
  private readonly services: ParentServices;
  private readonly player: ScenarioPlayer | null;
  private readonly expectations: WatchedExpectation[];
  private readonly snapshotSlot: number;
  private readonly endSlot: number;
  private rootLostNs = 0;
  private parentState: PartitionState = 'off';
  private last: Counters;
  private atReady: Counters;
  private out: EngineEvent[] = [];

  constructor(
    private readonly model: HostModel,
    private readonly options: RunOptions,
  ) {
    const listener = {
      answered: (child: ChildMachine, latencyNs: number) => this.answered(child, latencyNs),
      failed: (child: ChildMachine) => this.failed(child),
      stateChanged: () => {
        this.stateChanged();
        this.power.childChanged();
      },
    };
    this.host = buildHost(model, options.seed, listener, options.trace);
    const { parts, children } = this.host;
    this.timers = parts.timers;
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
    const scenario = findScenario(model, options);
    this.player = scenario
      ? new ScenarioPlayer(parts, scenario, children, this.management, {
          parentDown: (state, why) => this.parentDown(state, why),
          power: (verb) => this.switchPower(verb),
        })
      : null;
    this.expectations = (scenario?.expectations ?? []).map((expectation) => this.watch(expectation));
    this.snapshotSlot = this.timers.addObserver(this, Clock.Snapshot);
    this.endSlot = this.timers.add(this, Clock.End);
    this.host.installScheduler();
    this.timers.seal();
    this.last = readCounters(parts, children);
    this.atReady = this.last;
    this.boot.powerOn();
    this.snapshotLater();
  }

  get timeNs(): number {
    return this.timers.nowNs;
  }

  nextNs(): number {
    return this.timers.nextNs();
  }

  advance(maxEvents: number, untilNs = Number.POSITIVE_INFINITY): EngineEvent[] {
    const { timers } = this;
    for (let n = 0; n < maxEvents && !this.finished && timers.nextNs() <= untilNs; n++) timers.step();
    const events = this.out;
    this.out = [];
    return events;
  }

  fire(clock: number): void {
    this.snapshot();
    if (clock === Clock.End) this.finish();
    else this.snapshotLater();
  }

  /** A boot takes minutes in which little happens; a run of a second is looked at more closely than that. */
  private snapshotLater(): void {
    const { snapshotEveryNs } = this.options;
    const everyNs = this.boot.readyNs === null ? Math.max(snapshotEveryNs, BOOT_SNAPSHOT_NS) : snapshotEveryNs;
    this.timers.arm(this.snapshotSlot, this.timeNs + everyNs);
  }

  private ready(): void {
    const { parts, children } = this.host;
    const again = this.parentState !== 'off';
    this.parentState = 'running';
    this.balancer?.begin();
    this.services.start();
    if (again) {
      this.stateChanged();
      this.management.open();
      for (const child of children) child.checkpoints.hostUp();
      this.startAutomatically((machine) => this.power.wasRunning(machine));
      return;
    }
    this.snapshot();
    this.atReady = readCounters(parts, children);
    this.snapshotLater();
    if (this.player) this.player.begin(this.timeNs);
    else this.startAutomatically(() => true);
    for (const expectation of this.expectations) expectation.begin(this.timeNs);
    this.timers.arm(this.endSlot, this.timeNs + this.options.horizonNs);
  }

  /** A host that is down can only be switched on; one that runs goes down in order. */
  private switchPower(verb: 'shut-down' | 'restart' | 'cut-power'): void {
    const { phase } = this.boot;
    if (verb === 'cut-power') this.cutPower();
    else if (phase === 'ready') this.power.close(verb);
    else if (phase === 'down' && verb === 'restart') this.boot.powerOnAgain();
    else this.host.parts.log.record('life', null, 'the host is not up');
  }

  /** What starts by itself does so after its own delay; `ran`: was it running when the host went down? */
  private startAutomatically(ran: (machine: ChildMachine) => boolean): void {
    for (const machine of this.host.children) {
      const { action, delayNs } = machine.child.start;
      if (action === 'always' || (action === 'if-running' && ran(machine)))
        machine.after(delayNs, () => this.management.start(machine));
    }
  }

  /** The parent goes, and every child with it: a child lives only as long as its parent. */
  private parentDown(state: 'stopped' | 'failed', why: string): void {
    if (this.parentState !== 'running') return;
    const { parts, children } = this.host;
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
    this.boot.phase = 'down';
    this.rootLostNs += parts.root.fail();
    for (const each of parts.switches.values()) each.reset();
    if (parts.architecture.parent !== null)
      parts.log.record(state === 'failed' ? 'fault' : 'life', PARENT_NAME, state, { detail: why });
    this.stateChanged();
  }

  private cutPower(): void {
    this.parentDown('failed', 'the power was lost');
    cutPower(this.host.parts);
  }

  private answered(child: ChildMachine, latencyNs: number): void {
    for (const expectation of this.expectations) expectation.answered(child.name, latencyNs);
  }

  private failed(child: ChildMachine): void {
    for (const expectation of this.expectations) expectation.failed(child.name);
  }

  private stateChanged(): void {
    for (const expectation of this.expectations) expectation.stateChanged();
  }

  private snapshot(): void {
    const { parts, children } = this.host;
    this.account();
    const counters = readCounters(parts, children);
    const snapshot = takeSnapshot(parts, children, this.last, counters, {
      phase: this.boot.phase,
      parentState: this.parentState,
      events: parts.log.take(),
      balancer: this.balancer,
      wholeRun: false,
      latencies: (child) => child.work.interval,
    });
    for (const child of children) child.work.interval.clear();
    this.last = counters;
    for (const expectation of this.expectations) expectation.sample(snapshot);
    this.out.push({ type: 'snapshot', snapshot });
  }

  private account(): void {
    const { parts, children } = this.host;
    parts.lps.account();
    for (const disk of parts.disks.values()) disk.account();
    audit(parts, children, this.rootLostNs);
  }

  private finish(): void {
    this.finished = true;
    const { parts, children } = this.host;
    const result: RunResult = {
      readyNs: this.boot.readyNs ?? this.timeNs,
      timeNs: this.timeNs,
      seed: this.options.seed,
      scenario: this.options.scenario,
      admission: admitHost(this.model),
      notes: [
        ...runNotes(this.model, parts.architecture),
        ...faultNotes(parts, children),
        ...numaNotes(parts, children),
      ],
      total: takeSnapshot(parts, children, this.atReady, this.last, {
        phase: this.boot.phase,
        parentState: this.parentState,
        events: [],
        balancer: this.balancer,
        wholeRun: true,
        latencies: (child) => child.work.total,
      }),
      expectations: this.expectations.map((expectation) => expectation.judge()),
      costs: parts.costs.shares(),
      engineEvents: this.timers.fired,
      traceHash: this.timers.traceHash(),
      trace: parts.timeline?.slices ?? null,
    };
    this.out.push({ type: 'finished', result });
  }

  private watch(expectation: Scenario['expectations'][number]): WatchedExpectation {
    const { parts } = this.host;
    return new WatchedExpectation(expectation, {
      timers: this.timers,
      lpCount: parts.lps.lpCount,
      states: (target) => this.states(target),
      cpuNs: (target) => this.cpuNs(target),
      memory: (target) => this.memory(target),
    });
  }

  private states(target: Target): { name: string; state: PartitionState }[] {
    if (target.kind === 'parent') {
      const { parent } = this.host.parts.architecture;
      return parent === null ? [] : [{ name: PARENT_NAME, state: this.parentState }];
    }
    return this.targeted(target).map(({ name, state }) => ({ name, state }));
  }

  private memory(target: Target): { assignedBytes: number; demandBytes: number }[] {
    if (target.kind !== 'parent') return this.targeted(target);
    const bytes = this.model.parent?.reserve.memoryBytes ?? 0;
    return [{ assignedBytes: bytes, demandBytes: bytes }];
  }

  private cpuNs(target: Target): number {
    const { parts } = this.host;
    parts.lps.account();
    const partitions =
      target.kind === 'parent' ? [0] : this.targeted(target).map(({ partitionIndex }) => partitionIndex);
    let ns = 0;
    for (let vp = 0; vp < parts.vps.count; vp++)
      if (partitions.includes(parts.vps.partition[vp]!)) ns += parts.vps.runNs[vp]!;
    return ns;
  }

  private targeted(target: Target): ChildMachine[] {
    return this.host.children.filter(
      ({ name }) => target.kind === 'all' || (target.kind === 'child' && target.name === name),
    );
  }
}
