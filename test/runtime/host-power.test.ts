import assert from 'node:assert/strict';
import type { Child, HostModel } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import type { RunEvent } from '../../src/protocol/snapshot.js';
import {
  child,
  disk,
  endless,
  host,
  INSTANT,
  partitionOf,
  type Ran,
  run,
  scenario,
  withCosts,
  workload,
} from './hosts.js';

type Steps = { atNs: number; action: ScenarioAction }[];

const power = (seconds: number, verb: 'shut-down' | 'restart' | 'cut-power') => ({
  atNs: seconds * 1e9,
  action: { kind: 'host' as const, verb },
});
const life = (seconds: number, verb: 'start' | 'save' | 'fail' | 'pause', name: string) => ({
  atNs: seconds * 1e9,
  action: {
    kind: 'life' as const,
    verb,
    target:
      name === 'all'
        ? { kind: 'all' as const }
        : name === 'parent'
          ? { kind: 'parent' as const }
          : { kind: 'child' as const, name },
  },
});

const always: Child['start'] = { action: 'always', delayNs: 0 };

function three(parts: Partial<Child> = {}): Child[] {
  const work = workload({ readBytes: 4096 });
  return [
    child('clean', {
      stop: 'shut-down',
      start: { action: 'always', delayNs: 10e9 },
      workload: work,
      disks: [disk()],
      ...parts,
    }),
    child('saved', { stop: 'save', start: { action: 'if-running', delayNs: 0 }, workload: work, disks: [disk()] }),
    child('hard', { stop: 'turn-off', start: { action: 'never', delayNs: 0 }, workload: work, disks: [disk()] }),
  ];
}

function play(
  steps: Steps,
  children = three(),
  parts: Partial<HostModel> = {},
  costs: Record<string, number> = {},
  horizonNs = 400e9,
): Ran {
  const model = host({ children, scenarios: [scenario({ steps })], ...parts });
  return run(withCosts(model, INSTANT, costs), { scenario: 'S', horizonNs });
}

const eventsOf = ({ snapshots }: Ran): RunEvent[] => snapshots.flatMap(({ events }) => events);
const told = (ran: Ran) =>
  eventsOf(ran)
    .filter(({ category }) => category === 'life' || category === 'fault')
    .map(({ partition, title }) => `${partition ?? 'host'} ${title}`);

