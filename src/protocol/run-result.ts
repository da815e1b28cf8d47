import type { AdmissionReport } from '../model/admission.js';
import type { Doubt } from '../model/catalog/source.js';
import type { Snapshot } from './snapshot.js';

export interface RunResult {
  /** Virtual time at which the host was ready to start children. */
  readyNs: number;
  timeNs: number;
  seed: number;
  scenario: string | null;
  admission: AdmissionReport;
  /** What a reader must know about this run, one sentence each: what stood in, what did not run, what had no effect. */
  notes: string[];
  /** Averages and totals over the time since `readyNs`. */
  total: Snapshot;
  expectations: ExpectationResult[];
  /** Where virtual CPU time went, by cost-table row. */
  costs: CostShare[];
  /** The same for the work alone; absent where a child was still on its way up at the end. */
  steady?: SteadyCosts;
  /** In the order in which they began; absent where nothing was to move. */
  migrations?: MigrationRecord[];
  engineEvents: number;
  /** Hash of the trace: equal for equal model, seed and options, on every platform. */
  traceHash: string;
  trace: TraceSlice[] | null;
}

export interface ExpectationResult {
  text: string;
  met: boolean;
  /** What was seen, with its unit: "p95 was 31.2 ms". */
  seen: string;
  /** The moment that decided, when there is one. */
  atNs: number | null;
}

export interface CostShare {
  /** Row of the cost table. */
  id: string;
  count: number;
  totalNs: number;
  /** What its reader has to know of the amount; null where it was published or is set in the definition. */
  doubt: Doubt | null;
}

/** Where virtual CPU time went since every child was up. */
export interface SteadyCosts {
  sinceNs: number;
  /** Requests that were answered since. */
  completed: number;
  costs: CostShare[];
}

/** One migration of a child, from its request to its end. */
export interface MigrationRecord {
  child: string;
  from: string;
  to: string;
  mode: 'live' | 'quick';
  outcome: 'done' | 'failed' | 'under way';
  /** Why it failed. */
  reason?: string;
  beganNs: number;
  /** From the request to the moment at which the guest ran at the destination, or the migration was over. */
  totalNs: number;
  /** The passes over memory while the guest ran; the first sends all of it. */
  rounds: { pages: number; durationNs: number }[];
  /** What has come to the destination, through the network or in a file. */
  carriedBytes: number;
  /** Part of it that had to wait until the guest stood still: the rest of the memory, processors and devices. */
  blackoutBytes: number;
  /** How long no virtual processor of the guest could run; null before it stood still. */
  blackoutNs: number | null;
}

/** One bar of the timeline: a VP on an LP, an exit, a message, a disk request. */
export interface TraceSlice {
  /** Group and member: "Logical processors/LP 0", "web/VP 1", "raid0/unit 2". Slices of one track nest. */
  track: string;
  name: string;
  startNs: number;
  durationNs: number;
}
