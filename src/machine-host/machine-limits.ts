import { formatBytes } from '../model/format.js';
import type { Child } from '../model/host-model.js';
import { MachineError } from './machine-error.js';

/** v86 gives memory in steps, and has room for devices from 3.5 GB on; the wasm engine keeps 2 GB reliably. */
const MEMORY_STEP = 1 << 20;
const MAX_MEMORY_BYTES = 2 * 1024 ** 3;

const MAX_IDE_DISKS = 2;

/** What of the definition a machine child does not follow yet, in sentences. */
export function notFollowed(child: Child): string[] {
  const { processors, memory, nics } = child;
  const sentences: string[] = [];
  if (child.boots?.bare) sentences.push('a bare machine: no hypervisor is announced and there is no VMBus');
  if (processors.count > 1) sentences.push(`it runs with 1 virtual processor instead of ${processors.count}`);
  if (memory.kind === 'dynamic' && memory.maximumBytes > memory.startupBytes) {
    sentences.push(
      `its memory follows its demand up to ${formatBytes(memory.startupBytes)} and not further: 32-bit kernels take no memory while they run`,
    );
  }
  if (nics.some(({ kind }) => kind === 'legacy')) {
    sentences.push('its legacy network adapters are not there; give it adapters without the word legacy');
  }
  return sentences;
}

/** Disks of a bare machine are on the one IDE channel that is left of them. Throws MachineError. */
export function checkIdeDisks({ name, disks, boots }: Child): void {
  if (!boots?.bare || disks.length <= MAX_IDE_DISKS) return;
  throw new MachineError(
    `child ${name}: a legacy child that boots a kernel has at most ${MAX_IDE_DISKS} disks here, and the definition says ${disks.length}`,
  );
}

/** Bytes of memory that the machine gets. Throws MachineError when the child has more than a machine child can. */
export function memoryOf(child: Child): number {
  const bytes = Math.floor(child.memory.startupBytes / MEMORY_STEP) * MEMORY_STEP;
  if (bytes > MAX_MEMORY_BYTES) {
    throw new MachineError(
      `child ${child.name}: a machine child has at most ${formatBytes(MAX_MEMORY_BYTES)} of memory here, and the definition says ${formatBytes(bytes)}`,
    );
  }
  return bytes;
}
