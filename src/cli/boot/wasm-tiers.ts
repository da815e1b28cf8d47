import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's optimizing compiler away from WebAssembly that is compiled from now on. v86 makes a function of each page of the
 * guest's code, with a branch to everywhere in it; V8 takes such a loop for hot at once and spends twice the processor time
 * of the guest on it, for code that runs hardly faster (docs/machine-guests.md). Only function 0 may be optimized, and that
 * is an import. For the whole process.
 */
export function compileGuestCodeOnce(): void {
  setFlagsFromString('--wasm-tier-up-filter=0');
}
