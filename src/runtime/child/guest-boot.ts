import type { Cost, CostLedger } from '../trace/cost-ledger.js';
import type { GuestDevice } from './guest-device.js';
import type { ModelledGuest } from './modelled-guest.js';

/** How a guest reads the disk it boots from. */
export interface BootDisk {
  /** What reads before the guest's own drivers are loaded; null where the firmware has such drivers, too. */
  loader: GuestDevice | null;
  system: { driver: GuestDevice; ready(): boolean };
}

/** What boots beside the disk. */
export interface BootSite {
  /** Lets the guest look for its devices; `then` hears when it has found them. */
  connect(then: () => void): GuestDevice | null;
  /** What must happen before each of so many parts of the boot goes on. */
  pageIn(parts: number, then: () => void): void;
  /** The operating system is up; its services come next. */
  booted(): GuestDevice | null;
}

/** A part of what a boot reads. */
interface Reads {
  driver: GuestDevice;
  /** A driver that never got its device reads nothing. */
  ready(): boolean;
  bytes: number;
  commandBytes: number;
  commands: number;
}

/**
 * An operating system boots on VP 0: it reads from its disk, first through what the firmware offers, then, when it has
 * found its devices, through its own driver, and computes a little for each command.
 */
export class GuestBoot {
  private readonly compute: Cost;
  private readonly reads: readonly Reads[];
  /** The step at which the guest looks for its devices. */
  private readonly connectAt: number;
  private readonly steps: number;
  private step = 0;

  constructor(
    private readonly guest: ModelledGuest,
    disk: BootDisk | null,
    costs: CostLedger,
    private readonly site: BootSite,
  ) {
    this.compute = costs.get('guest-boot');
    this.reads = disk === null ? [] : bootReads(disk, costs);
    this.connectAt = disk?.loader ? this.reads[0]!.commands : 0;
    this.steps = 2 + this.reads.reduce((sum, { commands }) => sum + commands, 0);
  }

  begin(): void {
    this.site.pageIn(this.steps, () => this.goOn());
  }

  private goOn(): void {
    const { guest, site, compute, step } = this;
    const from = Math.floor((compute.amount * step) / this.steps);
    const to = Math.floor((compute.amount * (step + 1)) / this.steps);
    this.step++;
    // The compute time is one boot, in as many pieces as there are steps.
    const ns = compute.chargeNs(Math.max(1, to - from), step === 0 ? 1 : 0);
    const goOn = () => this.begin();
    const read = this.readAt(step);
    if (step === this.connectAt) guest.runSystem(ns, () => site.connect(goOn));
    else if (read?.ready()) guest.readSystem(ns, read.driver, read.bytes, goOn);
    else if (read === null) guest.runSystem(ns, () => site.booted());
    else
      guest.runSystem(ns, () => {
        goOn();
        return null;
      });
  }

  /** The command that belongs to a step; null for the last, which only computes. */
  private readAt(step: number): { driver: GuestDevice; ready(): boolean; bytes: number } | null {
    let command = step < this.connectAt ? step : step - 1;
    for (const { driver, ready, bytes, commandBytes, commands } of this.reads) {
      if (command < commands) return { driver, ready, bytes: Math.min(commandBytes, bytes - command * commandBytes) };
      command -= commands;
    }
    return null;
  }
}

function bootReads({ loader, system }: BootDisk, costs: CostLedger): Reads[] {
  const part = (driver: GuestDevice, ready: () => boolean, bytes: number, wanted: number): Reads => {
    const commandBytes = Math.min(driver.maximumBytes, Math.max(4096, wanted));
    return { driver, ready, bytes, commandBytes, commands: Math.ceil(bytes / commandBytes) };
  };
  const amount = (id: Parameters<CostLedger['get']>[0]) => costs.get(id).amount;
  return [
    part(
      loader ?? system.driver,
      loader ? () => true : system.ready,
      amount('guest-loader-bytes'),
      amount('guest-loader-read'),
    ),
    part(system.driver, system.ready, amount('guest-boot-bytes'), amount('guest-boot-read')),
  ];
}
