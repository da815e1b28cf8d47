import type { Keystroke } from '../../../protocol/machine.js';
import type { Cpu, GuestMemory, Hypervisor } from '../cpu-port.js';
import { LinearMemory } from '../linear-memory.js';
import { SnapshotError } from '../snapshot/plain-state.js';
import { TextScreen } from './text-screen.js';
import {
  ASK,
  HYPERCALL_PORT,
  LONGEST_SLEEP_MS,
  type LoadedWasm,
  loadWasm,
  SHORTEST_SLEEP_MS,
  type Traps,
  type V86CpuOptions,
} from './v86-hooks.js';
import { ApicLayout, Layout, Register } from './v86-layout.js';
import { type V86Emulator, V86Mismatch } from './v86-platform.js';
import { prepareV86State } from './v86-state.js';

/** One 32-bit processor, with the devices of a PC around it, executed by v86. */
export class V86Cpu implements Cpu, Traps {
  /** out 0xE2, eax; ret: the registers are read where v86 keeps them. */
  readonly hypercallCode = Uint8Array.of(0xe7, HYPERCALL_PORT, 0xc3);
  readonly memory: GuestMemory;
  /** v86 counts its time stamp and its APIC timer in nanoseconds. */
  static readonly TSC_HZ = 1e9;
  static readonly APIC_HZ = 1e9;
  private hypervisor: Hypervisor | null = null;
  /** The processor's own answer is wanted. */
  private asksItself = false;

  private constructor(
    private readonly emulator: V86Emulator,
    private readonly wasm: LoadedWasm,
    memoryBytes: number,
    /** What the PC's own display adapter shows. */
    readonly screen: TextScreen,
  ) {
    const dirty = wasm.call('jit_dirty_cache');
    const memoryBuffer = wasm.exports.memory;
    this.memory = new LinearMemory(
      memoryBytes,
      () => memoryBuffer.buffer,
      wasm.guestMemory,
      (gpa, length) => dirty(gpa, gpa + length),
    );
  }

  /** Builds the machine; it does not run yet. Throws V86Mismatch. */
  static async create(options: V86CpuOptions): Promise<V86Cpu> {
    let wasm: LoadedWasm | null = null;
    let cpu: V86Cpu | null = null;
    const emulator = await new Promise<V86Emulator>((resolve, reject) => {
      const created = new options.platform.V86({
        wasm_fn: async (imports) => {
          try {
            wasm = await loadWasm(options, imports, () => cpu);
            return wasm.exports;
          } catch (error) {
            reject(error);
            return new Promise(() => {}); // v86 must not go on without its processor
          }
        },
        memory_size: options.memoryBytes,
        vga_memory_size: 1 << 20,
        acpi: true,
        autostart: false,
        disable_keyboard: true,
        disable_mouse: true,
        disable_speaker: true,
        net_device: { type: 'none' },
        hda: options.ideDisks?.[0],
        hdb: options.ideDisks?.[1],
      });
      created.add_listener('serial0-output-byte', options.console);
      created.add_listener('emulator-ready', () => resolve(created));
    });
    if (wasm === null) throw new V86Mismatch('it started without loading its wasm');
    cpu = new V86Cpu(emulator, wasm, options.memoryBytes, new TextScreen(emulator.screen_adapter));
    if (options.ideDisks !== undefined) cpu.wasm.enableIde();
    return cpu;
  }

  /** Without one the processor says that it is alone. */
  attach(hypervisor: Hypervisor): void {
    this.hypervisor = hypervisor;
  }

