import type { NetworkAdapter } from '../hardware/network-adapter.js';
import { Queue } from '../queue.js';
import type { TimerOwner, Timers } from '../timers.js';

/** Who sent something to another host hears that it is there, or that it will never be. */
export interface Carried {
  arrived(tag: number): void;
  notCarried(): void;
}

interface Parcel {
  client: Carried;
  tag: number;
  bytes: number;
  dueNs: number;
}

/**
 * The migration network from one host to another: what is sent takes its turn on the wire of the sender's adapter, then the
 * latency, then its turn on the receiver's. Without a link at either end it waits there, as TCP repeats it, and is given up
 * like everything that is sent.
 */
export class MigrationLink implements TimerOwner {
  private readonly slot: number;
  private readonly between = new Queue<Parcel>();

  constructor(
    private readonly timers: Timers,
    private readonly sender: NetworkAdapter,
    private readonly receiver: NetworkAdapter,
    private readonly latencyNs: number,
  ) {
    this.slot = timers.add(this);
  }

  carry(bytes: number, client: Carried, tag: number): void {
    const parcel = { client, tag, bytes, dueNs: 0 };
    this.sender.transmit.carry({ bytes, arrived: () => this.left(parcel), lost: () => client.notCarried() });
  }

  fire(): void {
    const { client, tag, bytes } = this.between.shift()!;
    this.receiver.receive.carry({ bytes, arrived: () => client.arrived(tag), lost: () => client.notCarried() });
    if (this.between.length > 0) this.timers.arm(this.slot, this.between.peek()!.dueNs);
  }

  private left(parcel: Parcel): void {
    parcel.dueNs = this.timers.nowNs + this.latencyNs;
    this.between.push(parcel);
    if (this.between.length === 1) this.timers.arm(this.slot, parcel.dueNs);
  }
}
