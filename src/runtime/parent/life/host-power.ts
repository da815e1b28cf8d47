import type { HostParts } from '../../host-parts.js';
import type { TimerOwner } from '../../timers.js';
import type { ChildMachine } from '../child-machine.js';

/** What the host does when its children have come to rest. */
export interface PowerListener {
  /** Nothing is started any more. */
  closes(): void;
  /** The parent's own system has stopped. */
  down(): void;
  /** The host is switched on again. */
  up(): void;
}

const Clock = { Limit: 0, Rest: 1, Parent: 2 } as const;

/**
 * Shuts the host down, and up again for a restart: each child does what its stop action says, all at once and begun in the
 * order of the file; who is not down when the time limit comes is turned off, or saved if that is its stop action. Saving has no
 * limit.
 */
export class HostPower implements TimerOwner {
  private readonly limitSlot: number;
  private readonly restSlot: number;
  private readonly parentSlot: number;
  private closing: 'shut-down' | 'restart' | null = null;
  private running: ReadonlySet<ChildMachine> = new Set();
  /** Their guests stood still on the way to or from another host when this one began to go down. */
  private readonly onTheirWay = new Set<ChildMachine>();

  constructor(
    private readonly parts: HostParts,
    private readonly children: readonly ChildMachine[],
    private readonly listener: PowerListener,
  ) {
    this.limitSlot = parts.timers.add(this, Clock.Limit);
    this.restSlot = parts.timers.add(this, Clock.Rest);
    this.parentSlot = parts.timers.add(this, Clock.Parent);
  }

  /** Did this child run when the host went down? That is what `start if running` asks. */
  wasRunning(child: ChildMachine): boolean {
    return this.running.has(child);
  }

  /** The host goes down now, whatever the reason. */
  remember(): void {
    if (this.closing === null) this.running = new Set(this.children.filter(isUnderWay));
  }

  close(verb: 'shut-down' | 'restart'): void {
    const { log, timers, costs } = this.parts;
    if (this.closing !== null) {
      log.record('life', null, 'the host is going down already');
      return;
    }
    this.remember();
    this.closing = verb;
    this.listener.closes();
    log.record('life', null, verb === 'restart' ? 'the host restarts' : 'the host shuts down', {
      detail: 'each child by its stop action',
    });
    timers.arm(this.limitSlot, timers.nowNs + costs.get('stop-limit').amount);
    for (const child of this.children) {
      if (isOnItsWay(child)) this.onTheirWay.add(child);
      else stop(child);
    }
    this.childChanged();
  }

  /** The parent failed: nothing is left to shut down. */
  cancel(): void {
    this.closing = null;
    this.onTheirWay.clear();
    for (const slot of [this.limitSlot, this.restSlot, this.parentSlot]) this.parts.timers.disarm(slot);
  }

  /** A child has changed its state; perhaps it was the last, or is here to stop. */
  childChanged(): void {
    const { timers } = this.parts;
    if (this.closing === null || timers.armed(this.parentSlot)) return;
    if (this.children.some(isUnderWay) && [...this.onTheirWay].every(isOnItsWay)) return;
    // Not at once: whoever changed the state of a child has not finished yet.
    timers.arm(this.restSlot, timers.nowNs);
  }

  fire(clock: number): void {
    if (clock === Clock.Limit) this.outOfTime();
    else if (clock === Clock.Rest) this.rest();
    else this.parentDown();
  }

  private outOfTime(): void {
    for (const child of this.children) {
      // What kept it from being saved at once, a checkpoint or a migration, is over.
      if (child.child.stop === 'save' && isSavable(child)) child.saved.save();
      if (isUnderWay(child) && child.state !== 'saving') child.turnOff('not down within the time limit: turned off');
    }
  }

  private rest(): void {
    for (const child of [...this.onTheirWay].filter((each) => !isOnItsWay(each))) {
      this.onTheirWay.delete(child);
      stop(child);
    }
    const { timers, costs } = this.parts;
    if (this.children.some(isUnderWay)) return;
    timers.disarm(this.limitSlot);
    timers.arm(this.parentSlot, timers.nowNs + costs.get('host-shutdown').charge());
  }

  private parentDown(): void {
    const restarts = this.closing === 'restart';
    this.listener.down();
    if (restarts) this.listener.up();
  }
}

function stop(child: ChildMachine): void {
  if (!isUnderWay(child)) return;
  const { stop: action } = child.child;
  if (action === 'save' && isSavable(child)) child.saved.save();
  else if (action === 'shut-down' && child.state === 'running') child.shutDown();
  else if (child.state !== 'saving' && child.state !== 'stopping') child.turnOff('the host goes down');
}

function isSavable({ state }: ChildMachine): boolean {
  return state === 'running' || state === 'paused';
}

/** Its guest stands still, and is here or there in a moment. */
function isOnItsWay({ state, isResident }: ChildMachine): boolean {
  return state === 'migrating' && isResident;
}

/** It is there, or on its way. */
function isUnderWay({ exists, state }: ChildMachine): boolean {
  return exists || state === 'waiting' || state === 'starting' || state === 'restoring';
}
