import { DriverMemory } from '../child/driver-memory.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import type { HostParts } from '../host-parts.js';
import type { Partition } from '../hypervisor/partition.js';
import type { Guest } from '../hypervisor/virtual-processors.js';
import { HypervisorBackEnd } from './back-end.js';
import { ChildBoot } from './child-boot.js';
import { type ChildDevices, connectDevices } from './child-devices.js';
import type { ChildMachine } from './child-machine.js';
import { createGuest } from './create-guest.js';
import type { IntegrationClock } from './integration-host.js';

/** A guest that is not there: a VP of a partition that was not started. */
export const NOBODY: Guest = { next: () => 0, interrupt: (_vp, leftNs) => leftNs };

/** What a machine hears of its guest. */
export interface GuestListener {
  /** It has every device it is going to have. */
  served(): void;
  /** Its disk failed while it booted. */
  bootFailed(): void;
  /** It has agreed to go down. */
  shutDown(): void;
}

/** The guest of a child for as long as there is one: itself, its devices, and how it boots. */
export class StartedGuest {
  readonly guest: ModelledGuest;
  readonly devices: ChildDevices;
  readonly boot: ChildBoot;
  private told = '';

  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
    partition: Partition,
    private readonly clock: IntegrationClock,
    listener: GuestListener,
  ) {
    const { child, firstVp, work, dynamic, disks, adapters, traffic, monitors } = machine;
    // One that comes from another host is plugged in there until it is here.
    if (machine.isResident) this.plugIn();
    this.guest = createGuest(parts, child, firstVp, {
      drivers: () => this.devices.drivers,
      answered: (latencyNs) => work.answered(latencyNs),
      failed: () => work.failed(),
      systemFailed: () => listener.bootFailed(),
      missingShare: () => 1 - machine.assignedBytes / Math.max(1, machine.demandBytes),
    });
    const inParent = parts.architecture.devices.backEnd === 'parent';
    this.devices = connectDevices(
      {
        parts,
        child,
        firstVp,
        memory: new DriverMemory(() => partition.space.pages),
        files: disks,
        adapters,
        unplugged: machine.residence.unplugged,
        guest: this.guest,
        asked: () => work.asked(),
        backEnd: inParent ? parts.root : new HypervisorBackEnd(this.guest, child.processors.count),
        monitors,
        traffic,
        dynamicMemory: dynamic,
      },
      clock,
      { shutDown: () => listener.shutDown(), told: (values) => this.tell(values) },
    );
    this.answerVps(this.guest);
    this.boot = new ChildBoot(
      parts,
      { child, guest: this.guest, devices: this.devices, dynamic, firstDisk: disks[0] },
      { served: () => listener.served(), failed: () => listener.bootFailed() },
    );
  }

  plugIn(): void {
    const { adapters, residence } = this.machine;
    for (const [index, adapter] of adapters.entries()) if (!residence.unplugged.nic.has(index)) adapter.plugIn();
  }

  /** The guest and what connects it are gone; returns the CPU time in ns that was charged and is not going to be run. */
  stop(): number {
    const { lps } = this.parts;
    let lostNs = this.guest.pendingNs;
    this.machine.vps.each((vp) => {
      lostNs += lps.stop(vp);
    });
    this.answerVps(NOBODY);
    this.guest.stop();
    this.devices.emulator.stop();
    for (const adapter of this.machine.adapters) adapter.unplug();
    this.devices.bus.close();
    this.clock.stop();
    this.boot.stop();
    return lostNs;
  }

  private answerVps(guest: Guest): void {
    this.machine.vps.each((vp) => {
      this.parts.vps.guests[vp] = guest;
    });
  }

  /** What the guest says of itself, when it says something new. */
  private tell(values: ReadonlyMap<string, string>): void {
    const detail = [...values].map(([key, value]) => `${key} ${value}`).join(', ');
    if (detail === this.told) return;
    this.told = detail;
    this.parts.log.record('vmbus', this.machine.name, 'the guest tells of itself', { detail });
  }
}
