import assert from 'node:assert/strict';
import type { HostModel } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import type { RunEvent } from '../../src/protocol/snapshot.js';
import { child, disk, host, INSTANT, nic, partitionOf, type Ran, run, scenario, withCosts, workload } from './hosts.js';

const GB = 1024 ** 3;
type Step = { atNs: number; action: ScenarioAction };

const life = (seconds: number, verb: 'start' | 'save' | 'fail' | 'turn-off' | 'pause' | 'resume' | 'stop'): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'life', verb, target: { kind: 'child', name: 'a' } },
});
const take = (seconds: number, checkpoint: string, type: 'standard' | 'production' | null = null): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'checkpoint', child: 'a', checkpoint, type },
});
const revert = (seconds: number, checkpoint: string): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'revert', child: 'a', checkpoint },
});
const remove = (seconds: number, checkpoint: string): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'delete-checkpoint', child: 'a', checkpoint },
});

interface Site extends Partial<HostModel> {
  release?: string;
  kind?: 'enlightened' | 'legacy';
  off?: string[];
}

function play(
  steps: Step[],
  { release = '2019', kind = 'enlightened', off = [], ...parts }: Site = {},
  seconds = 30,
): Ran {
  const base = host();
  const children = [
    child('a', {
      kind,
      integrationServicesOff: off,
      workload: workload({ readBytes: 16_384, writeBytes: 16_384 }),
      disks: [{ ...disk(kind === 'legacy' ? 'ide' : 'scsi'), bytes: 64e6 }],
      nics: [nic(kind === 'legacy' ? 'legacy' : 'synthetic')],
    }),
  ];
  const model = host({ children, scenarios: [scenario({ steps })], ...parts });
  return run(withCosts({ ...model, hypervisor: { ...base.hypervisor, release } }, INSTANT), {
    scenario: 'S',
    horizonNs: seconds * 1e9,
  });
}

const eventsOf = ({ snapshots }: Ran): RunEvent[] =>
  snapshots
    .flatMap(({ events }) => events)
    .filter(({ partition, category }) => partition === 'a' && category === 'life');
const lifeOf = (ran: Ran) => eventsOf(ran).map(({ title }) => title);
const detailOf = (ran: Ran, title: string) => eventsOf(ran).find((event) => event.title === title)?.detail;
const reads = ({ result }: Ran) => result.total.disks[0]!.readBytesPerSecond;

