import type { BridgeMessage, NeighbourCommand, NeighbourMessage } from '../../protocol/neighbours.js';
import type { EngineEvent } from '../../protocol/protocol.js';
import { createEngine, type Engine } from '../../runtime/engine.js';
import type { SwitchBridge } from '../../runtime/parent/network/switch-bridge.js';
import type { EngineClock } from '../../runtime/serve.js';
import { CableEnd } from '../cable.js';
import { NeighbourCounts } from './neighbour-counts.js';

// How the run keeps pace: about the computer it runs on, and no cost of the host that is modelled. All of it assumed.

/** Moments of virtual time between two looks at what came over the bridges: some milliseconds of computing. */
const MOMENTS_PER_TURN = 5_000;
/** Around the moment at which the children are up, which no turn should run far beyond. */
const MOMENTS_OF_START = 200;
/** Nothing is waited for longer, so that a clock that jumps is seen. */
const LONGEST_WAIT_MS = 50;
/** Virtual time that is more behind the clock than this gives up catching up: a pause of the thread is made up for, a slow computer is not. */
const LONGEST_LAG_NS = 250e6;
/** A start of children that takes longer goes on at the pace of the clock: some child may never be up. */
const LONGEST_START_NS = 600e9;
const HORIZON_NS = 50 * 86_400e9;
const SECOND_NS = 1e9;

interface BridgeEnds {
  bridge: SwitchBridge;
  cable: CableEnd;
}

/**
 * The modelled children of a host beside its machine children: a run whose virtual time keeps pace with the clock from when
 * its children have started; until then it goes as fast as it can. Frames and news from the machine children enter at the
 * virtual time at which they come. Where the computer is too slow, virtual time falls behind and stays there.
 */
export class NeighbourRun {
  private readonly engine: Engine;
  private readonly bridges: BridgeEnds[];
  private readonly counts: NeighbourCounts;
  private starting = true;
  private lagged = false;
  /** The turn that is awaited; one that was overtaken by another does nothing. */
  private ticket = 0;
  /** Where virtual time and the clock met last. */
  private anchorNs = 0;
  private anchorMs = 0;

  /** Throws an Error where the engine does not run the host. */
  constructor(
    { model, seed, switches }: Extract<NeighbourCommand, { type: 'run beside' }>,
    private readonly clock: EngineClock,
    private readonly send: (message: NeighbourMessage) => void,
  ) {
    const options = {
      seed,
      horizonNs: HORIZON_NS,
      scenario: null,
      snapshotEveryNs: SECOND_NS,
      speed: null,
      trace: false,
      bridges: switches,
    };
    const engine = createEngine(model, options, (name, { mac, vlan }, there) =>
      send({ type: 'station', adapter: switches.indexOf(name), mac, vlan, there }),
    );
    if ('code' in engine) throw new Error(engine.message);
    this.engine = engine;
    this.counts = new NeighbourCounts(model);
    this.bridges = switches.map((name, place) => ({
      bridge: engine.bridges.get(name)!,
      cable: new CableEnd(place, send, () => this.soon(0)),
    }));
    this.soon(0);
  }

  hear(message: BridgeMessage): void {
    const ends = this.bridges[message.adapter];
    if (!ends) return;
    if (message.type !== 'station') {
      ends.cable.hear(message);
      return;
    }
    const { mac, vlan, there } = message;
    ends.bridge.enter({ kind: 'station', station: { mac, vlan }, there }, this.arrivalNs());
    this.soon(0);
  }

  private turn(): void {
    const nowNs = this.nowNs();
    for (const { bridge, cable } of this.bridges) {
      for (let next = cable.take(); next !== null; next = cable.take()) {
        bridge.enter({ kind: 'frame', ...next }, this.arrivalNs());
      }
    }
    for (const event of this.engine.advance(this.starting ? MOMENTS_OF_START : MOMENTS_PER_TURN, nowNs))
      this.tell(event);
    for (const { bridge, cable } of this.bridges) leave(bridge, cable);
    if (this.starting || this.engine.nextNs() <= nowNs) {
      this.fallBehind();
      this.soon(0);
    } else {
      this.soon(Math.min(LONGEST_WAIT_MS, Math.max(1, (this.engine.nextNs() - nowNs) / 1e6)));
    }
  }

  private tell(event: EngineEvent): void {
    if (event.type !== 'snapshot') return;
    const { snapshot } = event;
    const bridges = this.bridges.map(({ bridge }) => bridge.counters);
    for (const text of this.counts.news(snapshot)) this.send({ type: 'notice', text });
    this.send({ type: 'neighbours', status: this.counts.add(snapshot, bridges) });
    const isUp = snapshot.phase === 'ready' && this.counts.haveStarted;
    if (!this.starting || !(isUp || snapshot.timeNs > LONGEST_START_NS)) return;
    this.starting = false;
    this.anchor();
  }

  /** The virtual time that the clock allows now; while children start, any. */
  private nowNs(): number {
    if (this.starting) return Number.POSITIVE_INFINITY;
    return this.anchorNs + (this.clock.now() - this.anchorMs) * 1e6;
  }

  private arrivalNs(): number {
    return this.starting ? this.engine.timeNs : this.nowNs();
  }

  private anchor(): void {
    this.anchorNs = this.engine.timeNs;
    this.anchorMs = this.clock.now();
  }

  private fallBehind(): void {
    if (this.starting || this.nowNs() - this.engine.timeNs < LONGEST_LAG_NS) return;
    this.anchor();
    if (this.lagged) return;
    this.lagged = true;
    const text = 'the modelled children ask more of this computer than it can: their time goes slower than the clock';
    this.send({ type: 'notice', text });
  }

  private soon(delayMs: number): void {
    const ticket = ++this.ticket;
    this.clock.yieldToHost(() => {
      if (ticket === this.ticket) this.turn();
    }, delayMs);
  }
}

/** What finds no room on the cable waits in the bridge, which drops and counts what is too much. */
function leave(bridge: SwitchBridge, cable: CableEnd): void {
  while (!cable.busy) {
    const next = bridge.take();
    if (next === null) return;
    cable.send(next.frame, next.tag);
  }
}
