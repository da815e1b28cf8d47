import type { DeviceMemory, HostClock } from '../cpu-port.js';
import { hookDeviceMemory } from './device-memory.js';
import type { ProcessorShare } from './processor-share.js';
import type { V86Disk, V86Platform, WasmExports, WasmFunction, WasmImports } from './v86-platform.js';
import { V86Mismatch } from './v86-platform.js';
import { hookFunctions } from './v86-wasm.js';
import { importOf, wrapImport } from './wrap-import.js';

/** Questions of the hooked instructions; beyond the 16 bits of a real port. */
export const ASK = { cpuid: 0x10000, wrmsr: 0x10001, rdmsr: 0x10002 } as const;
const HOOKS = { instr_0FA2: ASK.cpuid, instr_0F30: ASK.wrmsr, instr_0F32: ASK.rdmsr };
/** v86 waits for less by asking again and again. */
export const SHORTEST_SLEEP_MS = 1;

const NEEDED_EXPORTS = [
  'allocate_memory',
  'apic_timer',
  'full_clear_tlb',
  'get_apic_addr',
  'instr_0FA2',
  'jit_dirty_cache',
  'main_loop',
  'store_current_tsc',
  'update_state_flags',
  'zero_memory',
] as const;

export const HYPERCALL_PORT = 0xe2;
const ACPI_PM1_CONTROL = 0xb004;
const SLEEP_ENABLE = 1 << 13;
const KEYBOARD_CONTROLLER = 0x64;
const PULSE_RESET = 0xfe;

const PCI_ADDRESS = 0xcf8;
const PCI_DATA = 0xcfc;
/** Register 0x40 of the function at device 30, where v86 has its IDE controller. */
const IDE_TIMING = (0x8000_0000 | (30 << 11) | 0x40) >>> 0;
const IDE_DECODE_ENABLE = 0x8000;

/** v86 asks for its timers at least so often, in milliseconds. */
export const LONGEST_SLEEP_MS = 100;

/** The guest switched itself off, asked for a reset, did what no processor survives, or hit a defect of what executes it. */
export type MachineEnd = 'power off' | 'reset' | 'triple fault' | 'emulator failure';

export interface V86CpuOptions {
  platform: V86Platform;
  memoryBytes: number;
  /** Nanoseconds of the guest's time, from which its time stamp counter and its APIC timer are made. */
  nowNs(): number;
  /** The host's time and what a processor spent on this thread, by which its share of the host is kept. */
  hostClock: Pick<HostClock, 'nowNs' | 'processorNs'>;
  share: ProcessorShare;
  /** What the guest reaches above its RAM beside v86's own devices. */
  deviceMemory?: readonly DeviceMemory[];
  /** Disks on its own IDE controller; at most two. */
  ideDisks?: readonly V86Disk[];
  console(byte: number): void;
  /** `detail`: the message of a defect. */
  ended(how: MachineEnd, detail?: string): void;
}

/** What the guest's instructions ask of the hypervisor. */
export interface Traps {
  /** A hooked instruction; 0 leaves it to the processor. */
  answer(question: number): number;
  hypercall(): void;
  /** Milliseconds until the hypervisor wants to be asked again. */
  expireTimers(): number;
}

/** v86's wasm with the hooks in it. */
export interface LoadedWasm {
  exports: WasmExports;
  /** Where guest physical address 0 lies in wasm memory. */
  guestMemory: number;
  view(): DataView;
  call(name: (typeof NEEDED_EXPORTS)[number]): WasmFunction;
  stopIdling(): void;
  /** Does what a PC's firmware does to its IDE controller (PIIX3, IDETIM): its first channel answers from then on. */
  enableIde(): void;
}

/** v86's wasm as it is loaded. Throws V86Mismatch. */
export function hookedWasm(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  return hookFunctions(wasm, HOOKS);
}

