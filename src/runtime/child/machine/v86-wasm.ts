import { V86_FINGERPRINT } from './v86-layout.js';
import { V86Mismatch } from './v86-platform.js';

/**
 * Puts questions to the hypervisor in front of functions of v86's wasm, without rebuilding it: the original body moves
 * to a new function at the end, and the old place asks `env.io_port_read32(port)` first. Ports from 0x10000 up do not
 * exist on a PC. An answer of 0 means that the processor does what it always did.
 */
const IMPORT_NAME = 'io_port_read32';
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const NOTHING_TO_NOTHING = [0x60, 0x00, 0x00];

/** `hooks`: exported functions without parameters or results, and the port that each asks. Throws V86Mismatch. */
export function hookFunctions(wasm: Uint8Array, hooks: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer> {
  const found = fingerprint(wasm);
  if (found !== V86_FINGERPRINT) {
    throw new V86Mismatch(`this build has the fingerprint ${found.toString(16)}, not ${V86_FINGERPRINT.toString(16)}`);
  }
  const sections = splitSections(wasm);
  const body = (id: number) => sectionBody(sections, id);
  const imports = functionImports(body(SECTION.import));
  const ask = imports.indexOf(IMPORT_NAME);
  if (ask < 0) throw new V86Mismatch(`its wasm does not import ${IMPORT_NAME}`);
  const exports = functionExports(body(SECTION.export));
  const types = readVector(body(SECTION.function), (reader) => reader.number());
  const codes = readVector(body(SECTION.code), (reader) => reader.bytes(reader.number()));
  const signature = typeIndex(body(SECTION.type), NOTHING_TO_NOTHING);

  for (const [name, port] of Object.entries(hooks)) {
    const index = exports.get(name);
    const local = index === undefined ? -1 : index - imports.length;
    const original = codes[local];
    if (original === undefined || types[local] !== signature) throw new V86Mismatch(`it has no function ${name}()`);
    codes[local] = askFirst(port, ask, imports.length + codes.length);
    codes.push(original);
    types.push(signature);
  }
  return joinSections(wasm, sections, {
    [SECTION.function]: vector(types.map((type) => [Uint8Array.from(unsigned(type))])),
    [SECTION.code]: vector(codes.map((code) => [Uint8Array.from(unsigned(code.length)), code])),
  });
}

/** FNV-1a, 32 bits, over the whole file. */
function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** No locals; i32.const port; call ask; i32.eqz; if; call original; end; end */
function askFirst(port: number, ask: number, original: number): Uint8Array {
  const callAsk = [0x41, ...signed(port), 0x10, ...unsigned(ask)];
  return Uint8Array.from([0x00, ...callAsk, 0x45, 0x04, 0x40, 0x10, ...unsigned(original), 0x0b, 0x0b]);
}

interface Section {
  id: number;
  start: number;
  bodyStart: number;
  body: Uint8Array;
}

function splitSections(wasm: Uint8Array): Section[] {
  const reader = new Reader(wasm, 8); // magic and version
  const sections: Section[] = [];
  while (!reader.atEnd) {
    const start = reader.at;
    const id = reader.byte();
    const length = reader.number();
    const bodyStart = reader.at;
    sections.push({ id, start, bodyStart, body: reader.bytes(length) });
  }
  return sections;
}

function sectionBody(sections: Section[], id: number): Uint8Array {
  const section = sections.find((candidate) => candidate.id === id);
  if (section === undefined) throw new V86Mismatch(`its wasm has no section ${id}`);
  return section.body;
}

function joinSections(
  wasm: Uint8Array,
  sections: Section[],
  replaced: Record<number, Uint8Array>,
): Uint8Array<ArrayBuffer> {
  const parts = [wasm.subarray(0, 8)];
  for (const { id, start, bodyStart, body } of sections) {
    const changed = replaced[id];
    if (changed === undefined) parts.push(wasm.subarray(start, bodyStart + body.length));
    else parts.push(Uint8Array.from([id, ...unsigned(changed.length)]), changed);
  }
  return concatenate(parts);
}

/** Names of the imported functions, in the order of their indices. */
function functionImports(body: Uint8Array): string[] {
  const names: string[] = [];
  readVector(body, (reader) => {
    reader.text();
    const name = reader.text();
    const kind = reader.byte();
    if (kind === 0) {
      reader.number();
      names.push(name);
    } else if (kind === 1) {
      reader.byte();
      reader.limits();
    } else if (kind === 2) reader.limits();
    else reader.bytes(2);
  });
  return names;
}

function functionExports(body: Uint8Array): Map<string, number> {
  const entries = readVector(body, (reader) => ({
    name: reader.text(),
    kind: reader.byte(),
    index: reader.number(),
  }));
  return new Map(entries.filter((entry) => entry.kind === 0).map((entry) => [entry.name, entry.index]));
}

function typeIndex(body: Uint8Array, wanted: number[]): number {
  const types = readVector(body, (reader) => {
    const form = reader.byte();
    const parameters = reader.bytes(reader.number());
    const results = reader.bytes(reader.number());
    return [form, parameters.length, results.length];
  });
  const index = types.findIndex((type) => type.every((value, at) => value === wanted[at]));
  if (index < 0) throw new V86Mismatch('its wasm has no function without parameters and results');
  return index;
}

function readVector<T>(body: Uint8Array, read: (reader: Reader) => T): T[] {
  const reader = new Reader(body, 0);
  return Array.from({ length: reader.number() }, () => read(reader));
}

function vector(items: Uint8Array[][]): Uint8Array {
  return concatenate([Uint8Array.from(unsigned(items.length)), ...items.flat()]);
}

function concatenate(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** LEB128, as wasm writes its numbers. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes = unsigned(value);
  const last = bytes.at(-1) ?? 0;
  return last & 0x40 ? [...bytes.slice(0, -1), last | 0x80, 0x00] : bytes; // 0x40 would read as a minus
}

class Reader {
  constructor(
    private readonly data: Uint8Array,
    public at: number,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.data.length;
  }

  byte(): number {
    const value = this.data[this.at++];
    if (value === undefined) throw new V86Mismatch('its wasm is cut off');
    return value;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value >>> 0;
    }
  }

  bytes(length: number): Uint8Array {
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  text(): string {
    return String.fromCharCode(...this.bytes(this.number()));
  }

  limits(): void {
    const hasMaximum = (this.byte() & 1) !== 0;
    this.number();
    if (hasMaximum) this.number();
  }
}
