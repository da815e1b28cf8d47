import assert from 'node:assert/strict';
import { child, host, INSTANT, run, scenario, withCosts, withLps, workload } from '../hosts.js';

const S = 1e9;
const start = (atNs: number, name: string) =>
  ({ atNs, action: { kind: 'life', verb: 'start', target: { kind: 'child', name } } }) as const;

describe('children that come late', () => {
  it('have their shares at once, although a heavy one had an LP for itself for long', () => {
    const weights = { heavy: 1000, light: 100, late: 1000, later: 1000 };
    const children = Object.entries(weights).map(([name, weight]) =>
      child(name, {
        processors: { count: 1, reservePercent: 0, limitPercent: 100, weight },
        workload: workload({ arrival: { kind: 'closed', clients: 4, thinkNs: 0 }, cpuNs: 4e6 }),
      }),
    );
    const steps = [start(0, 'heavy'), start(0, 'light'), start(20 * S, 'late'), start(20 * S, 'later')];
    const base = withCosts(withLps(host({ children }), 2), INSTANT, { 'parent-services': 0 });
    const model = { ...base, scenarios: [scenario({ steps })] };
    const { snapshots } = run(model, { scenario: 'S', horizonNs: 25 * S, snapshotEveryNs: 2 * S });
    const { partitions } = snapshots.at(-1)!;
    const share = (name: string) => partitions.find((partition) => partition.name === name)!.vpPercent;
    // Two LPs among weights of 3,100 together.
    for (const [name, weight] of Object.entries(weights)) {
      const expected = (200 * weight) / 3100;
      assert.ok(Math.abs(share(name) - expected) < 3, `${name}: ${share(name)} %, not ${expected}`);
    }
  });
});
