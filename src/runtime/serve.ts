import type { EngineCommand, EngineEvent } from '../protocol/protocol.js';
import { createEngine, type Engine } from './engine.js';

/** Where commands come from and events go to: a worker's port, or a test. */
export interface EnginePort {
  send(event: EngineEvent): void;
  onCommand(listener: (command: EngineCommand) => void): void;
}

/** What the engine needs from the platform it runs on. */
export interface EngineClock {
  /** Wall-clock time in ms; only its differences matter. */
  now(): number;
  /** Runs `task` soon, at the earliest in `delayMs`, after whatever else waits (incoming commands, too). */
  yieldToHost(task: () => void, delayMs: number): void;
}

/** Moments of virtual time between two looks at the commands. */
const MOMENTS_PER_TURN = 20_000;
/** How often a paced run catches up with the wall clock. */
const PACE_MS = 20;

/** Nobody watches a self test for its own sake: until the host is up, a paced run goes this many times faster. */
const BOOT_HASTE = 8;

/** Serves one run after the other on a port; each command acts on the run that goes on. */
export function serveEngine(port: EnginePort, clock: EngineClock): void {
  let run: Run | null = null;
  port.onCommand((command) => {
    if (command.type === 'run') {
      run?.cancel();
      run = startRun(port, clock, command);
      return;
    }
    run?.obey(command);
  });
}

interface Run {
  obey(command: Exclude<EngineCommand, { type: 'run' }>): void;
  cancel(): void;
}

function startRun(port: EnginePort, clock: EngineClock, command: Extract<EngineCommand, { type: 'run' }>): Run | null {
  let engine: Engine;
  try {
    const made = createEngine(command.model, command.options);
    if ('code' in made) {
      port.send({ type: 'refused', reason: made });
      return null;
    }
    engine = made;
  } catch (error) {
    port.send({ type: 'crashed', message: describe(error) });
    return null;
  }
  return new PacedRun(port, clock, engine, command.options.speed);
}

class PacedRun implements Run {
  private paused = false;
  private over = false;
  private booting = true;
  /** The turn that is awaited; one that was overtaken by another does nothing. */
  private ticket = 0;
  /** Where virtual and wall time met last: from here on, virtual time goes `speed` times as fast. */
  private anchorNs: number;
  private anchorMs: number;

  constructor(
    private readonly port: EnginePort,
    private readonly clock: EngineClock,
    private readonly engine: Engine,
    private speed: number | null,
  ) {
    this.anchorNs = engine.timeNs;
    this.anchorMs = clock.now();
    this.schedule(0);
  }

  obey(command: Exclude<EngineCommand, { type: 'run' }>): void {
    if (this.over) return;
    if (command.type === 'cancel') {
      this.cancel();
    } else if (command.type === 'pace') {
      this.anchor();
      this.speed = command.speed;
      this.schedule(0);
    } else if (command.type === 'pause' && !this.paused) {
      this.anchor();
      this.paused = true;
      this.port.send({ type: 'paused' });
    } else if (command.type === 'resume' && this.paused) {
      this.paused = false;
      this.anchorMs = this.clock.now();
      this.port.send({ type: 'resumed' });
      this.schedule(0);
    }
  }

  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.port.send({ type: 'cancelled', timeNs: this.engine.timeNs });
  }

  private turn(): void {
    if (this.over || this.paused) return;
    const untilNs = this.allowedNs();
    try {
      for (const event of this.engine.advance(MOMENTS_PER_TURN, untilNs)) {
        if (this.booting && event.type === 'snapshot' && event.snapshot.phase === 'ready') this.hostIsUp();
        this.port.send(event);
      }
    } catch (error) {
      this.over = true;
      this.port.send({ type: 'crashed', message: describe(error) });
      return;
    }
    if (this.engine.finished) this.over = true;
    else this.schedule(this.speed !== null && this.engine.nextNs() > untilNs ? PACE_MS : 0);
  }

  /** Virtual time the wall clock allows now. */
  private allowedNs(): number {
    if (this.speed === null) return Number.POSITIVE_INFINITY;
    return this.anchorNs + (this.clock.now() - this.anchorMs) * 1e6 * this.speed * (this.booting ? BOOT_HASTE : 1);
  }

  /** What the last hasty turn ran beyond the boot is not held against the run. */
  private hostIsUp(): void {
    this.booting = false;
    this.anchorNs = this.engine.timeNs;
    this.anchorMs = this.clock.now();
  }

  /** Virtual time keeps what it has gained when the pace changes. */
  private anchor(): void {
    this.anchorNs =
      this.paused || this.speed === null ? this.engine.timeNs : Math.max(this.engine.timeNs, this.allowedNs());
    this.anchorMs = this.clock.now();
  }

  private schedule(delayMs: number): void {
    const ticket = ++this.ticket;
    this.clock.yieldToHost(() => {
      if (ticket === this.ticket) this.turn();
    }, delayMs);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
