import type { V86Constructor, V86Platform, WasmExports } from '../runtime/child/machine/v86-platform.js';

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
