import { addressPlan } from '../model/address-plan.js';
import { admitHost, logicalProcessors } from '../model/admission.js';
import { PARENT_NAME } from '../model/devices.js';
import type { HostModel } from '../model/host-model.js';
import type { Scenario, Target } from '../model/scenario.js';
import type { EngineEvent, Refusal, RunOptions } from '../protocol/protocol.js';
import type { RunResult } from '../protocol/run-result.js';
import type { PartitionState, Snapshot } from '../protocol/snapshot.js';
import { buildRun, peersOf } from './build-run.js';
import { faultNotes } from './device-faults.js';
import { Migrations } from './migration/migrations.js';
import { numaNotes } from './numa-notes.js';
import type { ChildMachine } from './parent/child-machine.js';
import { SwitchBridge } from './parent/network/switch-bridge.js';
import type { Station } from './parent/switch/switch-port.js';
import { RunCommons } from './run-commons.js';
import { runNotes } from './run-notes.js';
import { RunningHost } from './running-host.js';
import { ScenarioActions } from './scenario-actions.js';
import { ScenarioPlayer } from './scenario-player.js';
import type { TimerOwner, Timers } from './timers.js';
import { costShares } from './trace/cost-ledger.js';
import { WatchedExpectation } from './trace/expectations.js';

/** A host that runs in virtual time, as far as it is asked to. */
export interface Engine {
  /** Virtual time since power on. */
  readonly timeNs: number;
  readonly finished: boolean;
  /** Of what happened so far. */
  traceHash(): string;
  /** The next moment at which something happens. */
  nextNs(): number;
  /** The switches with machine children beside the run, by name. */
  readonly bridges: ReadonlyMap<string, SwitchBridge>;
  /** Lets up to `maxEvents` moments of virtual time pass, none after `untilNs`; the events they brought, in order. */
  advance(maxEvents: number, untilNs?: number): EngineEvent[];
}

/** Well inside what whole nanoseconds can count, with the boot before it. */
const LONGEST_HORIZON_NS = 50 * 86_400e9;

/** Builds a host for a model; a refusal where this engine does not run it. Nothing is started yet. */
export function createEngine(
  model: HostModel,
  options: RunOptions,
  /** A modelled child is at a port of a bridged switch, or no longer. */
  stationChanged: (switchName: string, station: Station, there: boolean) => void = () => {},
): Engine | Refusal {
  return refuse(model, options) ?? new RunEngine(model, options, stationChanged);
}

function refuse(model: HostModel, options: RunOptions): Refusal | null {
  const scenario = findScenario(model, options);
  if (options.scenario !== null && scenario === null) {
    return { code: 'HV705', message: `The host has no scenario '${options.scenario}'.` };
  }
  for (const host of [model, ...peersOf(model, scenario)]) {
    if (logicalProcessors(host.hardware) < 1) return { code: 'HV704', message: 'The host has no logical processor.' };
    const [impossible] = admitHost(host).refusals;
    if (impossible) return impossible;
  }
  if (!(options.snapshotEveryNs >= 1) || !(options.horizonNs >= 0 && options.horizonNs <= LONGEST_HORIZON_NS)) {
    return {
      code: 'HV706',
      message: 'A run covers at most 50 days of virtual time, and its snapshots are at least 1 ns apart.',
    };
  }
  return null;
}

function findScenario(model: HostModel, options: RunOptions): Scenario | null {
  return model.scenarios.find(({ name }) => name === options.scenario) ?? null;
}

/** Between two snapshots of a boot, at the least. */
const BOOT_SNAPSHOT_NS = 1e9;

const Clock = { Snapshot: 0, End: 1 } as const;

