import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ScenarioStep } from '../../../src/model/scenario.js';
import type { Snapshot } from '../../../src/protocol/snapshot.js';
import type { Ran } from '../hosts.js';
import { partitionOf } from '../hosts.js';
import { migrate, onlyMigration, play, S, start } from './two-hosts.js';

const LIVE_HERE = new Set(['running', 'paused', 'stopping']);
const work = {
  arrival: { kind: 'closed' as const, clients: 3, thinkNs: 20e6 },
  cpuNs: 1e6,
  readBytes: 4096,
  writeBytes: 8192,
  sendBytes: 4096,
};

const on = (host: string | undefined, atNs: number, action: ScenarioStep['action']): ScenarioStep =>
  host === undefined ? { atNs, action } : { atNs, host, action };
const failParent = { kind: 'life', verb: 'fail', target: { kind: 'parent' } } as const;
const unplug = { kind: 'unplug-nic', nic: 'lan2' } as const;
const plugIn = { kind: 'plug-in-nic', nic: 'lan2' } as const;

const here = (ran: Ran) => partitionOf(ran.result, 'web').state;
const there = ({ result }: Ran) => result.total.peers![0]!.partitions.find(({ name }) => name === 'web')?.state;

/** A child runs on one host at most, at whatever moment somebody looks. */
function assertOneHome(snapshots: readonly Snapshot[]): void {
  for (const { partitions, peers } of snapshots) {
    const states = [partitions, peers![0]!.partitions].map(
      (of) => of.find(({ name }) => name === 'web')?.state ?? 'off',
    );
    assert.ok(states.filter((state) => LIVE_HERE.has(state)).length <= 1, states.join(' and '));
  }
}

