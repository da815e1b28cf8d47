import { once } from 'node:events';

/** Prints; a promise where nobody takes it as fast, which resolves when somebody has. */
export function toStdout(text: Uint8Array | string): undefined | Promise<void> {
  // Without anybody at the console a guest would run for nobody, and for ever.
  if (process.stdout.destroyed) process.exit();
  if (process.stdout.write(text)) return undefined;
  return once(process.stdout, 'drain').then(
    () => {},
    () => process.exit(),
  );
}
