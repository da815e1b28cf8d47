import { Worker } from 'node:worker_threads';
import type { HostModel } from '../../model/host-model.js';
import type { EngineCommand, EngineEvent, RunOptions } from '../../protocol/protocol.js';
import type { RunEnd } from './row.js';

export interface Job {
  model: HostModel;
  options: RunOptions;
}

/** The thread that serves the engine to the editor serves it here, too; it lies beside the bundled command line. */
const WORKER = new URL('engine-worker.cjs', import.meta.url);

/**
 * Runs jobs on threads, each thread one after the other, and tells when one is done, in whatever order. Stops early,
 * without waiting for what is under way, when `signal` aborts. Throws where the engine has a defect.
 */
export async function runJobs<T extends Job>(
  jobs: readonly T[],
  threads: number,
  signal: AbortSignal,
  onDone: (job: T, end: RunEnd) => void,
): Promise<void> {
  const queue = [...jobs];
  const over = new AbortController();
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, () => new Worker(WORKER));
  try {
    await Promise.race([
      aborted(signal, over.signal),
      Promise.all(
        workers.map(async (worker) => {
          for (let job = queue.shift(); job !== undefined; job = queue.shift()) onDone(job, await runOn(worker, job));
        }),
      ),
    ]);
  } finally {
    over.abort();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function runOn(worker: Worker, { model, options }: Job): Promise<RunEnd> {
  const command: EngineCommand = { type: 'run', model, options };
  return new Promise((resolve, reject) => {
    const hear = (event: EngineEvent) => {
      if (event.type === 'snapshot') return;
      worker.off('message', hear);
      worker.off('error', reject);
      if (event.type === 'finished' || event.type === 'refused') resolve(event);
      else reject(new Error(`seed ${options.seed}: ${event.type === 'crashed' ? event.message : event.type}`));
    };
    worker.on('message', hear);
    worker.on('error', reject);
    worker.postMessage(command);
  });
}

/** Waits for an abort, and no longer than until `over`. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
