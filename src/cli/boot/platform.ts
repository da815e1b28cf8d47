import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { HostClock } from '../../runtime/child/cpu-port.js';
import type {
  V86Constructor,
  V86Platform,
  WasmExports,
  WasmImports,
} from '../../runtime/child/machine/v86-platform.js';

/** Node has it; only the DOM's types declare it. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: WasmImports): Promise<{ instance: { exports: WasmExports } }>;
};

/** v86 and its wasm, which lies beside the bundled command line, or in the package where nothing is bundled. */
export async function loadPlatform(): Promise<V86Platform> {
  const { V86 }: { V86: unknown } = await import('v86');
  const bundled = fileURLToPath(new URL('v86.wasm', import.meta.url));
  const wasm = existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve('v86/build/v86.wasm');
  return {
    V86: V86 as V86Constructor,
    wasm: readFileSync(wasm),
    instantiate: async (bytes, imports) => (await WebAssembly.instantiate(bytes, imports)).instance.exports,
  };
}

export const nodeClock: HostClock = {
  nowNs: () => performance.now() * 1e6,
  wallTimeMs: () => Date.now(),
};
