import type { Child } from '../model/host-model.js';
import type { MachineCommand, MachineMessage } from '../protocol/machine.js';
import type { MachineState } from '../runtime/child/machine/machine-child.js';
import { SnapshotError } from '../runtime/child/snapshot/plain-state.js';
import type { Machine } from './machine.js';
import { MachineError } from './machine-error.js';
import { webPacking } from './packing.js';
import type { ServedDisks } from './served-disks.js';
import { readSnapshot, writeSnapshot } from './snapshot-file.js';

export type StopCommand = Extract<MachineCommand, { type: 'freeze' | 'pause' | 'resume' | 'snapshot' }>;

interface Answers {
  send(message: MachineMessage, transfer?: ArrayBuffer[]): void;
}

/** Stops one running machine of this thread, lets it go on, and saves it; one order after the other. */
export class ServedStops {
  private paused = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly machine: Machine,
    private readonly child: Child,
    private readonly disks: ServedDisks,
    private readonly answers: Answers,
  ) {}

  obey({ type }: StopCommand): Promise<void> {
    this.turn = this.turn.then(() => this.carryOut(type));
    return this.turn;
  }

  private async carryOut(type: StopCommand['type']): Promise<void> {
    if (type === 'freeze') {
      // One that stands still cannot answer, and does not need to: it writes nothing.
      this.answers.send({ type: 'frozen', outcome: this.paused ? 'no service' : await this.machine.freeze() });
      return;
    }
    this.paused = type !== 'resume';
    if (type === 'resume') {
      await this.machine.child.resume();
      this.answers.send({ type: 'resumed' });
      return;
    }
    await this.machine.child.pause();
    this.answers.send({ type: 'paused' });
    if (type === 'snapshot') await this.save();
  }

  private async save(): Promise<void> {
    try {
      const state = await this.machine.child.save();
      await this.disks.settle();
      const file = await writeSnapshot(this.child, state, this.disks.stamps(), Date.now(), webPacking);
      this.answers.send({ type: 'snapshot', file }, [file.buffer]);
    } catch (error) {
      this.answers.send({ type: 'no snapshot', reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** The answer where there is no machine that could stop. */
export function notRunning(answers: Answers, { type }: StopCommand): void {
  if (type === 'freeze') answers.send({ type: 'frozen', outcome: 'no service' });
  else if (type === 'snapshot') answers.send({ type: 'no snapshot', reason: 'it does not run' });
  else answers.send({ type: 'resumed' });
}

/** The machine in a snapshot, whose disks must hold what they held then. Throws MachineError. */
export async function readStart(
  snapshot: Uint8Array<ArrayBuffer>,
  child: Child,
  disks: ServedDisks,
): Promise<MachineState> {
  try {
    return await readSnapshot(snapshot, child, webPacking, disks.stamps());
  } catch (error) {
    if (error instanceof SnapshotError) throw new MachineError(error.message);
    throw error;
  }
}
