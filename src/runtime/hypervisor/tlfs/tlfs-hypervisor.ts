import {
  type Cpu,
  type CpuidResult,
  GpaOutOfRange,
  type HostClock,
  type HypercallRegisters,
  type Hypervisor,
} from '../../child/cpu-port.js';
import { bits, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { hypervisorCpuid } from './cpuid.js';
import { hypercall, type Ports } from './hypercalls.js';
import { enabledPage, Msr } from './msr.js';
import { OverlayPage } from './overlay-page.js';
import { ReferenceTsc } from './reference-tsc.js';
import { HvStatus } from './status.js';
import { SINT_COUNT, Synic } from './synic.js';
import { SyntheticTimers } from './synthetic-timers.js';

const LOCKED = 2n;
const CRASH_NOTIFY = 1n << 63n;
const CRASH_MESSAGE = 1n << 62n;
const MAX_CRASH_TEXT = 4096;
const CRASH_REGISTERS = 5;

export interface TlfsOptions {
  /** The partition's own, which stands still while it is suspended. */
  clock: HostClock;
  tscHz: number;
  apicHz: number;
  /**
   * How late a timer may come while the guest is halted: later ticks come together and an idle guest costs less. One that
   * waits for a moment only, for a disk or a neighbour, gets it in time: at most a quarter of its wait too late.
   */
  idleSlackNs: number;
  ports: Ports;
  crashed(report: CrashReport): void;
}

/** What a guest wrote into the crash MSRs before it gave up. */
export interface CrashReport {
  parameters: bigint[];
  text: string;
}

/** The hypervisor as one virtual processor sees it: CPUID leaves, synthetic MSRs, hypercalls, SynIC and timers. */
export class TlfsHypervisor implements Hypervisor {
  readonly synic: Synic;
  /** What the guest said it is; 0 before it did. */
  guestOsId = 0n;
  private readonly timers: SyntheticTimers;
  /** When it was last seen at work, in reference time. */
  private busyAt = 0n;
  private hypercallPage = 0n;
  private readonly hypercallCode: OverlayPage;
  private readonly referenceTsc: ReferenceTsc;
  private readonly crashParameters: bigint[] = Array.from({ length: CRASH_REGISTERS }, () => 0n);

  constructor(
    private readonly cpu: Cpu,
    private readonly options: TlfsOptions,
  ) {
    this.synic = new Synic(cpu);
    this.hypercallCode = new OverlayPage(cpu.memory);
    this.referenceTsc = new ReferenceTsc(cpu, options.tscHz, () => this.referenceTime());
    this.timers = new SyntheticTimers(cpu, this.synic, () => this.referenceTime());
  }

  /** Partition reference time in units of 100 ns. */
  referenceTime(): bigint {
    return BigInt(Math.floor(this.options.clock.nowNs() / 100));
  }

  cpuid(leaf: number): CpuidResult | null {
    return hypervisorCpuid(leaf);
  }

  readMsr(index: number): bigint | null {
    if (index >= Msr.Sint0 && index <= Msr.Sint15) return this.synic.sint(index - Msr.Sint0);
    if (index >= Msr.Stimer0Config && index <= Msr.Stimer3Count) return this.timers.read(index - Msr.Stimer0Config);
    if (index >= Msr.CrashP0 && index <= Msr.CrashP4) return this.crashParameters[index - Msr.CrashP0] ?? 0n;
    switch (index) {
      case Msr.GuestOsId:
        return this.guestOsId;
      case Msr.Hypercall:
        return this.hypercallPage;
      case Msr.VpIndex:
        return 0n;
      case Msr.TimeRefCount:
        return this.referenceTime();
      case Msr.ReferenceTsc:
        return this.referenceTsc.value;
      case Msr.TscFrequency:
        return BigInt(this.options.tscHz);
      case Msr.ApicFrequency:
        return BigInt(this.options.apicHz);
      case Msr.Scontrol:
        return this.synic.scontrol;
      case Msr.Sversion:
        return 1n;
      case Msr.Siefp:
        return this.synic.siefp;
      case Msr.Simp:
        return this.synic.simp;
      case Msr.Eom:
        return 0n;
      case Msr.CrashControl:
        return CRASH_NOTIFY | CRASH_MESSAGE;
      default:
        return null;
    }
  }

  writeMsr(index: number, value: bigint): 'done' | 'unknown' | 'fault' {
    try {
      return this.write(index, value);
    } catch (error) {
      if (error instanceof GpaOutOfRange) return 'fault';
      throw error;
    }
  }

  hypercall(call: HypercallRegisters): bigint {
    if ((this.hypercallPage & 1n) === 0n) return BigInt(HvStatus.OperationDenied);
    return BigInt(hypercall(this.cpu.memory, call, this.options.ports));
  }

  expireTimers(): number | null {
    const next = this.timers.expire(this.slack());
    return next === null ? null : Number(next) * 100;
  }

  private slack(): bigint {
    const now = this.referenceTime();
    if (!this.cpu.halted) {
      this.busyAt = now;
      return 0n;
    }
    const most = BigInt(Math.floor(this.options.idleSlackNs / 100));
    const waited = (now - this.busyAt) / 4n;
    return waited < most ? waited : most;
  }

  save(): PlainState {
    return {
      version: 1,
      guestOsId: bits(this.guestOsId),
      hypercallPage: bits(this.hypercallPage),
      hypercallCode: this.hypercallCode.save(),
      referenceTsc: this.referenceTsc.save(),
      crashParameters: this.crashParameters.map(bits),
      synic: this.synic.save(),
      timers: this.timers.save(),
    };
  }

  /** What lies in overlay pages is in guest memory and comes back with it. Throws SnapshotError. */
  restore(state: StateReader): void {
    state.version(1);
    this.guestOsId = state.at('guestOsId').bits();
    this.hypercallPage = state.at('hypercallPage').bits();
    this.hypercallCode.restore(state.at('hypercallCode'));
    this.referenceTsc.restore(state.at('referenceTsc'));
    for (const [index, value] of state.at('crashParameters').list(CRASH_REGISTERS).entries()) {
      this.crashParameters[index] = value.bits();
    }
    this.synic.restore(state.at('synic'));
    this.timers.restore(state.at('timers'));
  }

  private write(index: number, value: bigint): 'done' | 'unknown' | 'fault' {
    if (index >= Msr.Sint0 && index < Msr.Sint0 + SINT_COUNT) {
      return allowed(this.synic.setSint(index - Msr.Sint0, value));
    }
    if (index >= Msr.Stimer0Config && index <= Msr.Stimer3Count) {
      return allowed(this.timers.write(index - Msr.Stimer0Config, value));
    }
    if (index >= Msr.CrashP0 && index <= Msr.CrashP4) {
      this.crashParameters[index - Msr.CrashP0] = value;
      return 'done';
    }
    switch (index) {
      case Msr.GuestOsId:
        this.guestOsId = value;
        if (value === 0n) this.disableHypercalls(0n);
        return 'done';
      case Msr.Hypercall:
        return this.enableHypercalls(value);
      case Msr.Scontrol:
        this.synic.scontrol = value;
        return 'done';
      case Msr.Siefp:
        return allowed(this.synic.setSiefp(value));
      case Msr.Simp:
        return allowed(this.synic.setSimp(value));
      case Msr.ReferenceTsc:
        return allowed(this.referenceTsc.set(value));
      case Msr.TimeStampCounter:
        this.referenceTsc.invalidate();
        return 'unknown'; // the processor's own
      case Msr.Eom:
        this.synic.endOfMessage();
        return 'done';
      case Msr.CrashControl:
        if ((value & CRASH_NOTIFY) !== 0n) this.options.crashed(this.crashReport(value));
        return 'done';
      case Msr.VpIndex:
      case Msr.TimeRefCount:
      case Msr.TscFrequency:
      case Msr.ApicFrequency:
      case Msr.Sversion:
        return 'fault'; // read only
      default:
        return 'unknown';
    }
  }

  /** The page stays disabled until the guest has said what it is; a locked page stays as it is. */
  private enableHypercalls(value: bigint): 'done' | 'fault' {
    if ((this.hypercallPage & LOCKED) !== 0n) return 'done';
    const page = this.guestOsId === 0n ? null : enabledPage(value);
    if (page === null) {
      this.disableHypercalls(value & ~1n);
      return 'done';
    }
    if (!this.hypercallCode.place(page)) return 'fault';
    this.hypercallCode.fill(this.cpu.hypercallCode);
    this.hypercallPage = value;
    return 'done';
  }

  private disableHypercalls(value: bigint): void {
    this.hypercallCode.place(null);
    this.hypercallPage = value;
  }

  private crashReport(control: bigint): CrashReport {
    const parameters = [...this.crashParameters];
    const [gpa = 0n, length = 0n] = parameters.slice(3);
    if ((control & CRASH_MESSAGE) === 0n || length === 0n) return { parameters, text: '' };
    const at = Number(gpa);
    const bytes = Math.min(Number(length), MAX_CRASH_TEXT);
    // It has crashed, wherever it says that its last words are.
    const isThere = at + bytes <= this.cpu.memory.bytes;
    return { parameters, text: isThere ? printable(this.cpu.memory.read(at, bytes)) : '' };
  }
}

function allowed(ok: boolean): 'done' | 'fault' {
  return ok ? 'done' : 'fault';
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte === 10 || (byte >= 32 && byte < 127) ? String.fromCharCode(byte) : '')).join(
    '',
  );
}
