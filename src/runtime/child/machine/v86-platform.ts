/** What the caller hands in to run v86: the runtime itself loads no package and no file. */
export interface V86Platform {
  V86: V86Constructor;
  /** The bytes of the package's `build/v86.wasm`. */
  wasm: Uint8Array;
  /** WebAssembly.instantiate, reduced to the exports. */
  instantiate(wasm: Uint8Array<ArrayBuffer>, imports: WasmImports): Promise<WasmExports>;
}

/** The part of the package's interface that hvhost uses. */
export type V86Constructor = new (options: V86Options) => V86Emulator;

export interface V86Options {
  wasm_fn(imports: WasmImports): Promise<WasmExports>;
  memory_size: number;
  vga_memory_size: number;
  acpi: boolean;
  autostart: boolean;
  disable_keyboard: boolean;
  disable_mouse: boolean;
  disable_speaker: boolean;
  net_device: { type: 'none' };
  /** The two places of its first IDE channel. */
  hda?: V86Disk;
  hdb?: V86Disk;
}

/** What stands behind a disk of v86's IDE controller, by the names that v86 uses. */
export interface V86Disk {
  readonly byteLength: number;
  onload: (loaded: object) => void;
  load(): void;
  get(start: number, length: number, done: (data: Uint8Array) => void): void;
  get_and_cache(start: number, length: number, done: (data: Uint8Array) => void): void;
  get_from_cache(start: number, length: number): Uint8Array;
  set(start: number, data: Uint8Array, done: () => void): void;
}

/** Whom v86's VGA adapter tells what it shows in text modes. Colours are 0xRRGGBB. */
export interface V86TextAdapter {
  set_size_text: (columns: number, lines: number) => void;
  put_char: (
    line: number,
    column: number,
    character: number,
    flags: number,
    background: number,
    foreground: number,
  ) => void;
  update_cursor: (line: number, column: number) => void;
  update_cursor_scanline: (first: number, last: number, shown: boolean) => void;
}

export interface V86Emulator {
  readonly screen_adapter: V86TextAdapter;
  add_listener(event: 'emulator-ready', listener: () => void): void;
  add_listener(event: 'serial0-output-byte', listener: (byte: number) => void): void;
  serial_send_bytes(port: number, data: Uint8Array): void;
  /** Codes of scan code set 1, for the PS/2 keyboard. */
  keyboard_send_scancodes(codes: number[]): Promise<void>;
  run(): Promise<void>;
  stop(): Promise<void>;
  save_state(): Promise<ArrayBuffer>;
  restore_state(state: ArrayBuffer): Promise<void>;
  destroy(): Promise<void>;
}

export type WasmFunction = (...numbers: number[]) => number;
export interface WasmImports {
  env: Record<string, WasmFunction>;
}
export interface WasmExports {
  memory: { buffer: ArrayBuffer };
  [name: string]: WasmFunction | { buffer: ArrayBuffer };
}

const V86_VERSION = '0.5.462';

/** This v86 is not the one that the hooks were made for. */
export class V86Mismatch extends Error {
  constructor(detail: string) {
    super(`machine children need the package v86 ${V86_VERSION}, exactly: ${detail}`);
  }
}
