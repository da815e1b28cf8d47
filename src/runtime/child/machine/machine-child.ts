import { guestOsName } from '../../hypervisor/tlfs/guest-os-id.js';
import { type CrashReport, TlfsHypervisor } from '../../hypervisor/tlfs/tlfs-hypervisor.js';
import type { VmbusDevice } from '../../vmbus/host/device.js';
import { type VmbusEvent, VmbusServer } from '../../vmbus/host/vmbus-server.js';
import type { HostClock, Hypervisor } from '../cpu-port.js';
import { GuestClock } from '../guest-clock.js';
import type { BootPlan } from './boot-plan.js';
import { V86Cpu } from './v86-cpu.js';
import type { MachineEnd } from './v86-hooks.js';
import type { V86Platform } from './v86-platform.js';

export interface MachineOptions {
  platform: V86Platform;
  memoryBytes: number;
  plan: BootPlan;
  clock: HostClock;
  /** What the parent offers to this child. */
  devices(partition: Partition): MachineDevice[];
  console(byte: number): void;
  report(event: MachineEvent): void;
}

/** What a device may know of the partition it is offered to. */
export interface Partition {
  /** Reference time in units of 100 ns since the partition was created. */
  referenceTime(): bigint;
}

/** A device that the parent offers; it may want to act by itself as time goes by. */
export interface MachineDevice extends VmbusDevice {
  /** Does what is due and returns nanoseconds until it wants to be called again; null: not before it is signalled. */
  tick?(nowNs: number): number | null;
}

export type MachineEvent =
  | VmbusEvent
  | { type: 'guest crashed'; report: CrashReport }
  | { type: 'ended'; how: MachineEnd; detail?: string };

/** A halted guest gets its timers up to 50 ms late: a kernel with a periodic tick would keep a core busy otherwise. */
const IDLE_SLACK_NS = 50e6;

/** A child that executes a real kernel: processor, hypervisor, VMBus and the parent's devices put together. */
export class MachineChild {
  private constructor(
    private readonly cpu: V86Cpu,
    private readonly hypervisor: TlfsHypervisor,
    private readonly bus: VmbusServer,
    private readonly clock: GuestClock,
  ) {}

  /** Builds the machine and loads what it boots. Throws V86Mismatch. */
  static async create(options: MachineOptions): Promise<MachineChild> {
    const { platform, memoryBytes, report } = options;
    const clock = new GuestClock(options.clock);
    const ended = (how: MachineEnd, detail?: string) =>
      report(detail === undefined ? { type: 'ended', how } : { type: 'ended', how, detail });
    const cpu = await V86Cpu.create({
      platform,
      memoryBytes,
      nowNs: () => clock.nowNs(),
      console: options.console,
      ended,
    });
    const hypervisor = new TlfsHypervisor(cpu, {
      clock,
      tscHz: V86Cpu.TSC_HZ,
      apicHz: V86Cpu.APIC_HZ,
      idleSlackNs: IDLE_SLACK_NS,
      ports: {
        postMessage: (connection, type, payload) => bus.postMessage(connection, type, payload),
        signalEvent: (connection) => bus.signalEvent(connection),
      },
      crashed: (crash) => report({ type: 'guest crashed', report: crash }),
    });
    const bus = new VmbusServer({ memory: cpu.memory, synic: hypervisor.synic, report });
    const devices = options.devices(hypervisor);
    for (const device of devices) bus.offer(device);
    cpu.attach(withDevices(hypervisor, devices, clock));
    load(cpu, options.plan);
    return new MachineChild(cpu, hypervisor, bus, clock);
  }

  start(): Promise<void> {
    return this.cpu.run();
  }

  /** Stops the processor and the guest's time; what it has asked of its disks still happens. */
  async pause(): Promise<void> {
    await this.cpu.stop();
    this.clock.stop();
  }

  async resume(): Promise<void> {
    this.clock.go();
    await this.cpu.run();
  }

  /** Like pulling the plug. */
  async turnOff(): Promise<void> {
    this.bus.close();
    await this.cpu.destroy();
  }

  sendConsole(data: Uint8Array): void {
    this.cpu.sendConsole(data);
  }

  offer(device: VmbusDevice): void {
    this.bus.offer(device);
  }

  rescind(device: VmbusDevice): void {
    this.bus.rescind(device);
  }

  /** "Linux 6.1.176", or null as long as the guest has not said what it is. */
  get guestOs(): string | null {
    return guestOsName(this.hypervisor.guestOsId);
  }
}

function withDevices(hypervisor: TlfsHypervisor, devices: MachineDevice[], clock: GuestClock): Hypervisor {
  return {
    cpuid: (leaf) => hypervisor.cpuid(leaf),
    readMsr: (index) => hypervisor.readMsr(index),
    writeMsr: (index, value) => hypervisor.writeMsr(index, value),
    hypercall: (call) => hypervisor.hypercall(call),
    expireTimers: () => {
      const now = clock.nowNs();
      const waits = devices.map((device) => device.tick?.(now) ?? null);
      return [...waits, hypervisor.expireTimers()].reduce(sooner, null);
    },
  };
}

function sooner(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function load(cpu: V86Cpu, plan: BootPlan): void {
  for (const { address, data, bytes } of plan.segments) {
    cpu.memory.write(address, data);
    cpu.memory.write(address + data.length, new Uint8Array(bytes - data.length));
  }
  cpu.setEntry(plan.entry, plan.bootParameters, plan.gdt);
}