  /** 32-bit protected mode with flat segments and no paging: where the Linux boot protocol and ELF kernels start. */
  setEntry(entry: number, esi: number, gdt: number): void {
    const view = this.view();
    const flat = new DataView(new ArrayBuffer(32));
    flat.setBigUint64(CODE_SELECTOR, 0x00cf9a000000ffffn, true);
    flat.setBigUint64(DATA_SELECTOR, 0x00cf92000000ffffn, true);
    this.memory.write(gdt, new Uint8Array(flat.buffer));
    view.setInt32(Layout.gdtrOffset, gdt, true);
    view.setInt32(Layout.gdtrSize, flat.byteLength - 1, true);
    view.setInt32(Layout.cr0, 0x11, true);
    for (const flag of [Layout.protectedMode, Layout.is32, Layout.stackSize32]) view.setUint8(flag, 1);
    view.setUint8(Layout.cpl, 0);
    for (const [index, selector] of SEGMENTS.entries()) {
      view.setUint16(Layout.segmentSelectors + index * 2, selector, true);
      view.setUint8(Layout.segmentIsNull + index, 0);
      view.setInt32(Layout.segmentOffsets + index * 4, 0, true);
      view.setUint32(Layout.segmentLimits + index * 4, 0xffffffff, true);
      view.setUint8(Layout.segmentAccess + index, selector === CODE_SELECTOR ? 0x9b : 0x93);
    }
    for (let register = 0; register < 8; register++) this.setRegister(register, 0);
    this.setRegister(Register.esi, esi);
    view.setInt32(Layout.instructionPointer, entry, true);
    view.setInt32(Layout.previousInstructionPointer, entry, true);
    view.setInt32(Layout.lastVirtualEip, -1, true);
    view.setInt32(Layout.flags, 2, true);
    view.setInt32(Layout.flagsChanged, 0, true);
    this.wasm.call('full_clear_tlb')();
    this.wasm.call('update_state_flags')();
  }

  /** A key of the PS/2 keyboard goes down or up. */
  type({ code, prefix, up }: Keystroke): void {
    const before = prefix === 'none' ? [] : [prefix === 'e0' ? 0xe0 : 0xe1];
    void this.emulator.keyboard_send_scancodes([...before, up ? code | KEY_UP : code]);
  }

  run(): Promise<void> {
    return this.emulator.run();
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }

  /** Processor, memory and the devices of the PC, while it is stopped. What was typed and not read yet is not in it. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const state = new Uint8Array(await this.emulator.save_state());
    const saved = new Uint8Array(state.length + LEFT_OUT.length * 4);
    const view = new DataView(saved.buffer, state.length);
    saved.set(state);
    for (const [index, at] of LEFT_OUT.entries()) view.setUint32(index * 4, this.view().getUint32(at, true), true);
    return saved;
  }

  /** Into a machine with as much memory that has not run. Throws SnapshotError. */
  async restore(saved: Uint8Array<ArrayBuffer>): Promise<void> {
    const length = saved.length - LEFT_OUT.length * 4;
    // v86 takes a whole buffer, and its content is corrected.
    const state = new Uint8Array(saved.subarray(0, Math.max(0, length)));
    prepareV86State(state, this.memory.bytes);
    try {
      await this.emulator.restore_state(state.buffer);
    } catch (error) {
      throw new SnapshotError(`the processor cannot be restored: ${error instanceof Error ? error.message : error}`);
    }
    const view = new DataView(saved.buffer, saved.byteOffset + length);
    for (const [index, at] of LEFT_OUT.entries()) this.view().setUint32(at, view.getUint32(index * 4, true), true);
  }

  async destroy(): Promise<void> {
    await this.stop();
    await this.emulator.destroy();
  }

  sendConsole(data: Uint8Array): void {
    this.emulator.serial_send_bytes(0, data);
  }

  get halted(): boolean {
    return this.view().getUint8(Layout.inHlt) !== 0;
  }

  get timeStampCounter(): bigint {
    this.wasm.call('store_current_tsc')();
    return this.view().getBigUint64(Layout.currentTsc, true);
  }

  private get inKernel(): boolean {
    return this.view().getUint8(Layout.cpl) === 0;
  }

  injectVector(vector: number): void {
    const view = this.view();
    const apic = this.wasm.call('get_apic_addr')();
    const word = (vector >>> 5) * 4;
    const bit = 1 << (vector & 31);
    const request = apic + ApicLayout.interruptRequest + word;
    const trigger = apic + ApicLayout.triggerMode + word;
    view.setUint32(request, view.getUint32(request, true) | bit, true);
    view.setUint32(trigger, view.getUint32(trigger, true) & ~bit, true);
    this.wake();
  }

  wake(): void {
    this.wasm.stopIdling();
  }