class RunEngine implements Engine, TimerOwner {
  finished = false;
  private readonly commons = new RunCommons();
  private readonly timers: Timers = this.commons.timers;
  /** The one the run is about, and then its peers. */
  private readonly hosts: RunningHost[];
  private readonly host: RunningHost;
  private readonly migrations: Migrations;
  private readonly player: ScenarioPlayer | null;
  private readonly expectations: WatchedExpectation[];
  private readonly snapshotSlot: number;
  private readonly endSlot: number;
  readonly bridges: ReadonlyMap<string, SwitchBridge>;
  private hostsReady = 0;
  private readyNs: number | null = null;
  /** Known when it is ready. */
  private endNs = Number.POSITIVE_INFINITY;
  private out: EngineEvent[] = [];

  constructor(
    private readonly model: HostModel,
    private readonly options: RunOptions,
    stationChanged: (switchName: string, station: Station, there: boolean) => void,
  ) {
    const scenario = findScenario(model, options);
    const built = buildRun(model, scenario, options, this.commons, {
      answered: (child, latencyNs) => this.answered(child, latencyNs),
      failed: (child) => this.failed(child),
      stateChanged: (child) => {
        this.stateChanged();
        this.hosts.find(({ children }) => children.includes(child))?.childChanged();
      },
    });
    this.hosts = built.map(
      (host) => new RunningHost(host, { ready: () => this.ready(), stateChanged: () => this.stateChanged() }),
    );
    this.host = this.hosts[0]!;
    this.migrations = new Migrations(this.hosts, (child, ns) => this.stoodStill(child, ns));
    const actions = this.hosts.map((host) => new ScenarioActions(host, this.hosts, this.migrations));
    this.player = scenario
      ? new ScenarioPlayer(this.timers, scenario, ({ host, action }) =>
          actions.find(({ name }) => name === (host ?? model.name))?.act(action),
        )
      : null;
    this.expectations = (scenario?.expectations ?? []).map((expectation) => this.watch(expectation));
    this.snapshotSlot = this.timers.addObserver(this, Clock.Snapshot);
    this.endSlot = this.timers.add(this, Clock.End);
    this.bridges = this.bridge(stationChanged);
    for (const host of built) host.installScheduler();
    this.timers.seal();
    for (const { boot } of this.hosts) boot.powerOn();
    this.snapshotLater();
  }

  private bridge(
    stationChanged: (switchName: string, station: Station, there: boolean) => void,
  ): ReadonlyMap<string, SwitchBridge> {
    const { switches } = this.host.parts;
    const bridged = [...switches].filter(([name]) => this.options.bridges?.includes(name));
    return new Map(
      bridged.map(([name, network]) => {
        const told = (station: Station, there: boolean) => stationChanged(name, station, there);
        return [name, new SwitchBridge(this.timers, network, addressPlan(this.model, name), told)];
      }),
    );
  }

  get timeNs(): number {
    return this.timers.nowNs;
  }

  traceHash(): string {
    return this.timers.traceHash();
  }

  nextNs(): number {
    return this.timers.nextNs();
  }

  advance(maxEvents: number, untilNs = Number.POSITIVE_INFINITY): EngineEvent[] {
    const { timers } = this;
    for (let n = 0; n < maxEvents && !this.finished && timers.step(untilNs); n++);
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
    const everyNs = this.readyNs === null ? Math.max(snapshotEveryNs, BOOT_SNAPSHOT_NS) : snapshotEveryNs;
    const atNs = this.timeNs + everyNs;
    // The end takes one of its own, and a second one of no time would show that nothing worked any more.
    if (atNs < this.endNs) this.timers.arm(this.snapshotSlot, atNs);
    else this.timers.disarm(this.snapshotSlot);
  }

  /** The run begins when the last of its hosts is ready. */
  private ready(): void {
    this.hostsReady++;
    if (this.hostsReady < this.hosts.length) return;
    this.readyNs = this.timeNs;
    this.snapshot();
    for (const host of this.hosts) host.beginMeasuring();
    this.endNs = this.timeNs + this.options.horizonNs;
    this.snapshotLater();
    if (this.player) this.player.begin(this.timeNs);
    else this.host.startAutomatically();
    for (const expectation of this.expectations) expectation.begin(this.timeNs);
    this.timers.arm(this.endSlot, this.endNs);
  }

