import type { NeighbourCommand, NeighbourMessage } from '../../protocol/neighbours.js';
import type { EngineClock } from '../../runtime/serve.js';
import { NeighbourRun } from './neighbour-run.js';

/** The thread of modelled children beside machine children: where commands come from and messages go to. */
export interface NeighbourPort {
  send(message: NeighbourMessage): void;
  onCommand(listener: (command: NeighbourCommand) => void): void;
}

/** Serves one run, until its thread is ended from outside, or it fails and says so. */
export function serveNeighbours(port: NeighbourPort, clock: EngineClock): void {
  let run: NeighbourRun | null = null;
  let isOver = false;
  const failed = (error: unknown) => {
    isOver = true;
    const what = error instanceof Error ? error.message : String(error);
    port.send({ type: 'notice', text: `the modelled children are not there: ${what}` });
  };
  const guarded = (task: () => void) => () => {
    if (isOver) return;
    try {
      task();
    } catch (error) {
      failed(error);
    }
  };
  const guardedClock: EngineClock = {
    now: () => clock.now(),
    yieldToHost: (task, delayMs) => clock.yieldToHost(guarded(task), delayMs),
  };
  port.onCommand((command) =>
    guarded(() => {
      if (command.type === 'run beside') run = new NeighbourRun(command, guardedClock, (message) => port.send(message));
      else run?.hear(command);
    })(),
  );
}