/** Loads the wasm; `traps` gives null until the processor is there. Throws V86Mismatch. */
export async function loadWasm(
  options: V86CpuOptions,
  imports: WasmImports,
  traps: () => Traps | null,
): Promise<LoadedWasm> {
  const { env } = imports;
  const stopIdling = importOf(env, 'stop_idling');
  hookPorts(env, options, traps);
  hookDeviceMemory(env, options.deviceMemory ?? []);
  const guestMs = () => options.nowNs() / 1e6;
  env['microtick'] = guestMs;
  const original = await options.platform.instantiate(hookedWasm(options.platform.wasm), imports);
  for (const name of NEEDED_EXPORTS) {
    if (typeof original[name] !== 'function') throw new V86Mismatch(`its wasm does not export ${name}()`);
  }
  let cached = new DataView(original.memory.buffer);
  const loaded: LoadedWasm = {
    exports: { ...original },
    guestMemory: 0,
    view() {
      const { buffer } = original.memory;
      if (cached.buffer !== buffer) cached = new DataView(buffer);
      return cached;
    },
    call: (name) => original[name] as WasmFunction,
    stopIdling: () => stopIdling(),
    enableIde: () => {
      importOf(env, 'io_port_write32')(PCI_ADDRESS, IDE_TIMING);
      importOf(env, 'io_port_write16')(PCI_DATA, IDE_DECODE_ENABLE);
    },
  };
  loaded.exports['main_loop'] = endingWithFault(withinShare(loaded.call('main_loop'), options), options);
  // v86 hands its devices the host's time and its APIC the same: the devices keep it, the APIC has the guest's.
  loaded.exports['apic_timer'] = () => loaded.call('apic_timer')(guestMs());
  // v86 clears all memory before it restores a state. Only a machine that has not run is restored here: its memory is zeroes.
  loaded.exports['zero_memory'] = () => 0;
  loaded.exports['allocate_memory'] = (bytes) => {
    loaded.guestMemory = loaded.call('allocate_memory')(bytes!);
    return loaded.guestMemory;
  };
  return loaded;
}

/**
 * Lets v86 run a slice of about a millisecond when its share of the host allows it, and sleep until then. A slice costs what
 * a processor spent on it: on a busy computer that is less than what passed meanwhile.
 */
function withinShare(mainLoop: WasmFunction, { hostClock, share }: V86CpuOptions): WasmFunction {
  return () => {
    const fromNs = hostClock.nowNs();
    const waitNs = share.waitNs(fromNs);
    // It may be granted more before that.
    if (waitNs > 0) return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, waitNs / 1e6));
    const spentNs = share.isWhole ? null : (hostClock.processorNs?.() ?? null);
    const sleepMs = mainLoop();
    const costNs = spentNs === null ? undefined : (hostClock.processorNs?.() ?? spentNs) - spentNs;
    share.ran(fromNs, hostClock.nowNs(), costNs);
    return sleepMs;
  };
}

/**
 * v86 traps where a processor would reset because it cannot even report a fault. Neither that nor a defect in one of its
 * devices may reach the caller's event loop: the machine ends, and the others go on.
 */
function endingWithFault(mainLoop: WasmFunction, options: V86CpuOptions): WasmFunction {
  let faulted = false;
  return () => {
    if (faulted) return LONGEST_SLEEP_MS;
    try {
      return mainLoop();
    } catch (error) {
      faulted = true;
      const trap = error instanceof Error && error.name === 'RuntimeError';
      if (trap) options.ended('triple fault');
      else options.ended('emulator failure', error instanceof Error ? (error.stack ?? error.message) : String(error));
      return LONGEST_SLEEP_MS;
    }
  };
}

/** Puts the hypervisor in front of the functions by which v86's processor reaches its devices. */
function hookPorts(env: WasmImports['env'], options: V86CpuOptions, traps: () => Traps | null): void {
  wrapImport(
    env,
    'io_port_read32',
    (real) => (port) => (port! >= ASK.cpuid ? (traps()?.answer(port!) ?? 0) : real(port!)),
  );
  wrapImport(env, 'io_port_write32', (real) => (port, value) => {
    if (port !== HYPERCALL_PORT) return real(port!, value!);
    traps()?.hypercall();
    return 0;
  });
  wrapImport(env, 'io_port_write16', (real) => (port, value) => {
    if (port === ACPI_PM1_CONTROL && (value! & SLEEP_ENABLE) !== 0) options.ended('power off');
    return real(port!, value!);
  });
  wrapImport(env, 'io_port_write8', (real) => (port, value) => {
    if (port !== KEYBOARD_CONTROLLER || value !== PULSE_RESET) return real(port!, value!);
    options.ended('reset');
    return 0;
  });
  env['console_log_from_wasm'] = () => 0; // the last words before a trap, of which the guest's end is the news
  const hostMs = importOf(env, 'microtick');
  wrapImport(env, 'run_hardware_timers', (real) => (acpi) => {
    const own = real(acpi!, hostMs());
    return Math.min(own, traps()?.expireTimers() ?? own);
  });
}