  private answered(child: ChildMachine, latencyNs: number): void {
    for (const expectation of this.expectations) expectation.answered(child.name, latencyNs);
  }

  private failed(child: ChildMachine): void {
    for (const expectation of this.expectations) expectation.failed(child.name);
  }

  private stoodStill(child: string, ns: number): void {
    for (const expectation of this.expectations) expectation.stoodStill(child, ns);
  }

  private stateChanged(): void {
    for (const expectation of this.expectations) expectation.stateChanged();
  }

  private snapshot(): void {
    const snapshot = this.withPeers((host) => host.snapshot());
    for (const { natives } of this.hosts) for (const child of natives) child.work.interval.clear();
    snapshot.events.push(...this.commons.events.splice(0));
    for (const expectation of this.expectations) expectation.sample(snapshot);
    this.out.push({ type: 'snapshot', snapshot });
  }

  private withPeers(look: (host: RunningHost) => Snapshot): Snapshot {
    const [own, ...peers] = this.hosts.map((host) => ({ host: host.name, snapshot: look(host) }));
    const { snapshot } = own!;
    if (peers.length > 0)
      snapshot.peers = peers.map(({ host, snapshot: { events: _told, ...peer } }) => ({ host, ...peer }));
    return snapshot;
  }

  private finish(): void {
    this.finished = true;
    const { parts } = this.host;
    const migrations = this.migrations.records(this.timeNs);
    const result: RunResult = {
      readyNs: this.readyNs ?? this.timeNs,
      timeNs: this.timeNs,
      seed: this.options.seed,
      scenario: this.options.scenario,
      admission: admitHost(this.model),
      notes: [
        ...runNotes(this.model, parts.architecture),
        ...this.hosts.flatMap((host) => [
          ...faultNotes(host.parts, host.natives),
          ...numaNotes(host.parts, host.children),
        ]),
      ],
      total: this.withPeers((host) => host.total()),
      expectations: this.expectations.map((expectation) => expectation.judge()),
      costs: costShares(this.hosts.map((host) => host.parts.costs)),
      ...(migrations.length > 0 && { migrations }),
      engineEvents: this.timers.fired,
      traceHash: this.timers.traceHash(),
      trace: parts.timeline?.slices ?? null,
    };
    this.out.push({ type: 'finished', result });
  }

  private watch(expectation: Scenario['expectations'][number]): WatchedExpectation {
    return new WatchedExpectation(expectation, {
      timers: this.timers,
      lpCount: this.host.parts.lps.lpCount,
      states: (target) => this.states(target),
      cpuNs: (target) => this.cpuNs(target),
      memory: (target) => this.memory(target),
    });
  }

  private states(target: Target): { name: string; state: PartitionState }[] {
    if (target.kind === 'parent') {
      const { parent } = this.host.parts.architecture;
      return parent === null ? [] : [{ name: PARENT_NAME, state: this.host.parentState }];
    }
    return this.host.targeted(target).map(({ name, state }) => ({ name, state }));
  }

  private memory(target: Target): { assignedBytes: number; demandBytes: number }[] {
    if (target.kind !== 'parent') return this.host.targeted(target);
    const bytes = this.model.parent?.reserve.memoryBytes ?? 0;
    return [{ assignedBytes: bytes, demandBytes: bytes }];
  }

  /** Of a child, on every host it has been on. */
  private cpuNs(target: Target): number {
    const wanted = this.host.targeted(target).map(({ child }) => child);
    let ns = 0;
    for (const { parts, children } of this.hosts) {
      const partitions = children
        .filter(({ child }) => wanted.includes(child))
        .map((machine) => machine.partitionIndex);
      if (target.kind === 'parent' && parts === this.host.parts) partitions.push(0);
      parts.lps.account();
      for (let vp = 0; vp < parts.vps.count; vp++)
        if (partitions.includes(parts.vps.partition[vp]!)) ns += parts.vps.runNs[vp]!;
    }
    return ns;
  }
}
