import { createHash } from 'node:crypto';
import type { HostModel } from '../../model/host-model.js';
import type { RunOptions } from '../../protocol/protocol.js';
import { type Row, rowOf } from './row.js';
import { RowFile } from './row-file.js';
import { runJobs } from './worker-pool.js';

/** One point of a sweep: the values that make it, and the model with these values. */
export interface Point {
  settings: Record<string, string>;
  model: HostModel;
}

/** What all runs of a sweep have in common. */
export interface SweepPlan {
  /** The unchanged model, and what else the figures depend on: the rows of a file must agree in it. */
  fingerprint: unknown;
  options: Omit<RunOptions, 'seed'>;
  seeds: number;
  /** The child whose requests are measured; null for all of them. */
  child: string | null;
  threads: number;
  labels: string[];
  out: { path: string; resume: boolean } | null;
  /** Told before the first and after each run. */
  progress(done: number, of: number): void;
}

/** Runs points with each seed and collects their rows, in memory and on disk. Ctrl-C stops it with what it has. */
export class Sweep {
  readonly stopped = new AbortController();
  private readonly id: string;
  private readonly file: RowFile | null;
  private readonly rows = new Map<string, Row>();

  /** Throws UsageError where the file cannot be used. */
  constructor(private readonly plan: SweepPlan) {
    const { fingerprint, options, child, labels, out } = plan;
    const text = JSON.stringify([fingerprint, options, child]);
    this.id = createHash('sha256').update(text).digest('hex').slice(0, 16);
    this.file = out === null ? null : RowFile.open(out.path, labels, this.id, out.resume);
    for (const row of this.file?.finished ?? []) this.rows.set(identity(row), row);
  }

  /** The rows of these points, seed by seed; what the file had already is not run again. Null when it was stopped. */
  async run(points: readonly Point[]): Promise<Row[][] | null> {
    const seeds = Array.from({ length: this.plan.seeds }, (_, index) => index + 1);
    const jobs = points.flatMap(({ settings, model }) =>
      seeds.map((seed) => ({ settings, seed, model, options: { ...this.plan.options, seed } })),
    );
    const open = jobs.filter((job) => !this.rows.has(identity(job)));
    let done = jobs.length - open.length;
    this.plan.progress(done, jobs.length);
    await runJobs(open, this.plan.threads, this.stopped.signal, ({ settings, seed, model }, end) => {
      const row = rowOf({ sweep: this.id, settings, seed }, end, model, this.plan.child);
      this.rows.set(identity(row), row);
      this.file?.append(row);
      this.plan.progress(++done, jobs.length);
    });
    if (this.stopped.signal.aborted) return null;
    return points.map(({ settings }) => seeds.flatMap((seed) => this.rows.get(identity({ settings, seed })) ?? []));
  }

  /** `complete`: every run that was wanted is done. */
  close(complete: boolean): void {
    this.file?.close(complete);
  }
}

function identity({ settings, seed }: Pick<Row, 'settings' | 'seed'>): string {
  return JSON.stringify([Object.values(settings), seed]);
}
