import type { PhysicalNic } from '../../model/host-model.js';
import { IntQueue } from '../int-queue.js';
import type { TimerOwner, Timers } from '../timers.js';

/** Who sent hears when the last byte has left. */
export interface SendClient {
  sent(tag: number): void;
}

/** A physical NIC: sends one message after the other at the rate of its wire. */
export class NetworkAdapter implements TimerOwner {
  sentBytes = 0;
  private readonly slot: number;
  private readonly clients: SendClient[] = [];
  private readonly ports = new IntQueue();
  private readonly tags = new IntQueue();
  private readonly sizes = new IntQueue();

  constructor(
    private readonly timers: Timers,
    readonly nic: PhysicalNic,
  ) {
    this.slot = timers.add(this);
  }

  /** A port for one sender. */
  connect(client: SendClient): number {
    return this.clients.push(client) - 1;
  }

  send(bytes: number, port: number, tag: number): void {
    this.ports.push(port);
    this.tags.push(tag);
    this.sizes.push(bytes);
    if (this.tags.length === 1) this.startNext();
  }

  fire(): void {
    this.sentBytes += this.sizes.shift();
    const tag = this.tags.shift();
    const client = this.clients[this.ports.shift()]!;
    if (this.tags.length > 0) this.startNext();
    client.sent(tag);
  }

  private startNext(): void {
    const wireNs = Math.max(1, Math.round((this.sizes.peek() * 8e9) / this.nic.bitsPerSecond));
    this.timers.arm(this.slot, this.timers.nowNs + wireNs);
  }
}
