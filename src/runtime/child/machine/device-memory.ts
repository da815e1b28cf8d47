import type { DeviceMemory } from '../cpu-port.js';
import type { WasmImports } from './v86-platform.js';
import { wrapImport } from './wrap-import.js';

/** Puts memories of devices in front of the functions by which v86's processor reaches what lies above its RAM. */
export function hookDeviceMemory(env: WasmImports['env'], memories: readonly DeviceMemory[]): void {
  if (memories.length === 0) return;
  const views = memories.map((memory) => {
    const { buffer, byteOffset, byteLength } = memory.bytes;
    return { memory, view: new DataView(buffer, byteOffset, byteLength) };
  });
  /** Where it lies in one of them; v86 hands addresses over with a sign. */
  const find = (address: number, bytes: number): { view: DataView; at: number } | null => {
    for (const { memory, view } of views) {
      const at = memory.gpa === null ? -1 : (address >>> 0) - memory.gpa;
      if (at >= 0 && at + bytes <= view.byteLength) return { view, at };
    }
    return null;
  };
  wrapImport(env, 'mmap_read8', (real) => (address) => {
    const found = find(address!, 1);
    return found === null ? real(address!) : found.view.getUint8(found.at);
  });
  wrapImport(env, 'mmap_read32', (real) => (address) => {
    const found = find(address!, 4);
    return found === null ? real(address!) : found.view.getInt32(found.at, true);
  });
  wrapImport(env, 'mmap_write8', (real) => (address, value) => {
    const found = find(address!, 1);
    if (found === null) return real(address!, value!);
    found.view.setUint8(found.at, value!);
    return 0;
  });
  wrapImport(env, 'mmap_write16', (real) => (address, value) => {
    const found = find(address!, 2);
    if (found === null) return real(address!, value!);
    found.view.setUint16(found.at, value!, true);
    return 0;
  });
  for (const [name, bytes] of WIDE_WRITES) {
    wrapImport(env, name, (real) => (address, ...words) => {
      const found = find(address!, bytes);
      if (found === null) return real(address!, ...words);
      for (const [index, word] of words.entries()) found.view.setInt32(found.at + index * 4, word, true);
      return 0;
    });
  }
}

/** They hand their value over in words of 32 bits. */
const WIDE_WRITES = [
  ['mmap_write32', 4],
  ['mmap_write64', 8],
  ['mmap_write128', 16],
] as const;
