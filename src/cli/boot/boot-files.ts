import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unreadableFile } from '../../machine-host/unreadable-file.js';
import type { Child } from '../../model/host-model.js';
import { UsageError } from '../exit.js';

/** What a child boots. Throws UsageError with what is missing. */
export function readBootFiles(
  { name, boots }: Child,
  folder: string,
): { kernel: Uint8Array; initrd: Uint8Array | null } {
  if (boots === undefined) throw new UsageError(`child ${name} boots no kernel`);
  const kernel = readInput(resolve(folder, boots.kernel), 'kernel');
  const initrd = boots.initrd === undefined ? null : readInput(resolve(folder, boots.initrd), 'initrd');
  return { kernel, initrd };
}

function readInput(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new UsageError(unreadableFile(path, what, message, code === 'ENOENT'));
  }
}
