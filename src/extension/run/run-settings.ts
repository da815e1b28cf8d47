import { type Uri, workspace } from 'vscode';
import type { HostModel } from '../../model/host-model.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import type { RunOptions } from '../../protocol/protocol.js';

const NS_PER_S = 1e9;

/** Two points a second make a smooth curve of the usual minute; a longer run has fewer. */
const SNAPSHOT_NS = NS_PER_S / 2;
const MOST_SNAPSHOTS = 1000;

/** The settings under `hvhost.run` as options of a run. A scenario runs to its own end. */
export function runOptions(uri: Uri, model: HostModel, scenarioName: string | null): RunOptions {
  const settings = workspace.getConfiguration('hvhost.run', uri);
  const scenario = model.scenarios.find((candidate) => candidate.name === scenarioName);
  const duration = settings.get<number>('duration', 60);
  const horizonNs = scenario ? scenarioLengthNs(scenario) : duration * NS_PER_S;
  const speed = settings.get<number>('speed', 20);
  return {
    seed: settings.get<number>('seed', 1),
    horizonNs,
    scenario: scenarioName,
    snapshotEveryNs: Math.max(SNAPSHOT_NS, Math.ceil(horizonNs / MOST_SNAPSHOTS)),
    speed: speed > 0 ? speed : null,
    trace: false,
  };
}
