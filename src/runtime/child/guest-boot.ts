import type { Cost, CostLedger } from '../trace/cost-ledger.js';
import type { GuestDevice } from './guest-device.js';
import type { ModelledGuest } from './modelled-guest.js';

/** A part of the boot: this many bytes through this driver, in commands of at most `commandBytes`. */
export interface BootRead {
  device: GuestDevice;
  bytes: number;
  commandBytes: number;
}

/** What a boot reads: the loader with what the firmware offers, the rest with the system's own driver; nothing without a disk. */
export function bootReads(drivers: { loader: GuestDevice; system: GuestDevice } | null, costs: CostLedger): BootRead[] {
  if (!drivers) return [];
  const { loader, system } = drivers;
  const atMost = (device: GuestDevice, bytes: number) => Math.min(device.maximumBytes, Math.max(4096, bytes));
  return [
    {
      device: loader,
      bytes: costs.get('guest-loader-bytes').amount,
      commandBytes: atMost(loader, costs.get('guest-loader-read').amount),
    },
    {
      device: system,
      bytes: costs.get('guest-boot-bytes').amount,
      commandBytes: atMost(system, costs.get('guest-boot-read').amount),
    },
  ];
}

/**
 * An operating system boots on VP 0: it reads from its disk, first through what the firmware offers, then through its own
 * driver, and computes a little for each command.
 */
export class GuestBoot {
  private readonly chunks: number;
  private chunk = 0;

  constructor(
    private readonly guest: ModelledGuest,
    private readonly reads: readonly BootRead[],
    private readonly compute: Cost,
    /** What must happen before each of so many parts of the boot goes on. */
    private readonly pageIn: (parts: number, then: () => void) => void,
    private readonly done: () => void,
  ) {
    this.chunks = 1 + reads.reduce((sum, { bytes, commandBytes }) => sum + Math.ceil(bytes / commandBytes), 0);
  }

  begin(): void {
    this.pageIn(this.chunks, () => this.goOn());
  }

  private goOn(): void {
    const from = Math.floor((this.compute.amount * this.chunk) / this.chunks);
    this.chunk++;
    const to = Math.floor((this.compute.amount * this.chunk) / this.chunks);
    // The compute time is one boot, in as many pieces as there are commands.
    const ns = this.compute.chargeNs(Math.max(1, to - from), this.chunk === 1 ? 1 : 0);
    const read = this.nextRead();
    if (!read) this.guest.runSystem(ns, this.done);
    else this.guest.readSystem(ns, read.device, read.bytes, () => this.begin());
  }

  /** The command that belongs to the current chunk; null for the last, which only computes. */
  private nextRead(): { device: GuestDevice; bytes: number } | null {
    let command = this.chunk - 1;
    for (const { device, bytes, commandBytes } of this.reads) {
      const commands = Math.ceil(bytes / commandBytes);
      if (command < commands) return { device, bytes: Math.min(commandBytes, bytes - command * commandBytes) };
      command -= commands;
    }
    return null;
  }
}
