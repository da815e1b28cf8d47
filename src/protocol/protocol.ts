/**
 * The one protocol between engine, extension and panels: who says what to whom. What they say of a host is in `snapshot.ts`
 * and `run-result.ts`. Everything is structured-cloneable plain data.
 *
 *   extension / CLI  --EngineCommand-->  engine      engine  --EngineEvent-->  extension / CLI
 *   extension        --PanelMessage-->   panel       panel   --PanelRequest--> extension
 */
import type { AdmissionReport } from '../model/admission.js';
import type { DeviceTree } from '../model/devices.js';
import type { HostModel } from '../model/host-model.js';
import type { RunResult } from './run-result.js';
import type { Snapshot } from './snapshot.js';

// --- engine --------------------------------------------------------------------------------------------------

export type EngineCommand =
  | { type: 'run'; model: HostModel; options: RunOptions }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Virtual seconds per wall second; null runs as fast as it can. */
  | { type: 'pace'; speed: number | null }
  | { type: 'cancel' };

export interface RunOptions {
  seed: number;
  /** Virtual time to cover after the host is ready to start children. */
  horizonNs: number;
  /** The scenario to play; null starts every child and lets it work. */
  scenario: string | null;
  /** Virtual time between two snapshots; while the host boots it is a second at the least. */
  snapshotEveryNs: number;
  /** Virtual seconds per wall second once the host is up (its boot passes faster); null: as fast as it can. */
  speed: number | null;
  /** Virtual switches with a bridge to machine children, which are beside the run; none where this is absent. */
  bridges?: readonly string[];
  /** Collect a timeline of scheduling, exits and messages (for the Chrome/Perfetto export). */
  trace: boolean;
}

export type EngineEvent =
  /** The engine does not run this model; nothing was started. */
  | { type: 'refused'; reason: Refusal }
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'finished'; result: RunResult }
  | { type: 'cancelled'; timeNs: number }
  /** A defect of the engine itself, never of the definition. */
  | { type: 'crashed'; message: string };

export interface Refusal {
  /** Stable code; the same as the diagnostic where the editor reports it too. */
  code: string;
  message: string;
}

// --- panel ---------------------------------------------------------------------------------------------------

/** What does not change while a host runs: the picture and the Device Managers. */
export interface HostPicture {
  model: HostModel;
  admission: AdmissionReport;
  deviceTrees: DeviceTree[];
}

export type PanelMessage =
  | { type: 'host'; picture: HostPicture; options: RunOptions }
  /** The host cannot be shown, e.g. because its file has errors. */
  | { type: 'unavailable'; reason: string }
  | { type: 'engine'; event: EngineEvent };

export type PanelRequest =
  | { type: 'ready' }
  | { type: 'run' }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'cancel' }
  | { type: 'pace'; speed: number | null }
  /** Save the finished run as a report page. */
  | { type: 'report' }
  /** Show where the host, or a partition of it, is defined. */
  | { type: 'reveal'; name: string };
