/**
 * The seam between a CPU that executes a guest and the hypervisor above it. Whatever stands behind it (an emulator,
 * a script in a test) looks the same to SynIC, VMBus and the VSPs.
 */

/** What a CPU gives the hypervisor. */
export interface Cpu {
  readonly memory: GuestMemory;
  /** Machine code that traps to `Hypervisor.hypercall` and returns to its caller; what the hypercall page holds. */
  readonly hypercallCode: Uint8Array;
  /** The guest waits for an interrupt. */
  readonly halted: boolean;
  /** The time stamp counter as the guest reads it now. */
  readonly timeStampCounter: bigint;
  /** Requests a fixed, edge-triggered interrupt at the local APIC. `vector` 16 to 255. */
  injectVector(vector: number): void;
  /** Executes the guest until it is stopped; between two calls of the caller's event loop, never within one. */
  run(): Promise<void>;
  /** Stops between two instructions; `run` goes on there. */
  stop(): Promise<void>;
  /** Something became due: the CPU asks for its timers soon, even when it is halted. */
  wake(): void;
}

/** Guest physical memory from address 0. Every access is checked: outside of it throws GpaOutOfRange. */
export interface GuestMemory {
  readonly bytes: number;
  /** A copy, so that the guest cannot change what was checked. */
  read(gpa: number, length: number): Uint8Array;
  /** The same into memory of the caller, as much as fits there. */
  readInto(gpa: number, into: Uint8Array): void;
  write(gpa: number, data: Uint8Array): void;
  readU32(gpa: number): number;
  writeU32(gpa: number, value: number): void;
  /** The bytes themselves, where they lie side by side and never move; null or absent where they may. */
  view?(gpa: number, length: number): Uint8Array | null;
  /** The bytes themselves, to be read or written before the guest runs on, because they may move then; absent where none are lent. */
  borrow?(gpa: number, length: number, use: 'read' | 'write'): Uint8Array;
}

/** Memory of a device above the guest's RAM. */
export interface DeviceMemory {
  /** Where the guest reaches it; null as long as it does not. */
  gpa: number | null;
  readonly bytes: Uint8Array;
}

/** A guest named memory that it does not have. */
export class GpaOutOfRange extends Error {
  constructor(gpa: number, length: number) {
    super(`guest physical address 0x${gpa.toString(16)} (${length} bytes) is outside the partition's memory`);
  }
}

/** What the hypervisor gives a CPU. */
export interface Hypervisor {
  /** null: not one of the hypervisor's leaves, the CPU answers itself. */
  cpuid(leaf: number): CpuidResult | null;
  /** null: no such synthetic MSR. */
  readMsr(index: number): bigint | null;
  /** `fault`: the value is not allowed, the CPU raises #GP where it can. */
  writeMsr(index: number, value: bigint): 'done' | 'unknown' | 'fault';
  /** The result value, with the HV_STATUS in its low 16 bits. */
  hypercall(call: HypercallRegisters): bigint;
  /** Delivers what is due; nanoseconds until it wants to be asked again, or null. */
  expireTimers(): number | null;
}

export interface CpuidResult {
  eax: number;
  ebx: number;
  ecx: number;
  edx: number;
}

/** The three 64-bit inputs of a hypercall, whatever registers carried them. */
export interface HypercallRegisters {
  control: bigint;
  /** GPA of the input page, or the input itself for a fast call. */
  input: bigint;
  output: bigint;
}

/** Time as the caller keeps it; the runtime has no clock of its own. */
export interface HostClock {
  /** Nanoseconds since some fixed start; never goes back. */
  nowNs(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wallTimeMs(): number;
  /** Nanoseconds that a processor has spent on the thread that asks; null or absent where the platform does not tell. */
  processorNs?(): number | null;
}
