import { V86Mismatch, type WasmFunction, type WasmImports } from './v86-platform.js';

/** A function that v86 gives its wasm. Throws V86Mismatch. */
export function importOf(env: WasmImports['env'], name: string): WasmFunction {
  const found = env[name];
  if (typeof found !== 'function') throw new V86Mismatch(`it does not provide ${name}()`);
  return found;
}

/** Puts another one in its place, which may call it. */
export function wrapImport(env: WasmImports['env'], name: string, make: (real: WasmFunction) => WasmFunction): void {
  env[name] = make(importOf(env, name));
}
