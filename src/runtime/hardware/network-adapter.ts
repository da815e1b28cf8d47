import type { PhysicalNic } from '../../model/host-model.js';
import { IntQueue } from '../int-queue.js';
import type { TimerOwner, Timers } from '../timers.js';

/** Who sent hears when the last byte has left. */
export interface SendClient {
  sent(tag: number): void;
  /** There was no link for too long. */
  sendFailed(tag: number): void;
}

const Clock = { Wire: 0, Patience: 1 } as const;

/**
 * A physical NIC: sends one message after the other at the rate of its wire. Without a link messages wait, as whoever
 * sent them repeats them; each is given up when it waited for so long.
 */
export class NetworkAdapter implements TimerOwner {
  sentBytes = 0;
  private readonly slot: number;
  private readonly patienceSlot: number;
  private readonly clients: SendClient[] = [];
  private readonly ports = new IntQueue();
  private readonly tags = new IntQueue();
  private readonly sizes = new IntQueue();
  private readonly sinceNs = new IntQueue();
  private readonly watchers: ((up: boolean) => void)[] = [];
  private link = true;
  private linkLostNs = 0;

  constructor(
    private readonly timers: Timers,
    readonly nic: PhysicalNic,
    private readonly patienceNs: number,
  ) {
    this.slot = timers.add(this, Clock.Wire);
    this.patienceSlot = timers.add(this, Clock.Patience);
  }

  /** A port for one sender. */
  connect(client: SendClient): number {
    return this.clients.push(client) - 1;
  }

  get linked(): boolean {
    return this.link;
  }

  /** Calls whenever the link comes or goes. */
  watchLink(watcher: (up: boolean) => void): void {
    this.watchers.push(watcher);
  }

  send(bytes: number, port: number, tag: number): void {
    this.ports.push(port);
    this.tags.push(tag);
    this.sizes.push(bytes);
    this.sinceNs.push(this.timers.nowNs);
    if (!this.link) this.wait();
    else if (this.tags.length === 1) this.startNext();
  }

  /** The link is gone; what was on the wire must be sent again. */
  unplug(): void {
    if (!this.link) return;
    this.link = false;
    this.linkLostNs = this.timers.nowNs;
    this.timers.disarm(this.slot);
    this.wait();
    for (const watcher of this.watchers) watcher(false);
  }

  plugIn(): void {
    if (this.link) return;
    this.link = true;
    this.timers.disarm(this.patienceSlot);
    if (this.tags.length > 0) this.startNext();
    for (const watcher of this.watchers) watcher(true);
  }

  /** What waits comes to nothing. */
  losePower(): void {
    this.timers.disarm(this.slot);
    this.timers.disarm(this.patienceSlot);
    for (let left = this.tags.length; left > 0; left--) {
      const { client, tag } = this.take();
      client.sendFailed(tag);
    }
  }

  fire(clock: number, nowNs: number): void {
    if (clock === Clock.Patience) {
      this.giveUp(nowNs);
      return;
    }
    this.sentBytes += this.sizes.peek();
    const { client, tag } = this.take();
    if (this.tags.length > 0) this.startNext();
    client.sent(tag);
  }

  private take(): { client: SendClient; tag: number } {
    this.sizes.shift();
    this.sinceNs.shift();
    return { client: this.clients[this.ports.shift()]!, tag: this.tags.shift() };
  }

  private startNext(): void {
    const wireNs = Math.max(1, Math.round((this.sizes.peek() * 8e9) / this.nic.bitsPerSecond));
    this.timers.arm(this.slot, this.timers.nowNs + wireNs);
  }

  private wait(): void {
    if (this.tags.length > 0 && !this.timers.armed(this.patienceSlot))
      this.timers.arm(this.patienceSlot, this.givenUpNs());
  }

  /** When the oldest message is given up; its wait counts from when there was no link. */
  private givenUpNs(): number {
    return Math.max(this.sinceNs.peek(), this.linkLostNs) + this.patienceNs;
  }

  private giveUp(nowNs: number): void {
    while (this.tags.length > 0 && this.givenUpNs() <= nowNs) {
      const { client, tag } = this.take();
      client.sendFailed(tag);
    }
    this.wait();
  }
}
