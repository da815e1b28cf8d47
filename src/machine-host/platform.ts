import { hookedWasm } from '../runtime/child/machine/v86-hooks.js';
import {
  type V86Constructor,
  V86Mismatch,
  type V86Platform,
  type WasmExports,
} from '../runtime/child/machine/v86-platform.js';
import { MachineError } from './machine-error.js';

/** v86 with the bytes of its `build/v86.wasm`, which the caller finds where its platform keeps files. */
export async function v86Platform(wasm: Uint8Array): Promise<V86Platform> {
  const { V86 }: { V86: unknown } = await import('v86');
  return {
    V86: V86 as V86Constructor,
    wasm,
    instantiate: async (bytes, imports) => {
      const { instance } = await WebAssembly.instantiate(bytes, { env: imports.env });
      return instance.exports as WasmExports;
    },
  };
}

/** Compiles the `wasm` that a platform instantiates. Rejects with MachineError where it is not the one that is expected. */
export async function compileV86(wasm: Uint8Array): Promise<object> {
  try {
    return await WebAssembly.compile(hookedWasm(wasm));
  } catch (error) {
    if (error instanceof V86Mismatch) throw new MachineError(error.message);
    throw error;
  }
}
