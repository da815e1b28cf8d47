import { Queue } from '../queue.js';
import type { TimerOwner, Timers } from '../timers.js';
import { FairQueue, type Flow } from './fair-queue.js';
import { type Framing, wireBytes } from './framing.js';
import type { ModelledFrame } from './modelled-frame.js';

const Clock = { Wire: 0, Patience: 1 } as const;

/** Bytes that are no frame of a switch, and go over TCP as all others. */
export interface Parcel {
  readonly bytes: number;
  arrived(): void;
  /** It was given up: there was no link for too long. */
  lost(): void;
}

/** What is on its way, and since when it waits. */
type Load = { sinceNs: number } & ({ frame: ModelledFrame; parcel: null } | { frame: null; parcel: Parcel });

/**
 * One direction of a cable: one frame after the other at its rate, in the order in which they come or, where it is shared
 * by weight, fairly. Without a link frames wait, as whoever sent them repeats them; each is given up when it waited for
 * so long.
 */
export class Wire implements TimerOwner {
  /** Of the work: what is around it on the wire is not counted. */
  carriedBytes = 0;
  carriedFrames = 0;
  /** A frame has come to the other end. */
  arrived: (frame: ModelledFrame) => void = () => {};
  private readonly slot: number;
  private readonly patienceSlot: number;
  private waiting: Queue<Load> | FairQueue<Load> = new Queue<Load>();
  /** On the wire, or the first to go when there is a link. */
  private current: Load | null = null;
  private readonly others: Flow = { index: 0, weight: 1, finish: 0 };
  private link = true;
  private linkLostNs = 0;

  constructor(
    private readonly timers: Timers,
    private readonly bitsPerSecond: number,
    private readonly patienceNs: number,
    private readonly framing: Framing,
  ) {
    this.slot = timers.add(this, Clock.Wire);
    this.patienceSlot = timers.add(this, Clock.Patience);
  }

  get hasLink(): boolean {
    return this.link;
  }

  /** So many flows share it by their weights from now on; the first is that of frames without one. Only while nothing is under way. */
  shareByWeight(flows: number): void {
    this.waiting = new FairQueue<Load>(flows);
  }

  send(frame: ModelledFrame): void {
    this.push({ frame, parcel: null, sinceNs: this.timers.nowNs });
  }

  /** Takes its turn with the frames; who sent it hears itself that it has come. */
  carry(parcel: Parcel): void {
    this.push({ frame: null, parcel, sinceNs: this.timers.nowNs });
  }

  private push(load: Load): void {
    if (this.waiting instanceof FairQueue)
      this.waiting.push(load, this.bytesFor(load), load.frame?.flow ?? this.others);
    else this.waiting.push(load);
    if (this.current !== null) return;
    this.current = this.waiting.shift()!;
    if (this.link) this.startCurrent();
    else this.wait();
  }

  /** The link is gone; what was on the wire must be sent again. */
  unplug(): void {
    if (!this.link) return;
    this.link = false;
    this.linkLostNs = this.timers.nowNs;
    this.timers.disarm(this.slot);
    this.wait();
  }

  plugIn(): void {
    if (this.link) return;
    this.link = true;
    this.timers.disarm(this.patienceSlot);
    if (this.current !== null) this.startCurrent();
  }

  /** What waits comes to nothing. */
  losePower(): void {
    this.timers.disarm(this.slot);
    this.timers.disarm(this.patienceSlot);
    const lost = this.current === null ? [] : [this.current, ...this.waiting.takeAll()];
    this.current = null;
    for (const load of lost) giveUp(load);
  }

  fire(clock: number, nowNs: number): void {
    if (clock === Clock.Patience) {
      this.giveUp(nowNs);
      return;
    }
    const { frame, parcel } = this.current!;
    this.carriedFrames++;
    this.carriedBytes += (frame ?? parcel).bytes;
    this.current = this.waiting.shift() ?? null;
    if (this.current !== null) this.startCurrent();
    if (parcel) parcel.arrived();
    else this.arrived(frame);
  }

  private startCurrent(): void {
    const wireNs = Math.max(1, Math.round((this.bytesFor(this.current!) * 8e9) / this.bitsPerSecond));
    this.timers.arm(this.slot, this.timers.nowNs + wireNs);
  }

  private bytesFor({ frame, parcel }: Load): number {
    return wireBytes(this.framing, (frame ?? parcel).bytes, frame !== null && frame.wireTag !== null);
  }

  private wait(): void {
    if (this.current !== null && !this.timers.armed(this.patienceSlot))
      this.timers.arm(this.patienceSlot, this.givenUpNs(this.current));
  }

  /** When a frame that is the first to go is given up; its wait counts from when there was no link. */
  private givenUpNs({ sinceNs }: Load): number {
    return Math.max(this.timers.nowNs, Math.max(sinceNs, this.linkLostNs) + this.patienceNs);
  }

  private giveUp(nowNs: number): void {
    while (this.current !== null && this.givenUpNs(this.current) <= nowNs) {
      const load = this.current;
      this.current = this.waiting.shift() ?? null;
      giveUp(load);
    }
    this.wait();
  }
}

function giveUp({ frame, parcel }: Load): void {
  if (parcel) parcel.lost();
  else frame.sender.sendFailed(frame.tag);
}
