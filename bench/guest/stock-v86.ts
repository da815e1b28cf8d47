import { existsSync, readFileSync } from 'node:fs';
import { V86 } from 'v86';
import { v86Wasm } from '../../src/cli/boot/v86-wasm.js';
import {
  type BenchMachine,
  COMMAND_LINE,
  DISK_MB,
  type GuestFiles,
  MEMORY_MB,
  ownCpuSeconds,
  ownResidentMB,
} from './machine.js';
import { Shell } from './shell.js';

/** Debian's package `seabios`. */
const FIRMWARE = { bios: '/usr/share/seabios/bios.bin', vga: '/usr/share/seabios/vgabios-stdvga.bin' };
const MB = 1 << 20;

/** Why it cannot be measured here, or null. */
export function whyNoStockV86(): string | null {
  return Object.values(FIRMWARE).every((file) => existsSync(file)) ? null : "there is no firmware (Debian's seabios)";
}

/** v86 as it comes: its own PC with a BIOS and an emulated IDE disk, which lies in memory. */
export async function stockV86(files: GuestFiles): Promise<BenchMachine> {
  const emulator = new V86({
    wasm_fn: async (imports: WebAssembly.Imports) =>
      (await WebAssembly.instantiate(v86Wasm() as Uint8Array<ArrayBuffer>, imports)).instance.exports,
    memory_size: MEMORY_MB * MB,
    vga_memory_size: MB,
    bios: { buffer: bytes(readFileSync(FIRMWARE.bios)) },
    vga_bios: { buffer: bytes(readFileSync(FIRMWARE.vga)) },
    bzimage: { buffer: bytes(readFileSync(files.kernel)) },
    initrd: { buffer: bytes(readFileSync(files.initrd)) },
    cmdline: COMMAND_LINE,
    hda: { buffer: new ArrayBuffer(DISK_MB * MB) },
    autostart: true,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
    net_device: { type: 'none' },
  });
  const shell = new Shell((text) => emulator.serial0_send(text));
  emulator.add_listener('serial0-output-byte', (byte: number) =>
    setImmediate(() => shell.hear(String.fromCharCode(byte))),
  );
  return { shell, cpuSeconds: ownCpuSeconds, residentMB: ownResidentMB, close: () => emulator.destroy() };
}

function bytes(file: Buffer): ArrayBuffer {
  return Uint8Array.from(file).buffer;
}
