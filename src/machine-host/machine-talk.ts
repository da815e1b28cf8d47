import type { FreezeOutcome, MachineCommand, MachineMessage, Picture } from '../protocol/machine.js';
import { MachineError } from './machine-error.js';

type Answer = MachineMessage['type'];

/** Asks the thread of a machine and hears its answers. */
export class MachineTalk {
  private waiting: { answers: readonly Answer[]; done(message: MachineMessage | null): void }[] = [];

  constructor(private readonly send: (command: MachineCommand) => void) {}

  async pause(): Promise<void> {
    await this.ask({ type: 'pause' }, ['paused', 'resumed']);
  }

  async resume(): Promise<void> {
    await this.ask({ type: 'resume' }, ['resumed']);
  }

  /** The guest's file systems stand still until it goes on after a pause. */
  async freeze(): Promise<FreezeOutcome> {
    const answer = await this.ask({ type: 'freeze' }, ['frozen']);
    return answer?.type === 'frozen' ? answer.outcome : 'no service';
  }

  /** The whole screen; null where the guest has none. */
  async screenshot(): Promise<Picture | null> {
    const answer = await this.ask({ type: 'screenshot' }, ['screenshot']);
    return answer?.type === 'screenshot' ? answer.frame : null;
  }

  /** The machine, paused from then on, as a file; its disks are kept as they are in it. Throws MachineError. */
  async snapshot(): Promise<Uint8Array> {
    const answer = await this.ask({ type: 'snapshot' }, ['snapshot', 'no snapshot']);
    if (answer?.type === 'snapshot') return answer.file;
    throw new MachineError(answer?.type === 'no snapshot' ? answer.reason : 'the child has ended');
  }

  /** What the thread said. */
  hear(message: MachineMessage): void {
    const heard = this.waiting.filter(({ answers }) => answers.includes(message.type));
    this.waiting = this.waiting.filter((waiting) => !heard.includes(waiting));
    for (const { done } of heard) done(message);
  }

  /** The thread is gone: nobody waits any longer. */
  close(): void {
    for (const { done } of this.waiting.splice(0)) done(null);
  }

  private ask(command: MachineCommand, answers: readonly Answer[]): Promise<MachineMessage | null> {
    return new Promise((done) => {
      this.waiting.push({ answers, done });
      this.send(command);
    });
  }
}
