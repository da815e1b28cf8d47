import assert from 'node:assert/strict';
import type { Expectation, LifeVerb, ScenarioAction, Target } from '../../src/model/scenario.js';
import {
  cathedral,
  child,
  disk,
  host,
  INSTANT,
  nic,
  partitionOf,
  type Ran,
  run,
  scenario,
  withCosts,
  workload,
} from './hosts.js';

const ALL: Target = { kind: 'all' };
const A: Target = { kind: 'child', name: 'a' };

function life(atNs: number, verb: LifeVerb, target: Target = ALL): { atNs: number; action: ScenarioAction } {
  return { atNs, action: { kind: 'life', verb, target } };
}

function isState(
  state: 'running' | 'stopped' | 'paused',
  fromNs: number,
  toNs: number | null,
  target = ALL,
): Expectation {
  return { kind: 'state', text: `${state} from ${fromNs}`, target, state, fromNs, toNs };
}

function play(steps: ReturnType<typeof life>[], expectations: Expectation[] = [], horizonNs = 20e9): Ran {
  const children = [
    child('a', { workload: workload({ readBytes: 4096, sendBytes: 4096 }), disks: [disk()], nics: [nic()] }),
    child('b', { kind: 'legacy', workload: workload({ readBytes: 4096 }), disks: [disk('ide')] }),
  ];
  const model = withCosts(host({ children, scenarios: [scenario({ steps, expectations })] }), INSTANT);
  return run(model, { scenario: 'S', horizonNs });
}

describe('life of partitions', () => {
  it('starts nothing before the scenario says so', () => {
    const { result } = play([life(5e9, 'start')], [isState('stopped', 0, 4e9), isState('running', 6e9, null)]);
    assert.deepEqual(
      result.expectations.map(({ met }) => met),
      [true, true],
    );
  });

  it('pauses and resumes without losing a request', () => {
    const { result, snapshots } = play([life(0, 'start'), life(5e9, 'pause', A), life(8e9, 'resume', A)]);
    const at = (ns: number) => snapshots.find(({ timeNs }) => timeNs >= result.readyNs + ns)!.partitions[1]!;
    assert.equal(at(7e9).state, 'paused');
    assert.equal(at(7e9).work!.completed, 0);
    assert.equal(at(7e9).cpuPercent, 0);
    assert.equal(partitionOf(result, 'a').state, 'running');
    assert.ok(partitionOf(result, 'a').work!.latencyNs!.max > 2.9e9);
  });

  it('shuts down cleanly where the guest has the service, and turns off where it has not', () => {
    const { snapshots, result } = play([life(0, 'start'), life(5e9, 'stop')]);
    const events = snapshots.flatMap((snapshot) => snapshot.events).filter(({ title }) => title === 'stopped');
    assert.deepEqual(
      events.map(({ partition, detail }) => [partition, detail]),
      [
        ['b', 'no shutdown service in the guest: turned off'],
        ['a', 'shut down'],
      ],
    );
    assert.equal(result.total.memory.childrenBytes, 0, 'all memory is back');
  });

  it('starts a child again after it was turned off in the middle of its work', () => {
    const { result } = play([life(0, 'start'), life(5e9, 'turn-off'), life(6e9, 'start')]);
    assert.equal(partitionOf(result, 'a').state, 'running');
    assert.equal(partitionOf(result, 'b').state, 'running');
    assert.ok(partitionOf(result, 'a').work!.completed > 1500);
  });

  it('turns off a child that is only starting', () => {
    const { result } = play([life(0, 'start'), life(1, 'turn-off')]);
    assert.equal(partitionOf(result, 'a').state, 'stopped');
    assert.equal(partitionOf(result, 'b').state, 'stopped');
  });

  it('takes every child along at once when the parent fails', () => {
    const { result, snapshots } = play(
      [life(0, 'start'), life(5e9, 'fail', { kind: 'parent' }), life(6e9, 'start')],
      [isState('stopped', 5e9, null), isState('stopped', 5e9, null, { kind: 'parent' })],
    );
    assert.deepEqual(
      result.expectations.map(({ met }) => met),
      [true, true],
    );
    assert.equal(partitionOf(result, 'a').state, 'failed');
    assert.match(partitionOf(result, 'a').reason!, /parent/);
    const faults = snapshots.flatMap(({ events }) => events).filter(({ category }) => category === 'fault');
    assert.deepEqual(new Set(faults.slice(0, 3).map(({ partition }) => partition)), new Set(['parent', 'a', 'b']));
    assert.ok(
      result.total.channels.some(
        ({ packetsPerSecond, ringPeakPercent }) => packetsPerSecond > 0 && ringPeakPercent > 0,
      ),
    );
    assert.deepEqual(snapshots.at(-1)!.channels, []);
    assert.equal(snapshots.at(-1)!.phase, 'down');
    assert.ok(snapshots.at(-1)!.logicalProcessors.every(({ busyPercent }) => busyPercent === 0));
  });

  it('fails one child and leaves the other', () => {
    const { result } = play([life(0, 'start'), life(5e9, 'fail', A)]);
    assert.equal(partitionOf(result, 'a').state, 'failed');
    assert.equal(partitionOf(result, 'b').state, 'running');
  });

  it('says when and where an expectation was not met', () => {
    const { result } = play([life(0, 'start'), life(5e9, 'fail', A)], [isState('running', 1e9, null)]);
    const [{ met, seen, atNs }] = result.expectations as [(typeof result.expectations)[number]];
    assert.deepEqual([met, seen, atNs], [false, "'a' was failed", result.readyNs + 5e9]);
  });

  it('judges latency, throughput, cpu and memory inside their window', () => {
    const metric = (
      name: 'latency' | 'throughput' | 'cpu' | 'memory',
      comparison: '<' | '>',
      value: number,
    ): Expectation => ({
      kind: 'metric',
      text: name,
      target: A,
      metric: name,
      statistic: name === 'latency' ? 'p95' : 'mean',
      comparison,
      value,
      fromNs: 2e9,
      toNs: 12e9,
    });
    const { result } = play(
      [life(0, 'start'), life(12e9, 'turn-off')],
      [metric('latency', '<', 10e6), metric('throughput', '>', 90), metric('cpu', '<', 4), metric('memory', '>', 5e8)],
    );
    for (const { met, seen } of result.expectations) assert.ok(met, seen);
  });

  it('does not call an expectation met whose window never came or was empty', () => {
    const late = isState('running', 100e9, null);
    const empty: Expectation = {
      ...late,
      kind: 'metric',
      metric: 'latency',
      statistic: 'max',
      comparison: '<',
      value: 1e9,
      fromNs: 0,
    };
    const { result } = play([], [late, empty]);
    assert.deepEqual(
      result.expectations.map(({ met }) => met),
      [false, false],
    );
  });

  it('plays Monday morning in the cathedral', () => {
    const { result } = run(cathedral(), { scenario: 'MondayMorning', horizonNs: 70e9 });
    for (const { text, met, seen } of result.expectations) assert.ok(met, `${text}: ${seen}`);
  });
});
