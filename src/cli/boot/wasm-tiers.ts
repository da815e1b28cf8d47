import { setFlagsFromString } from 'node:v8';
import { compileV86 } from '../../machine-host/platform.js';
import { v86Wasm } from './v86-wasm.js';

/** As long as somebody has the compiled v86, V8 gives the same code to every thread that asks for the same bytes. */
let v86: object | null = null;

/**
 * Lets V8's optimizing compiler work on v86 itself, and keeps it away from the WebAssembly that v86 makes of the guest's
 * code: a function for each page, with a branch to everywhere in it. V8 takes such a loop for hot at once and spends more
 * processor time on it than the guest itself, for code that runs hardly faster (docs/machine-guests.md). V8 decides when it
 * compiles a function for the first time whether it may optimize it later: so all of v86 is compiled here, at once, and then
 * only function 0 of what comes may be optimized, and that is an import. For the whole process. Rejects with MachineError.
 */
export async function optimizeOnlyV86(): Promise<void> {
  if (v86 !== null) return;
  setFlagsFromString('--no-wasm-lazy-compilation');
  v86 = await compileV86(v86Wasm());
  setFlagsFromString('--wasm-tier-up-filter=0');
}
