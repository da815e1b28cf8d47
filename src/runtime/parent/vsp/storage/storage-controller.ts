import type { Controller, Unit } from './storage-request.js';

/** A controller whose disks come and go while its guest runs, whoever performs what the guest asks of them. */
export class StorageController<U extends Unit> implements Controller<U> {
  /** Tells the guest to look which disks are there; null as long as it has no channel. */
  tellGuest: (() => void) | null = null;

  units: readonly U[];

  constructor(
    units: readonly U[],
    readonly subChannels: number,
  ) {
    this.units = units.map(present);
  }

  /** Its LUN must be free. */
  attach(unit: U): void {
    this.units = [...this.units, present(unit)];
    this.tellGuest?.();
  }

  /** What the guest still asks of that disk fails, and so does what is under way. */
  detach(lun: number): void {
    for (const unit of this.units) if (unit.lun === lun) unit.gone = true;
    this.units = this.units.filter((unit) => !unit.gone);
    this.tellGuest?.();
  }
}

/** As it is plugged in now: what was asked of it before it was taken out stays failed. */
function present<U extends Unit>(unit: U): U {
  return { ...unit, gone: false };
}
