import type { NetworkAdapter, SendClient } from '../hardware/network-adapter.js';
import { IntQueue } from '../int-queue.js';
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
}

const Clock = { Arrival: 0, Patience: 1 } as const;

/**
 * The migration network from one host to another: what is sent waits for its turn on the sender's adapter with everything
 * else, then takes the latency, and no less than the receiver's wire needs. Without a link at the receiver it waits, as
 * TCP repeats it, and is given up like anything that is sent.
 */
export class MigrationLink implements SendClient, TimerOwner {
  private readonly arrivalSlot: number;
  private readonly patienceSlot: number;
  private readonly port: number;
  private readonly parcels = new Map<number, Parcel>();
  private nextId = 0;
  private readonly arriving = new IntQueue();
  private readonly dueNs = new IntQueue();
  private receiverFreeNs = 0;

  constructor(
    private readonly timers: Timers,
    private readonly sender: NetworkAdapter,
    private readonly receiver: NetworkAdapter,
    private readonly latencyNs: number,
    private readonly patienceNs: number,
  ) {
    this.arrivalSlot = timers.add(this, Clock.Arrival);
    this.patienceSlot = timers.add(this, Clock.Patience);
    this.port = sender.connect(this);
    receiver.watchLink((up) => this.linkChanged(up));
  }

  carry(bytes: number, client: Carried, tag: number): void {
    const id = this.nextId++;
    this.parcels.set(id, { client, tag, bytes });
    this.sender.send(bytes, this.port, id);
  }

  sent(id: number): void {
    const { timers, receiver } = this;
    const wireNs = Math.round((this.parcels.get(id)!.bytes * 8e9) / receiver.nic.bitsPerSecond);
    const due = Math.max(timers.nowNs + this.latencyNs, this.receiverFreeNs + wireNs);
    this.receiverFreeNs = due;
    this.arriving.push(id);
    this.dueNs.push(due);
    if (!receiver.linked) this.wait();
    else if (this.arriving.length === 1) this.arm();
  }

  sendFailed(id: number): void {
    this.take(id).client.notCarried();
  }

  fire(clock: number): void {
    if (clock === Clock.Patience) {
      this.giveUp();
      return;
    }
    const { client, tag } = this.take(this.arriving.shift());
    this.dueNs.shift();
    this.arm();
    client.arrived(tag);
  }

  private linkChanged(up: boolean): void {
    if (up) {
      this.timers.disarm(this.patienceSlot);
      this.arm();
      return;
    }
    this.timers.disarm(this.arrivalSlot);
    if (this.arriving.length > 0) this.wait();
  }

  private arm(): void {
    if (this.arriving.length === 0) return;
    this.timers.arm(this.arrivalSlot, Math.max(this.timers.nowNs, this.dueNs.peek()));
  }

  private wait(): void {
    if (!this.timers.armed(this.patienceSlot)) this.timers.arm(this.patienceSlot, this.timers.nowNs + this.patienceNs);
  }

  private giveUp(): void {
    this.dueNs.clear();
    const waiting: Parcel[] = [];
    while (this.arriving.length > 0) waiting.push(this.take(this.arriving.shift()));
    for (const { client } of waiting) client.notCarried();
  }

  private take(id: number): Parcel {
    const parcel = this.parcels.get(id)!;
    this.parcels.delete(id);
    return parcel;
  }
}
