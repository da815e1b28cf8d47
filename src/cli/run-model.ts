import type { HostModel } from '../model/host-model.js';
import type { EngineEvent, RunOptions } from '../protocol/protocol.js';
import type { Snapshot } from '../protocol/snapshot.js';
import { createEngine } from '../runtime/engine.js';
import { progressLine } from './progress.js';

export type Ended = Extract<EngineEvent, { type: 'refused' | 'finished' | 'cancelled' }>;

/** Enough that progress costs nothing, few enough that Ctrl-C is felt at once. */
const EVENTS_PER_SLICE = 50_000;

/** Runs a model to its end in this thread, with a progress line on stderr. Ctrl-C cancels. */
export async function runModel(
  model: HostModel,
  options: RunOptions,
  onSnapshot: (snapshot: Snapshot) => void,
): Promise<Ended> {
  const engine = createEngine(model, options);
  if ('code' in engine) return { type: 'refused', reason: engine };

  const progress = progressLine(model.name, options.horizonNs);
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  try {
    for (;;) {
      if (interrupted) return { type: 'cancelled', timeNs: engine.timeNs };
      for (const event of engine.advance(EVENTS_PER_SLICE)) {
        if (event.type === 'snapshot') {
          onSnapshot(event.snapshot);
          progress.show(event.snapshot);
        }
        if (event.type === 'finished') return event;
      }
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    process.off('SIGINT', interrupt);
    progress.end();
  }
}
