import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** v86's wasm, which lies beside the bundled command line, or in the package where nothing is bundled. */
export function v86Wasm(): Uint8Array {
  const bundled = fileURLToPath(new URL('v86.wasm', import.meta.url));
  return readFileSync(existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve('v86/build/v86.wasm'));
}