describe('power of the host', () => {
  it('shuts each child down by its stop action, then the parent', () => {
    const ran = play([life(0, 'start', 'all'), power(5, 'shut-down')]);
    assert.deepEqual(told(ran).slice(3), [
      'host the host shuts down',
      'clean shutdown requested',
      'saved saving',
      'hard stopped',
      'saved saved',
      'clean stopped',
      'parent stopped',
    ]);
    assert.equal(ran.snapshots.at(-1)!.phase, 'down');
    assert.equal(partitionOf(ran.result, 'parent').state, 'stopped');
    assert.equal(partitionOf(ran.result, 'saved').state, 'saved');
  });

  it('saves at the end of the time who could not be saved at once, because a checkpoint was being made', () => {
    const saved = child('saved', {
      stop: 'save',
      disks: [disk()],
      memory: { ...child('x').memory, startupBytes: 2 ** 31 },
    });
    const checkpoint = { kind: 'checkpoint' as const, child: 'saved', checkpoint: 'before', type: 'standard' as const };
    const steps = [life(0, 'start', 'saved'), { atNs: 4.9e9, action: checkpoint }, power(5, 'shut-down')];
    const ran = play(steps, [saved]);
    const after = told(ran).slice(told(ran).indexOf('host the host shuts down'));
    assert.deepEqual(after, [
      'host the host shuts down',
      'saved not saved',
      'saved checkpoint before',
      'saved saving',
      'saved saved',
      'parent stopped',
    ]);
  });

  it('restarts without installing anything, and starts who starts by itself', () => {
    const ran = play([life(0, 'start', 'all'), power(5, 'restart')]);
    const after = eventsOf(ran).slice(eventsOf(ran).findIndex(({ title }) => title === 'the host restarts'));
    assert.ok(!after.some(({ title }) => /role/i.test(title)));
    assert.equal(partitionOf(ran.result, 'clean').state, 'running');
    assert.equal(partitionOf(ran.result, 'saved').state, 'running');
    assert.equal(partitionOf(ran.result, 'hard').state, 'stopped');
    const ready = after.find(({ title }) => title === 'ready')!.timeNs;
    const of = (name: string, title: string) =>
      after.find((event) => event.timeNs > ready && event.partition === name && event.title === title)!.timeNs;
    assert.ok(of('clean', 'running') - ready >= 10e9, 'it starts after its delay');
    assert.ok(of('saved', 'restored') - ready < 10e9);
    assert.ok(ran.snapshots.at(-2)!.partitions[1]!.work!.completed > 50, 'it works again');
  });

  it('remembers what ran: only that starts again if it was running', () => {
    const ifRunning = { start: { action: 'if-running' as const, delayNs: 0 } };
    const children = ['a', 'b', 'c'].map((name) => child(name, { ...ifRunning, stop: 'save', disks: [disk()] }));
    const ran = play(
      [life(0, 'start', 'a'), life(0, 'start', 'b'), life(3, 'save', 'b'), power(10, 'restart')],
      children,
    );
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => partitionOf(ran.result, name).state),
      ['running', 'saved', 'off'],
    );
  });

  it('turns off who is not down within the time limit', () => {
    const children = [child('busy', { workload: endless(), start: always })];
    const ran = play(
      [life(0, 'start', 'all'), power(5, 'shut-down')],
      children,
      {},
      { 'guest-shutdown': 300e9, 'stop-limit': 30e9 },
    );
    const stopped = eventsOf(ran).find(({ partition, title }) => partition === 'busy' && title === 'stopped')!;
    assert.match(stopped.detail!, /time limit/);
    assert.equal(stopped.timeNs, ran.result.readyNs + 35e9);
  });

  it('starts nothing while it goes down, and can be asked once', () => {
    const ran = play([
      life(0, 'start', 'saved'),
      power(5, 'shut-down'),
      life(5.01, 'start', 'clean'),
      power(5.02, 'restart'),
    ]);
    assert.ok(told(ran).includes('clean not started'));
    assert.ok(told(ran).includes('host the host is going down already'));
    assert.equal(partitionOf(ran.result, 'clean').state, 'off');
  });

  it('comes back after its parent failed, with what was saved', () => {
    const ran = play([
      life(0, 'start', 'all'),
      life(3, 'save', 'hard'),
      life(20, 'fail', 'parent'),
      power(30, 'restart'),
    ]);
    assert.deepEqual(
      ['clean', 'saved', 'hard'].map((name) => partitionOf(ran.result, name).state),
      ['running', 'running', 'saved'],
    );
    assert.equal(told(ran).filter((line) => line === 'saved running').length, 2, 'what was not saved boots again');
  });

  it('has no child to wait for', () => {
    assert.deepEqual(told(play([power(1, 'shut-down')], [])), ['host the host shuts down', 'parent stopped']);
  });

  for (const architecture of ['hyper-v', 'esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`stays down when its power goes in the middle of its boot, until it is switched on (${architecture})`, () => {
      const { hypervisor, parent } = host();
      const parts: Partial<HostModel> = {
        hypervisor: { ...hypervisor, architecture, release: null },
        parent: architecture === 'esxi' ? null : parent,
      };
      const cut = [life(0, 'start', 'all'), power(5, 'restart'), power(40, 'cut-power')];
      const ran = play(cut, three(), parts);
      assert.equal(ran.result.total.phase, 'down');
      assert.equal(partitionOf(ran.result, 'clean').state, 'stopped');
      const again = play([...cut, power(100, 'restart')], three(), parts);
      assert.equal(again.result.total.phase, 'ready');
      assert.equal(partitionOf(again.result, 'saved').state, 'running', 'it ran before the host went down');
    });
  }

  it('has no parent to fail while it boots', () => {
    const ran = play([life(0, 'start', 'all'), power(5, 'restart'), life(40, 'fail', 'parent')]);
    assert.ok(
      eventsOf(ran).some(({ title, detail }) => title === 'refused: fail parent' && detail === 'it does not run'),
    );
    assert.equal(partitionOf(ran.result, 'parent').state, 'running');
  });

  for (const architecture of ['esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`restarts on ${architecture}`, () => {
      const { hypervisor, parent } = host();
      const ran = play([life(0, 'start', 'all'), power(5, 'restart')], three(), {
        hypervisor: { ...hypervisor, architecture, release: null },
        parent: architecture === 'esxi' ? null : parent,
      });
      assert.equal(partitionOf(ran.result, 'clean').state, 'running');
      assert.equal(partitionOf(ran.result, 'saved').state, 'running');
    });
  }
});
