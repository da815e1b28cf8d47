import assert from 'node:assert/strict';
import type { ScenarioAction } from '../../src/model/scenario.js';
import { child, host, INSTANT, run, scenario, withCosts, workload } from './hosts.js';

const START: ScenarioAction = { kind: 'life', verb: 'start', target: { kind: 'all' } };
const TURN_OFF: ScenarioAction = { kind: 'life', verb: 'turn-off', target: { kind: 'child', name: 'web' } };

/** More is asked than its one processor can do: a second's worth of requests waits for each second. */
function overloaded(action: ScenarioAction) {
  const web = child('web', {
    workload: workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, cpuNs: 10_000_000 }),
  });
  const steps = [
    { atNs: 0, action: START },
    { atNs: 4e9, action },
  ];
  return run(withCosts(host({ children: [web], scenarios: [scenario({ steps })] }), INSTANT), { scenario: 'S' });
}

describe('the balance of requests', () => {
  it('says how many were under way when their partition went', () => {
    const { result } = overloaded(TURN_OFF);
    const lost = Number(/'web': (\d+) requests were under way/.exec(result.notes.join('\n'))?.[1]);
    assert.ok(lost > 350 && lost < 450, `${lost} of about 400`);
  });

  it('loses none that only wait', () => {
    const { result } = overloaded({ kind: 'life', verb: 'pause', target: { kind: 'child', name: 'web' } });
    assert.doesNotMatch(result.notes.join('\n'), /under way/);
  });
});
