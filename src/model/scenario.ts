// What a scenario of a host model does and expects; data like the rest of it, with the same units in the names.

export type Target = { kind: 'all' } | { kind: 'parent' } | { kind: 'child'; name: string };

export interface Scenario {
  name: string;
  documentation?: string;
  /** In order of time. */
  steps: ScenarioStep[];
  expectations: Expectation[];
}

export interface ScenarioStep {
  atNs: number;
  /** The peer it happens on; absent on the scenario's own host. */
  host?: string;
  action: ScenarioAction;
}

export type LifeVerb = 'start' | 'stop' | 'turn-off' | 'pause' | 'resume' | 'save' | 'restore' | 'fail';

/** `standard`: memory, devices and disks; `production`: disks only, after the guest has flushed and frozen its writes. */
export type CheckpointType = 'standard' | 'production';

/** `live`: memory is copied while the guest runs; `quick`: the guest is saved here and restored there. */
export type MigrationMode = 'live' | 'quick';

export type ScenarioAction =
  | { kind: 'life'; verb: LifeVerb; target: Target }
  | { kind: 'rate'; child: string; requestsPerSecond: number }
  /** The child's working set becomes this large. */
  | { kind: 'demand'; child: string; bytes: number }
  /** `type` null: the default of the release. */
  | { kind: 'checkpoint'; child: string; checkpoint: string; type: CheckpointType | null }
  | { kind: 'revert'; child: string; checkpoint: string }
  | { kind: 'delete-checkpoint'; child: string; checkpoint: string }
  /** The child moves to the host of this name; `mode` null: live where both releases can, else quick. */
  | { kind: 'migrate'; child: string; to: string; mode: MigrationMode | null }
  /**
   * The host goes down, and comes up again when it restarts; each child does what its stop action says. `cut-power`: its
   * power goes, at once.
   */
  | { kind: 'host'; verb: 'shut-down' | 'restart' | 'cut-power' }
  /** A virtual adapter or disk of a child, counted from 0, is taken out of it or put back. */
  | { kind: 'unplug' | 'plug-in'; child: string; device: 'nic' | 'disk'; number: number }
  | DeviceFault;

/** What happens to the hardware; names are those of the hardware. */
export type DeviceFault =
  /** Operations that reach the medium take `factor` times as long. */
  | { kind: 'slow-disk'; disk: string; factor: number }
  /** It answers every request with an error, until it is repaired. */
  | { kind: 'fail-disk'; disk: string }
  /** It works, and at its own speed. */
  | { kind: 'repair-disk'; disk: string }
  | { kind: 'unplug-nic'; nic: string }
  | { kind: 'plug-in-nic'; nic: string };

export type Metric = 'latency' | 'throughput' | 'failures' | 'cpu' | 'memory' | 'pressure' | 'blackout';
export type Statistic = 'mean' | 'p50' | 'p95' | 'p99' | 'max';
export type Comparison = '<' | '<=' | '>' | '>=';

/** `stopped`: off, stopped, failed or refused. */
export type ExpectedState = 'running' | 'stopped' | 'paused' | 'saved';

/** A statement about a window of virtual time; `toNs` null means until the end of the run. */
export type Expectation = {
  /** The words of the file, for messages. */
  text: string;
  fromNs: number;
  toNs: number | null;
} & (
  | {
      kind: 'metric';
      /** A child, the parent, or all children together. */
      target: Target;
      /** latency in ns, throughput and failures in requests per second, cpu in percent of the host, memory in bytes, pressure in percent (the highest of several partitions), blackout of a migration in ns. */
      metric: Metric;
      statistic: Statistic;
      comparison: Comparison;
      value: number;
    }
  | { kind: 'state'; target: Target; state: ExpectedState }
);
