import { type Uri, workspace } from 'vscode';
import type { HostModel } from '../../model/host-model.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import type { RunOptions } from '../../protocol/protocol.js';

const NS_PER_S = 1e9;

/** Enough points for a smooth curve over the usual minute. */
const SNAPSHOTS_PER_S = 2;

/** The settings under `hvhost.run` as options of a run. A scenario is played to its end, whatever the duration says. */
export function runOptions(uri: Uri, model: HostModel, scenario: string | null): RunOptions {
  const settings = workspace.getConfiguration('hvhost.run', uri);
  const speed = settings.get<number>('speed', 20);
  const played = model.scenarios.find(({ name }) => name === scenario);
  return {
    seed: settings.get<number>('seed', 1),
    horizonNs: played ? scenarioLengthNs(played) : settings.get<number>('duration', 60) * NS_PER_S,
    scenario,
    snapshotEveryNs: NS_PER_S / SNAPSHOTS_PER_S,
    speed: speed > 0 ? speed : null,
    trace: false,
  };
}
