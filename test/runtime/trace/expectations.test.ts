import assert from 'node:assert/strict';
import type { HostModel } from '../../../src/model/host-model.js';
import type { Expectation, Metric, ScenarioStep, Statistic } from '../../../src/model/scenario.js';
import type { RunOptions } from '../../../src/protocol/protocol.js';
import { child, host, INSTANT, run, scenario, withCosts, workload } from '../hosts.js';

const ALL_STATISTICS: Statistic[] = ['mean', 'p50', 'p95', 'max'];

function expects(metric: Metric, statistic: Statistic, fromNs: number, toNs: number | null): Expectation {
  const target = { kind: 'child' as const, name: 'a' };
  return { text: '', kind: 'metric', target, metric, statistic, comparison: '>=', value: 0, fromNs, toNs };
}

/** What was seen of a child that is asked 200 times a second, each for 2 ms: 10 % of four LPs. */
function seen(expectations: Expectation[], options: Partial<RunOptions> = {}, peers: HostModel[] = []): string[] {
  const work = workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, cpuNs: 2e6 });
  const action = { kind: 'life', verb: 'start', target: { kind: 'all' } } as const;
  const steps: ScenarioStep[] = [{ atNs: 0, action }, ...peers.map(({ name }) => ({ atNs: 0, host: name, action }))];
  const scenarios = [scenario({ steps, expectations })];
  const model = { ...host({ children: [child('a', { workload: work })], scenarios }), peers };
  const { result } = run(withCosts(model, INSTANT), { scenario: 'S', horizonNs: 20e9, ...options });
  return result.expectations.map((each) => each.seen);
}

const numberIn = (text: string) => Number(/was ([\d.]+)/.exec(text)?.[1]);

describe('expectations', () => {
  it('see the same, however often somebody takes a snapshot', () => {
    const metrics: Metric[] = ['cpu', 'throughput', 'failures', 'memory', 'pressure', 'latency'];
    const expectations = metrics.flatMap((metric) =>
      ALL_STATISTICS.map((statistic) => expects(metric, statistic, 5e9, 15e9)),
    );
    const often = seen(expectations, { snapshotEveryNs: 0.3e9 });
    assert.deepEqual(seen(expectations, { snapshotEveryNs: 20e9 }), often);
    assert.ok(!often.some((text) => text.startsWith('nothing')), often.join('\n'));
  });

  it('take the seconds of their window as samples of a rate', () => {
    const [mean, p50, max] = seen(
      (['mean', 'p50', 'max'] as const).map((statistic) => expects('throughput', statistic, 5e9, 15e9)),
    ).map(numberIn);
    assert.ok(Math.abs(mean! - 200) < 15, `${mean}`);
    assert.ok(Math.abs(p50! - 200) < 20, `${p50}`);
    // The largest of ten Poisson counts with a mean of 200.
    assert.ok(max! > mean! && max! < 260, `${max}`);
  });

  it('leave out the second that their window cuts short, and take it where there is no other', () => {
    const lone = seen([expects('cpu', 'mean', 5e9, 5.25e9), expects('cpu', 'max', 5e9, 5.25e9)]);
    assert.equal(numberIn(lone[1]!), numberIn(lone[0]!));
    const [whole, longer] = seen([expects('cpu', 'max', 5e9, 8e9), expects('cpu', 'max', 5e9, 8.001e9)]);
    assert.equal(longer, whole);
  });

  it('say that the run ended within their window', () => {
    const windows = [expects('throughput', 'mean', 5e9, 25e9), expects('throughput', 'mean', 5e9, null)];
    const [cut, open, whole] = seen([...windows, expects('throughput', 'mean', 5e9, 20e9)]);
    assert.match(cut!, /^mean was [\d.]+ \/ s \(the run ended within its window\)$/);
    for (const each of [open!, whole!]) assert.match(each, /^mean was [\d.]+ \/ s$/);
  });

  it('are about the children of their own host, whatever those of its peers are called', () => {
    const slow = workload({ arrival: { kind: 'open', requestsPerSecond: 50 }, cpuNs: 18e6 });
    const peers = [withCosts(host({ name: 'Peer', children: [child('a', { workload: slow })] }), INSTANT)];
    const all = { target: { kind: 'all' as const } };
    const expectations = [
      expects('throughput', 'mean', 5e9, 15e9),
      { ...expects('throughput', 'mean', 5e9, 15e9), ...all },
      expects('latency', 'max', 5e9, 15e9),
    ];
    const alone = seen(expectations);
    assert.deepEqual(seen(expectations, {}, peers), alone);
  });
});