describe('checkpoints', () => {
  it('are production checkpoints where the guest can freeze its writes, from Windows Server 2016 on', () => {
    assert.match(detailOf(play([life(0, 'start'), take(5, 'x')]), 'checkpoint x')!, /^production/);
    assert.match(detailOf(play([life(0, 'start'), take(5, 'x')], { release: '2012R2' }), 'checkpoint x')!, /^standard/);
    for (const site of [{ kind: 'legacy' as const }, { off: ['VSS'] }]) {
      const ran = play([life(0, 'start'), take(5, 'x', 'production')], site);
      assert.match(detailOf(ran, 'checkpoint x')!, /^standard/);
      assert.match(detailOf(ran, 'checkpoint x becomes a standard one')!, /no service/);
    }
  });

  it('ask the guest by its service to hold its writes, and to go on', () => {
    const messages = (steps: Step[]) =>
      play(steps).result.costs.find(({ id }) => id === 'service-message-child')?.count ?? 0;
    assert.equal(messages([life(0, 'start'), take(5, 'x')]) - messages([life(0, 'start')]), 2);
  });

  it('are not made of a guest that is turned off while it flushes, and another is then', () => {
    const ran = play([
      life(0, 'start'),
      take(5, 'x'),
      { ...life(5, 'turn-off'), atNs: 5.01e9 },
      life(6, 'start'),
      take(8, 'y'),
    ]);
    assert.match(detailOf(ran, 'checkpoint x failed')!, /went away/);
    assert.match(detailOf(ran, 'checkpoint y')!, /^production/);
  });

  it('write the memory beside a guest that goes on working', () => {
    const ran = play([life(0, 'start'), take(5, 'x', 'standard')]);
    const written = ran.snapshots.reduce(
      (sum, { disks, intervalNs }) => sum + (disks[0]!.writeBytesPerSecond * intervalNs) / 1e9,
      0,
    );
    assert.ok(written > GB / 2 + 1024 ** 2);
    assert.deepEqual(lifeOf(ran), ['running', 'checkpoint x']);
    assert.ok(partitionOf(ran.result, 'a').work!.latencyNs!.max < 1e9);
  });

  it('leave a child paused that was paused while its devices came to rest, and let it go on only when they did', () => {
    // On this disk, devices are at rest after some seconds.
    const slow: Step = { atNs: 4e9, action: { kind: 'slow-disk', disk: 'raid0', factor: 300 } };
    const repair: Step = { atNs: 8e9, action: { kind: 'repair-disk', disk: 'raid0' } };
    const common = [life(0, 'start'), slow, take(5, 'x', 'standard')];
    const completed = (ran: Ran, seconds: number) =>
      ran.snapshots.find(({ timeNs }) => timeNs >= ran.result.readyNs + seconds * 1e9)!.partitions[1]!.work!.completed;

    const paused = play([...common, life(5.001, 'pause'), repair]);
    assert.equal(partitionOf(paused.result, 'a').state, 'paused');
    assert.ok(lifeOf(paused).includes('checkpoint x'));
    assert.equal(completed(paused, 25), 0);

    const resumed = play([...common, life(5.001, 'pause'), life(5.002, 'resume'), repair]);
    assert.equal(partitionOf(resumed.result, 'a').state, 'running');
    assert.ok(completed(resumed, 25) > 0);
  });

  it('let a child go back: with its memory to a standard one, by a boot to a production one', () => {
    const standard = play([life(0, 'start'), take(5, 'x', 'standard'), revert(15, 'x')]);
    assert.deepEqual(lifeOf(standard), ['running', 'checkpoint x', 'stopped', 'reverted to x', 'restored', 'running']);
    const production = play([life(0, 'start'), take(5, 'x', 'production'), revert(15, 'x')]);
    assert.deepEqual(lifeOf(production), ['running', 'checkpoint x', 'stopped', 'reverted to x', 'running']);
    for (const ran of [standard, production]) {
      assert.equal(partitionOf(ran.result, 'a').state, 'running');
      assert.ok(ran.snapshots.at(-2)!.partitions[1]!.work!.completed > 50, 'it works again');
    }
  });

  it('leave a child that was off in its saved state, or off', () => {
    const saved = play([life(0, 'start'), take(5, 'x', 'standard'), life(10, 'turn-off'), revert(15, 'x')]);
    assert.equal(partitionOf(saved.result, 'a').state, 'saved');
    const off = play([take(1, 'x'), life(2, 'start'), life(10, 'turn-off'), revert(15, 'x')]);
    assert.equal(partitionOf(off.result, 'a').state, 'stopped');
    assert.match(detailOf(off, 'checkpoint x')!, /the machine is off/);
  });

  it('may be gone back to again and again, and from one branch to another', () => {
    const ran = play([
      life(0, 'start'),
      take(3, 'x', 'standard'),
      take(6, 'y', 'standard'),
      revert(10, 'x'),
      take(15, 'z'),
      revert(18, 'y'),
      revert(21, 'z'),
      revert(24, 'x'),
    ]);
    assert.equal(lifeOf(ran).filter((title) => title.startsWith('reverted')).length, 4);
    assert.equal(partitionOf(ran.result, 'a').state, 'running');
  });

  it('make the disk work more: metadata first, then reads in pieces', () => {
    const operations = (steps: Step[]) => {
      const ran = play([life(0, 'start'), ...steps], {}, 40);
      return ran.result.costs.find(({ id }) => id === 'vsp-storage-request')!.count;
    };
    const busy = (steps: Step[]) => play([life(0, 'start'), ...steps], {}, 40).result.total.disks[0]!.busyPercent;
    assert.ok(Math.abs(operations([]) - operations([take(1, 'x')])) < 100, 'the guest asks for the same');
    assert.ok(busy([take(1, 'x'), take(8, 'y'), take(16, 'z')]) > 1.05 * busy([]));
  });

  it('are merged when they are deleted: while the child runs from Windows Server 2012 on, before when it is off', () => {
    const steps = [life(0, 'start'), take(5, 'x', 'standard'), remove(12, 'x'), life(20, 'turn-off')];
    const live = eventsOf(play(steps)).find(({ title }) => title === 'differencing disk merged')!;
    const late = eventsOf(play(steps, { release: '2008R2' }));
    const stoppedNs = late.find(({ title }) => title === 'stopped')!.timeNs;
    assert.ok(late.find(({ title }) => title === 'differencing disk merged')!.timeNs > stoppedNs);
    assert.match(live.detail!, /of disk 0/);
    assert.match(late.find(({ title }) => title === 'checkpoint x deleted')!.detail!, /when the machine is off/);
  });

  it('are not merged while there is no host, and not made either', () => {
    const restart: Step = { atNs: 31e9, action: { kind: 'host', verb: 'restart' } };
    const fail: Step = { atNs: 30e9 + 1, action: { kind: 'life', verb: 'fail', target: { kind: 'parent' } } };
    const ran = play(
      [life(0, 'start'), take(5, 'x', 'production'), remove(30, 'x'), fail, restart, take(60, 'y'), remove(61, 'z')],
      {},
      300,
    );
    assert.match(detailOf(ran, 'checkpoint y refused')!, /host is down/);
    assert.match(detailOf(ran, 'checkpoint z not deleted')!, /host is down/);
    const ready = ran.snapshots.flatMap(({ events }) => events).filter(({ title }) => title === 'ready');
    const merged = eventsOf(ran).find(({ title }) => title === 'differencing disk merged')!;
    assert.ok(merged.timeNs > ready[1]!.timeNs);
  });

  it('are merged one after the other when several are deleted', () => {
    for (const release of ['2008R2', '2022']) {
      const taken = [life(0, 'start'), take(1, 'x'), take(2, 'y'), take(3, 'z')];
      const steps = [...taken, remove(5, 'x'), remove(5, 'z'), remove(5, 'y'), life(6, 'turn-off')];
      const merges = lifeOf(play(steps, { release })).filter((title) => title === 'differencing disk merged');
      assert.equal(merges.length, 3, release);
    }
  });

  it('are not deleted while they are made', () => {
    const slow: Step = { atNs: 1e9, action: { kind: 'slow-disk', disk: 'raid0', factor: 100 } };
    const seen = lifeOf(play([life(0, 'start'), slow, take(2, 'x', 'standard'), remove(3, 'x')]));
    assert.ok(seen.includes('checkpoint x not deleted'));
    assert.ok(!seen.includes('checkpoint x deleted'));
  });

  it('are none when the host fails while they are made', () => {
    const slow: Step = { atNs: 1e9, action: { kind: 'slow-disk', disk: 'raid0', factor: 100 } };
    const restart: Step = { atNs: 10e9, action: { kind: 'host', verb: 'restart' } };
    const ends: ScenarioAction[] = [
      { kind: 'host', verb: 'cut-power' },
      { kind: 'life', verb: 'fail', target: { kind: 'parent' } },
    ];
    for (const action of ends) {
      const steps = [
        life(0, 'start'),
        slow,
        take(2, 'x', 'standard'),
        { atNs: 3e9, action },
        restart,
        revert(300, 'x'),
      ];
      const seen = lifeOf(play(steps, {}, 320));
      assert.ok(seen.includes('checkpoint x failed'), action.kind);
      assert.ok(seen.includes('revert to x refused'), action.kind);
    }
  });

  it('cost the same as none once they are merged', () => {
    const merged = play([life(0, 'start'), take(1, 'x', 'production'), remove(2, 'x')], {}, 300);
    const none = play([life(0, 'start')], {}, 300);
    assert.ok(Math.abs(reads(merged) / reads(none) - 1) < 0.02);
  });

  it('are 50 at most, each of its own name, of a machine that stands still or runs', () => {
    const many = Array.from({ length: 51 }, (_, i) => take(1 + i / 100, `c${i}`));
    assert.match(detailOf(play(many), 'checkpoint c50 refused')!, /50 already/);
    assert.match(detailOf(play([take(1, 'x'), take(2, 'x')]), 'checkpoint x refused')!, /of that name/);
    const saved = play([life(0, 'start'), life(3, 'save'), take(10, 'x'), revert(11, 'y'), remove(12, 'z')]);
    assert.match(detailOf(saved, 'checkpoint x refused')!, /saved/);
    assert.match(detailOf(saved, 'revert to y refused')!, /no such/);
    assert.match(detailOf(saved, 'checkpoint z not deleted')!, /no such/);
  });

  it('fail with the child whose memory was being written', () => {
    const ran = play([life(0, 'start'), take(5, 'x', 'standard'), life(5.05, 'fail'), revert(10, 'x')]);
    assert.ok(lifeOf(ran).includes('checkpoint x failed'));
    assert.match(detailOf(ran, 'revert to x refused')!, /no such/);
  });
});
