import type { Keystroke, MachineTraffic } from '../../../protocol/machine.js';
import { guestOsName } from '../../hypervisor/tlfs/guest-os-id.js';
import { callName } from '../../hypervisor/tlfs/privileges.js';
import { type CrashReport, TlfsHypervisor } from '../../hypervisor/tlfs/tlfs-hypervisor.js';
import type { VmbusDevice } from '../../vmbus/host/device.js';
import { synicHost } from '../../vmbus/host/synic-host.js';
import type { VmbusEvent } from '../../vmbus/host/vmbus-host.js';
import { VmbusServer } from '../../vmbus/host/vmbus-server.js';
import { type DeviceMemory, GpaOutOfRange, type HostClock, type Hypervisor } from '../cpu-port.js';
import { GuestClock } from '../guest-clock.js';
import { type PlainState, SnapshotError, StateReader } from '../snapshot/plain-state.js';
import type { BootPlan } from './boot-plan.js';
import type { IdeDisk } from './ide-disk.js';
import type { ProcessorShare } from './processor-share.js';
import type { TextScreen } from './text-screen.js';
import { V86Cpu } from './v86-cpu.js';
import type { MachineEnd } from './v86-hooks.js';
import type { V86Platform } from './v86-platform.js';

export interface MachineOptions {
  platform: V86Platform;
  memoryBytes: number;
  /** What it boots; null where a saved state is restored instead. */
  plan: BootPlan | null;
  clock: HostClock;
  /** How much of the host's processor it may use. */
  share: ProcessorShare;
  /** What the guest reaches above its RAM. */
  deviceMemory?: readonly DeviceMemory[];
  /** A PC without a hypervisor, with these disks on its IDE controller; else a partition with what `devices` offers. */
  bare?: readonly IdeDisk[];
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
  /** Resolves when it has nothing in work that a snapshot would miss. */
  drain?(): Promise<void>;
  /** The guest goes on after it stood still. */
  resumed?(): void;
}

/** A machine that stands still, as data. */
export interface MachineState {
  /** Processor, memory and the devices of the PC, as what executes them writes it. */
  cpu: Uint8Array<ArrayBuffer>;
  /** The hypervisor's side: clock, TLFS, VMBus and the parent's devices. */
  host: PlainState;
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
    private readonly devices: readonly MachineDevice[],
    private readonly bare: readonly IdeDisk[] | null,
    /** How often each hypercall was made, by its code. */
    private readonly calls: ReadonlyMap<number, number>,
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
      hostClock: options.clock,
      share: options.share,
      ideDisks: options.bare,
      deviceMemory: options.deviceMemory,
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
        signalEvent: (connection, flag) => bus.signalEvent(connection, flag),
      },
      crashed: (crash) => report({ type: 'guest crashed', report: crash }),
    });
    const bus = new VmbusServer(synicHost(cpu.memory, [hypervisor.synic], report));
    const calls = new Map<number, number>();
    const devices = options.bare === undefined ? options.devices(hypervisor) : [];
    for (const device of devices) bus.offer(device);
    if (options.bare === undefined) cpu.attach(withDevices(hypervisor, bus, devices, clock, calls));
    if (options.plan !== null) load(cpu, options.plan);
    return new MachineChild(cpu, hypervisor, bus, clock, devices, options.bare ?? null, calls);
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
    for (const device of this.devices) device.resumed?.();
    await this.cpu.run();
  }

  /** The whole machine while it is paused. Throws SnapshotError where a device cannot be saved. */
  async save(): Promise<MachineState> {
    if (this.bare !== null) throw new SnapshotError('a legacy child cannot be saved: v86 loses requests to its disks');
    await Promise.all(this.devices.map((device) => device.drain?.()));
    const host: PlainState = {
      version: 1,
      timeNs: this.clock.nowNs(),
      tlfs: this.hypervisor.save(),
      vmbus: this.bus.save(),
    };
    return { cpu: await this.cpu.save(), host };
  }

  /**
   * Makes this machine, which has not run, the saved one; `resume` goes on there. Throws SnapshotError, and is good for
   * nothing then.
   */
  async restore({ cpu, host }: MachineState): Promise<void> {
    const state = new StateReader(host).version(1);
    this.clock.set(state.at('timeNs').time());
    await this.cpu.restore(cpu);
    try {
      this.hypervisor.restore(state.at('tlfs'));
      this.bus.restore(state.at('vmbus'));
    } catch (error) {
      if (error instanceof GpaOutOfRange) throw new SnapshotError(error.message);
      throw error;
    }
  }

  /** Like pulling the plug. */
  async turnOff(): Promise<void> {
    this.bus.close();
    await this.cpu.destroy();
    await Promise.all((this.bare ?? []).map((disk) => disk.drain()));
  }

  /** The characters on a bare machine's screen. */
  get textScreen(): TextScreen {
    return this.cpu.screen;
  }

  /** A key of a bare machine's keyboard goes down or up. */
  typePs2(keystroke: Keystroke): void {
    this.cpu.type(keystroke);
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

  /** What went over the seam between guest and hypervisor since it was built. */
  get traffic(): MachineTraffic {
    const hypercalls = [...this.calls].map(([code, count]) => ({ name: callName(code) ?? 'unknown', count }));
    return { hypercalls, channels: this.bus.traffic() };
  }

  /** "Linux 6.1.176", or null as long as the guest has not said what it is. */
  get guestOs(): string | null {
    return guestOsName(this.hypervisor.guestOsId);
  }
}

function withDevices(
  hypervisor: TlfsHypervisor,
  bus: VmbusServer,
  devices: MachineDevice[],
  clock: GuestClock,
  calls: Map<number, number>,
): Hypervisor {
  return {
    cpuid: (leaf) => hypervisor.cpuid(leaf),
    readMsr: (index) => hypervisor.readMsr(index),
    writeMsr: (index, value) => hypervisor.writeMsr(index, value),
    hypercall: (call) => {
      const code = Number(call.control & 0xffffn);
      // A guest may try every number: what does not exist is counted together.
      const counted = callName(code) === null ? 0 : code;
      calls.set(counted, (calls.get(counted) ?? 0) + 1);
      return hypervisor.hypercall(call);
    },
    expireTimers: () => {
      const now = clock.nowNs();
      const waits = [bus.lookAtMonitors(now), ...devices.map((device) => device.tick?.(now) ?? null)];
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
