import type { HostMemory } from '../../machine-host/host-memory.js';
import type { HostNetwork } from '../../machine-host/host-network.js';
import { notFollowed } from '../../machine-host/machine-limits.js';
import type { Neighbours } from '../../machine-host/neighbours/neighbours.js';
import type { Child } from '../../model/host-model.js';
import { nodeClock } from '../../node/node-clock.js';
import { EXIT } from '../exit.js';
import type { Checkpoints } from './checkpoints.js';
import type { SavedState } from './machine.js';
import { type End, runMachine } from './run-machine.js';
import { readCheckpoint, readSavedMachine } from './saved-machine.js';

export interface BootChild {
  child: Child;
  network: HostNetwork;
  /** The modelled children beside it; null where none is on its switches. */
  neighbours: Neighbours | null;
  memory: HostMemory;
  folder: string;
  /** Lines to type into the guest's shell; null connects the terminal instead. */
  script: readonly string[] | null;
  timeoutMs: number | null;
  /** A file to keep the machine in where it would be turned off. */
  saveTo: string | null;
  /** A file that was saved to, or the name of a checkpoint, to go on from; null boots. */
  from: { file: string } | { checkpoint: string } | null;
  checkpointsOf(child: Child): Checkpoints;
  verbose: boolean;
}

/**
 * Boots a child or goes on with a saved one, again whenever it restarts or is reverted, until it ends; returns the exit
 * code. Throws UsageError or MachineError with what is missing or wrong.
 */
export async function bootChild(options: BootChild): Promise<number> {
  const { child, network, script, timeoutMs } = options;
  for (const sentence of [...notFollowed(child), ...network.notFollowed(child)])
    console.error(`hvhost: ${child.name}: ${sentence}`);
  const deadline = timeoutMs === null ? null : performance.now() + timeoutMs;
  const clock = nodeClock();
  let state = await stateToGoOnFrom(options);
  for (;;) {
    const end = await runMachine(options, clock, state, deadline);
    if (end.why === 'revert') {
      state = await revert(options, end.name);
      continue;
    }
    const restarts = script === null && end.why === 'guest' && end.how === 'reset';
    if (!restarts) return exitCode(end, options);
    if (deadline !== null && performance.now() >= deadline) return exitCode({ why: 'timeout' }, options);
    console.error(`hvhost: ${child.name} restarts\r`);
    state = null;
  }
}

async function stateToGoOnFrom(options: BootChild): Promise<SavedState | null> {
  const { child, folder, from } = options;
  if (from === null) return null;
  return 'file' in from ? readSavedMachine(from.file, child, folder) : revert(options, from.checkpoint);
}

/** Puts the disks back and reads the machine that goes with them. Throws MachineError before it touches a disk. */
async function revert({ child, checkpointsOf }: BootChild, name: string): Promise<SavedState> {
  const checkpoints = checkpointsOf(child);
  const state = await readCheckpoint(await checkpoints.snapshot(name), child);
  await checkpoints.restoreDisks(name);
  return () => Promise.resolve(state);
}

function exitCode(end: End, { child, script, saveTo }: BootChild): number {
  switch (end.why) {
    case 'script':
      return end.status;
    case 'left':
    case 'saved':
    case 'revert':
      return EXIT.fine;
    case 'not saved':
      console.error(`\nhvhost: ${child.name} was turned off and could not be saved: ${end.reason}`);
      return EXIT.failed;
    case 'timeout':
      if (saveTo !== null) return EXIT.fine;
      console.error(`\nhvhost: ${child.name} was turned off because its time was over`);
      return EXIT.failed;
    case 'parent failed':
      console.error(`\nhvhost: ${child.name} ended: parent failed`);
      return EXIT.failed;
    case 'crash':
      console.error(`\nhvhost: ${child.name} crashed\n${end.text.trim()}`);
      return EXIT.failed;
    case 'guest':
      if (end.how === 'power off' && script === null) return EXIT.fine;
      console.error(`\nhvhost: ${child.name} ended: ${end.how}${script === null ? '' : ', before the script did'}`);
      if (end.detail !== undefined) console.error(end.detail);
      return EXIT.failed;
  }
}