describe('a migration that breaks', () => {
  it('leaves the child where it was when the destination fails while memory is sent', () => {
    const ran = play(
      { work },
      { steps: [start(), migrate(5 * S), on('Second', 8 * S, failParent)] },
      { horizonNs: 20 * S },
    );
    assert.equal(onlyMigration(ran).outcome, 'failed');
    assert.equal(onlyMigration(ran).blackoutNs, null);
    assert.deepEqual([here(ran), there(ran)], ['running', undefined]);
  });

  it('leaves the child where it was when the network is lost for too long, at either end', () => {
    for (const host of [undefined, 'Second']) {
      const ran = play({ work }, { steps: [start(), migrate(5 * S), on(host, 8 * S, unplug)] }, { horizonNs: 60 * S });
      assert.match(onlyMigration(ran).reason!, /network was lost/);
      assert.ok(Math.abs(onlyMigration(ran).totalNs - 24 * S) < 0.1 * S, 'three seconds, and the patience of TCP');
      assert.deepEqual([here(ran), there(ran)], ['running', undefined]);
    }
  });

  it('goes on when the network comes back in time, at either end', () => {
    for (const host of [undefined, 'Second']) {
      const steps = [start(), migrate(5 * S), on(host, 8 * S, unplug), on(host, 18 * S, plugIn)];
      const ran = play({ work }, { steps }, { horizonNs: 60 * S });
      assert.equal(onlyMigration(ran).outcome, 'done');
      assert.ok(onlyMigration(ran).totalNs > 18 * S);
      assert.deepEqual([here(ran), there(ran)], ['moved', 'running']);
    }
  });

  it('loses the child with its host while memory is sent, and keeps it after the switch-over', () => {
    const early = play(
      { work },
      { steps: [start(), migrate(5 * S), on(undefined, 8 * S, failParent)] },
      { horizonNs: 40 * S },
    );
    assert.deepEqual([onlyMigration(early).outcome, here(early), there(early)], ['failed', 'failed', undefined]);
    const late = play(
      { work },
      { steps: [start(), migrate(5 * S), on(undefined, 30 * S, failParent)] },
      { horizonNs: 40 * S },
    );
    assert.deepEqual([onlyMigration(late).outcome, here(late), there(late)], ['done', 'moved', 'running']);
  });

  it('leaves the files of a checkpoint alone that is deleted meanwhile', () => {
    const checkpoint = (atNs: number, kind: 'checkpoint' | 'delete-checkpoint') =>
      ({
        atNs,
        action: { kind, child: 'web', checkpoint: 'x', ...(kind === 'checkpoint' ? { type: 'standard' } : {}) },
      }) as ScenarioStep;
    const ran = play(
      { work, release: '2012R2' },
      { steps: [start(), checkpoint(5 * S, 'checkpoint'), migrate(20 * S), checkpoint(22 * S, 'delete-checkpoint')] },
      { horizonNs: 80 * S },
    );
    assert.equal(onlyMigration(ran).outcome, 'done');
    const events = ran.snapshots.flatMap((snapshot) => snapshot.events);
    assert.match(events.find(({ title }) => title === 'checkpoint x not deleted')!.detail!, /is being migrated/);
  });

  it('ends when something else is done with the child', () => {
    const verbs = { stop: 'stopped', pause: 'paused', save: 'saved', 'turn-off': 'stopped', fail: 'failed' } as const;
    for (const [verb, state] of Object.entries(verbs)) {
      const action = {
        kind: 'life',
        verb: verb as keyof typeof verbs,
        target: { kind: 'child', name: 'web' },
      } as const;
      const ran = play({ work }, { steps: [start(), migrate(5 * S), { atNs: 8 * S, action }] }, { horizonNs: 60 * S });
      assert.equal(onlyMigration(ran).outcome, 'failed');
      assert.deepEqual([here(ran), there(ran)], [state, undefined]);
    }
  });

  it('never loses what was acknowledged, nor makes two of one child', () => {
    const moment = fc.integer({ min: 4.9 * S, max: 16 * S });
    const fault = fc.oneof(
      fc.record({
        atNs: moment,
        host: fc.constantFrom(undefined, 'Second'),
        action: fc.constantFrom(failParent, unplug, plugIn),
      }),
      fc.record({
        atNs: moment,
        host: fc.constant(undefined),
        action: fc.constantFrom(
          { kind: 'life', verb: 'pause', target: { kind: 'all' } } as const,
          { kind: 'life', verb: 'resume', target: { kind: 'all' } } as const,
          { kind: 'life', verb: 'start', target: { kind: 'all' } } as const,
          { kind: 'host', verb: 'cut-power' } as const,
          { kind: 'host', verb: 'restart' } as const,
          { kind: 'migrate', child: 'web', to: 'First', mode: null } as const,
          { kind: 'migrate', child: 'web', to: 'Second', mode: 'quick' } as const,
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 4 }), fc.nat(1000), (faults, seed) => {
        const later = faults.map(({ atNs, host, action }) => on(host, atNs, action));
        const steps = [start(), migrate(5 * S), ...later].sort((a, b) => a.atNs - b.atNs);
        const ran = play({ work }, { steps }, { horizonNs: 300 * S, snapshotEveryNs: 0.5 * S, seed });
        assertOneHome(ran.snapshots);
        // Writes that were acknowledged are on the shared disk, which no host takes with it.
        const san = [ran.result.total, ...ran.result.total.peers!].flatMap(({ disks }) => disks);
        assert.equal(
          san.reduce((lost, { lostBytes }) => lost + lostBytes, 0),
          0,
        );
        for (const { outcome } of ran.result.migrations ?? []) assert.notEqual(outcome, 'under way');
        const [at, other] = [here(ran), there(ran)];
        assert.ok(at === 'moved' ? other !== undefined && other !== 'off' : other === undefined, `${at} and ${other}`);
      }),
      { numRuns: 40 },
    );
  });
});

describe('quick migration', () => {
  const said = { work, release: '2008' };

  it('saves here and restores there', () => {
    const ran = play(said, { steps: [start(), migrate(5 * S)] }, { horizonNs: 60 * S });
    const { mode, outcome, blackoutNs, totalNs, rounds } = onlyMigration(ran);
    assert.deepEqual([mode, outcome, rounds.length], ['quick', 'done', 0]);
    assert.equal(blackoutNs, totalNs);
    assert.deepEqual([here(ran), there(ran)], ['moved', 'running']);
    const web = ran.result.total.peers![0]!.partitions.find(({ name }) => name === 'web')!.work!;
    assert.equal(web.failed, 0);
    assert.ok(web.waiting <= 3);
  });

  it('leaves a saved child behind when the destination fails meanwhile', () => {
    const ran = play(
      said,
      { steps: [start(), on('Second', 4 * S, failParent), migrate(5 * S)] },
      { horizonNs: 60 * S },
    );
    assert.equal(onlyMigration(ran).outcome, 'failed');
    assert.deepEqual([here(ran), there(ran)], ['moved', 'saved']);
  });
});
