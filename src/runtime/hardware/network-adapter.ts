import type { PhysicalNic } from '../../model/host-model.js';
import type { Timers } from '../timers.js';
import { Wire } from './wire.js';

/** A physical NIC: a wire to the outside and one from there, which do not disturb each other (full duplex). */
export class NetworkAdapter {
  readonly transmit: Wire;
  readonly receive: Wire;

  constructor(
    timers: Timers,
    readonly nic: PhysicalNic,
    patienceNs: number,
  ) {
    this.transmit = new Wire(timers, nic.bitsPerSecond, patienceNs);
    this.receive = new Wire(timers, nic.bitsPerSecond, patienceNs);
  }

  /** The link is gone, both ways. */
  unplug(): void {
    this.transmit.unplug();
    this.receive.unplug();
  }

  plugIn(): void {
    this.transmit.plugIn();
    this.receive.plugIn();
  }

  losePower(): void {
    this.transmit.losePower();
    this.receive.losePower();
  }
}