  /** A hooked instruction asks; 0 leaves it to the processor, which faults where it is not the guest's kernel. */
  answer(question: number): number {
    if (this.hypervisor === null) return question === ASK.cpuid ? this.cpuidAlone() : 0;
    if (question === ASK.cpuid) return this.cpuid(this.hypervisor);
    if (!this.inKernel) return 0;
    return question === ASK.rdmsr ? this.rdmsr(this.hypervisor) : this.wrmsr(this.hypervisor);
  }

  hypercall(): void {
    if (this.hypervisor === null || !this.inKernel) return;
    const { eax, ebx, ecx, edx, esi, edi } = Register;
    const result = this.hypervisor.hypercall({
      control: this.pair(edx, eax),
      input: this.pair(ebx, ecx),
      output: this.pair(edi, esi),
    });
    this.setPair(edx, eax, result);
  }

  /** Milliseconds until the hypervisor wants to be asked again. */
  expireTimers(): number {
    const nextNs = this.hypervisor?.expireTimers() ?? null;
    // Waiting for less than a millisecond, v86 asks again at each turn of the event loop: a sleeping guest keeps it awake.
    return nextNs === null ? LONGEST_SLEEP_MS : Math.max(SHORTEST_SLEEP_MS, nextNs / 1e6);
  }

  /** v86 says that it is VMware: to a machine that is alone neither leaf 1 nor those of hypervisors may say so. */
  private cpuidAlone(): number {
    const leaf = this.register(Register.eax);
    if (leaf >= 0x4000_0000 && leaf <= 0x4fff_ffff) {
      for (const register of [Register.eax, Register.ebx, Register.ecx, Register.edx]) this.setRegister(register, 0);
      return 1;
    }
    if (leaf !== 1 || this.asksItself) return 0;
    this.asksItself = true;
    this.wasm.call('instr_0FA2')();
    this.asksItself = false;
    this.setRegister(Register.ecx, (this.register(Register.ecx) & ~HYPERVISOR_PRESENT) >>> 0);
    return 1;
  }

  private cpuid(hypervisor: Hypervisor): number {
    const result = hypervisor.cpuid(this.register(Register.eax));
    if (result === null) return 0;
    this.setRegister(Register.eax, result.eax);
    this.setRegister(Register.ebx, result.ebx);
    this.setRegister(Register.ecx, result.ecx);
    this.setRegister(Register.edx, result.edx);
    return 1;
  }

  private rdmsr(hypervisor: Hypervisor): number {
    const value = hypervisor.readMsr(this.register(Register.ecx));
    if (value === null) return 0;
    this.setPair(Register.edx, Register.eax, value);
    return 1;
  }

  /** v86 offers no way to raise #GP here, so a forbidden value is dropped. */
  private wrmsr(hypervisor: Hypervisor): number {
    const value = this.pair(Register.edx, Register.eax);
    return hypervisor.writeMsr(this.register(Register.ecx), value) === 'unknown' ? 0 : 1;
  }

  private pair(high: number, low: number): bigint {
    return (BigInt(this.register(high)) << 32n) | BigInt(this.register(low));
  }

  private setPair(high: number, low: number, value: bigint): void {
    this.setRegister(low, Number(value & 0xffffffffn));
    this.setRegister(high, Number((value >> 32n) & 0xffffffffn));
  }

  private register(index: number): number {
    return this.view().getUint32(Layout.registers + index * 4, true);
  }

  private setRegister(index: number, value: number): void {
    this.view().setUint32(Layout.registers + index * 4, value, true);
  }

  private view(): DataView {
    return this.wasm.view();
  }
}

/** CPUID leaf 1, ECX. */
const HYPERVISOR_PRESENT = 1 << 31;

/** Words that this build of v86 saves and does not put back: it gives its views of them away instead. */
const LEFT_OUT = [Layout.lastResult, Layout.mxcsr, Layout.fpuStatusWord];

const KEY_UP = 0x80;
const CODE_SELECTOR = 0x10;
const DATA_SELECTOR = 0x18;
/** ES CS SS DS FS GS */
const SEGMENTS = [DATA_SELECTOR, CODE_SELECTOR, DATA_SELECTOR, DATA_SELECTOR, DATA_SELECTOR, DATA_SELECTOR];
