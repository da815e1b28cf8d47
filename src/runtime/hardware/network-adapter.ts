import type { PhysicalNic } from '../../model/host-model.js';
import type { Timers } from '../timers.js';
import type { Framing } from './framing.js';
import { Wire } from './wire.js';

/** A physical NIC: a wire to the outside and one from there, which do not disturb each other (full duplex). */
export class NetworkAdapter {
  readonly transmit: Wire;
  readonly receive: Wire;
  /** Told when the link comes or goes. */
  readonly watchers: (() => void)[] = [];
  /** Virtual functions that are assigned. */
  private assigned = 0;

  constructor(
    timers: Timers,
    readonly nic: PhysicalNic,
    patienceNs: number,
    framing: Framing,
  ) {
    this.transmit = new Wire(timers, nic.bitsPerSecond, patienceNs, framing);
    this.receive = new Wire(timers, nic.bitsPerSecond, patienceNs, framing);
  }

  get hasLink(): boolean {
    return this.transmit.hasLink;
  }

  /** Assigns a virtual function (SR-IOV); false: it has none left. */
  assignFunction(): boolean {
    if (this.assigned >= (this.nic.virtualFunctions ?? 0)) return false;
    this.assigned++;
    return true;
  }

  releaseFunction(): void {
    this.assigned--;
  }

  /** The link is gone, both ways. */
  unplug(): void {
    this.transmit.unplug();
    this.receive.unplug();
    for (const watcher of this.watchers) watcher();
  }

  plugIn(): void {
    this.transmit.plugIn();
    this.receive.plugIn();
    for (const watcher of this.watchers) watcher();
  }

  losePower(): void {
    this.transmit.losePower();
    this.receive.losePower();
  }
}
