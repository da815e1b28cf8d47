import assert from 'node:assert/strict';
import type { HostModel } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import type { RunEvent, Snapshot } from '../../src/protocol/snapshot.js';
import { child, disk, host, INSTANT, nic, partitionOf, type Ran, run, scenario, withCosts, workload } from './hosts.js';

const GB = 1024 ** 3;
type Steps = { atNs: number; action: ScenarioAction }[];

const life = (
  atNs: number,
  verb: 'start' | 'save' | 'restore' | 'fail' | 'turn-off' | 'pause' | 'stop',
  name = 'a',
) => ({
  atNs,
  action: {
    kind: 'life' as const,
    verb,
    target: name === 'parent' ? { kind: 'parent' as const } : { kind: 'child' as const, name },
  },
});

function model(steps: Steps, parts: Partial<HostModel> = {}): HostModel {
  const children = [
    child('a', {
      workload: workload({
        cpuDistribution: 'exponential',
        arrival: { kind: 'closed', clients: 5, thinkNs: 1e6 },
        readBytes: 65_536,
        sendBytes: 4096,
      }),
      disks: [disk()],
      nics: [nic()],
    }),
  ];
  return withCosts(host({ children, scenarios: [scenario({ steps })], ...parts }), INSTANT);
}

const play = (steps: Steps, parts: Partial<HostModel> = {}, horizonNs = 20e9) =>
  run(model(steps, parts), { scenario: 'S', horizonNs, snapshotEveryNs: 250e6 });

const eventsOf = ({ snapshots }: Ran): RunEvent[] => snapshots.flatMap(({ events }) => events);
const lifeOf = (ran: Ran, partition = 'a') =>
  eventsOf(ran)
    .filter((event) => event.partition === partition && (event.category === 'life' || event.category === 'fault'))
    .map(({ title }) => title);
const at = ({ snapshots, result }: Ran, ns: number): Snapshot =>
  snapshots.find(({ timeNs }) => timeNs >= result.readyNs + ns)!;

describe('saving and restoring', () => {
  it('writes all memory to the disk, gives the host its memory back, and goes on where it was', () => {
    const ran = play([life(0, 'start'), life(5e9, 'save'), life(12e9, 'start')]);
    assert.deepEqual(lifeOf(ran), ['running', 'saving', 'saved', 'restored']);
    const saved = at(ran, 11e9);
    assert.equal(saved.partitions[1]!.state, 'saved');
    assert.equal(saved.memory.childrenBytes, 0);
    assert.equal(saved.partitions[1]!.work!.completed, 0);
    const written = ran.snapshots.reduce(
      (sum, { disks: [raid], intervalNs }) => sum + (raid!.writeBytesPerSecond * intervalNs) / 1e9,
      0,
    );
    assert.equal(Math.round(written), GB / 2 + 1024 ** 2, 'the memory and the row of its devices');
    assert.equal(partitionOf(ran.result, 'a').state, 'running');
    assert.ok(at(ran, 19e9).partitions[1]!.work!.completed > 100);
    assert.equal(at(ran, 19e9).partitions[1]!.memory.assignedBytes, GB / 2);
  });

  it('takes as long as the disk does', () => {
    const seconds = (medium: 'rotational' | 'ssd' | 'nvme') => {
      const { hardware } = host();
      const ran = play(
        [life(0, 'start'), life(5e9, 'save')],
        {
          hardware: { ...hardware, disks: [{ ...hardware.disks[0]!, medium, bytes: 146e9 }] },
        },
        60e9,
      );
      return eventsOf(ran).find(({ title }) => title === 'saved')!.durationNs! / 1e9;
    };
    const [slow, fast, fastest] = [seconds('rotational'), seconds('ssd'), seconds('nvme')];
    assert.ok(slow > 10 * fast && fast > 1.5 * fastest, `${slow} s, ${fast} s, ${fastest} s`);
  });

  it('answers every request that was under way, and no more than its clients ask', () => {
    const ran = play([life(0, 'start'), life(5e9, 'save'), life(12e9, 'restore')]);
    assert.ok(partitionOf(ran.result, 'a').work!.latencyNs!.max > 6e9, 'somebody waited through it all');
    assert.ok(partitionOf(ran.result, 'a').work!.waiting <= 5);
  });

  it('is asked again by everybody, also by those who gave up while it was away', () => {
    const { children } = model([]);
    const work = workload({ arrival: { kind: 'closed', clients: 10, thinkNs: 50e6 }, receiveBytes: 1000 });
    const link = (atNs: number, kind: 'unplug-nic' | 'plug-in-nic') => ({ atNs, action: { kind, nic: 'lan1' } });
    const ran = play(
      [life(0, 'start'), link(5e9, 'unplug-nic'), life(6e9, 'save'), link(40e9, 'plug-in-nic'), life(45e9, 'restore')],
      { children: children.map((each) => ({ ...each, workload: work })) },
      60e9,
    );
    const before = at(ran, 4e9).partitions[1]!.work!.completed;
    assert.ok(before > 40, `${before}`);
    assert.equal(partitionOf(ran.result, 'a').work!.failed, 10, 'each of them gave up once');
    const after = at(ran, 55e9).partitions[1]!.work!.completed;
    assert.ok(Math.abs(after - before) <= 5, `${after}, before ${before}`);
  });

  it('keeps what comes for it waiting while its memory is away, and its channels', () => {
    const steady = { kind: 'open', requestsPerSecond: 200 } as const;
    const saved = { kind: 'closed', clients: 5, thinkNs: 50e6 } as const;
    const children = [
      child('web', { nics: [nic()], sendsTo: 'a', workload: workload({ arrival: steady, sendBytes: 4096 }) }),
      child('a', {
        disks: [disk()],
        nics: [nic()],
        workload: workload({ arrival: saved, receiveBytes: 1000, readBytes: 4096, sendBytes: 500 }),
      }),
    ];
    const ran = play(
      [life(0, 'start', 'web'), life(0, 'start'), life(5e9, 'save'), life(12e9, 'restore')],
      { children },
      25e9,
    );
    assert.ok(!eventsOf(ran).some(({ title }) => title.startsWith('channel closed')));
    const done = (fromNs: number, toNs: number, index: number) =>
      ran.snapshots
        .filter(({ timeNs }) => timeNs > ran.result.readyNs + fromNs && timeNs <= ran.result.readyNs + toNs)
        .reduce((sum, { partitions }) => sum + partitions[index]!.work!.completed, 0);
    assert.equal(done(8e9, 12e9, 1), 0, 'nobody has taken what web sends');
    assert.ok(done(12e9, 25e9, 1) > 3000, 'it is taken when there is somebody');
    assert.ok(done(20e9, 25e9, 2) > 400);
    assert.equal(partitionOf(ran.result, 'web').work!.failed, 0);
  });

  it('keeps the saved state when the parent fails, also in the middle of restoring', () => {
    const after = play([life(0, 'start'), life(5e9, 'save'), life(12e9, 'fail', 'parent')]);
    assert.equal(partitionOf(after.result, 'a').state, 'saved');
    const during = play([life(0, 'start'), life(5e9, 'save'), life(12e9, 'start'), life(12.3e9, 'fail', 'parent')]);
    assert.equal(partitionOf(during.result, 'a').state, 'saved');
    assert.equal(during.result.total.memory.childrenBytes, 0);
  });

  it('has no saved state when the parent fails while it is written', () => {
    const { result } = play([life(0, 'start'), life(5e9, 'save'), life(5.1e9, 'fail', 'parent')]);
    assert.equal(partitionOf(result, 'a').state, 'failed');
  });

  it('saves a child that is paused, and says why another cannot be saved', () => {
    const ran = play([
      life(0, 'start'),
      life(5e9, 'pause'),
      life(6e9, 'save'),
      life(12e9, 'save'),
      life(13e9, 'restore'),
    ]);
    assert.deepEqual(lifeOf(ran), ['running', 'paused', 'saving', 'saved', 'not saved', 'restored']);
    assert.deepEqual(lifeOf(play([life(1e9, 'save'), life(2e9, 'restore')])), ['not saved', 'not restored']);
  });

  it('leaves a child paused that was paused, when its disk fails while it is saved', () => {
    const failDisk = { atNs: 5.2e9, action: { kind: 'fail-disk' as const, disk: 'raid0' } };
    const ran = play([life(0, 'start'), life(4e9, 'pause'), life(5e9, 'save'), failDisk]);
    assert.ok(lifeOf(ran).includes('not saved'));
    assert.equal(partitionOf(ran.result, 'a').state, 'paused');
    assert.equal(at(ran, 18e9).partitions[1]!.work!.failed, 0, 'it asks its disk nothing');
  });

  it('refuses to restore where its memory is gone, and keeps the state', () => {
    const children = [
      child('a', { disks: [disk()], memory: { kind: 'static', startupBytes: 8 * GB } }),
      child('b', { memory: { kind: 'static', startupBytes: 8 * GB } }),
    ];
    const ran = play(
      [
        life(0, 'start'),
        life(2e9, 'save'),
        life(30e9, 'start', 'b'),
        life(32e9, 'start'),
        life(36e9, 'turn-off', 'b'),
        life(38e9, 'start'),
      ],
      { children },
      60e9,
    );
    assert.deepEqual(lifeOf(ran), ['running', 'saving', 'saved', 'refused', 'restored']);
  });

  it('restores what dynamic memory had become, and lets it follow its demand again', () => {
    const memory = {
      kind: 'dynamic' as const,
      startupBytes: GB,
      minimumBytes: GB / 2,
      maximumBytes: 4 * GB,
      bufferPercent: 20,
      priority: 50,
    };
    const work = workload({ memory: { workingSetBytes: 2 * GB, perRequestBytes: 0 } });
    const base = host();
    const ran = play(
      [
        life(0, 'start'),
        life(15e9, 'save'),
        life(35e9, 'start'),
        { atNs: 45e9, action: { kind: 'demand', child: 'a', bytes: GB } },
      ],
      {
        hypervisor: { ...base.hypervisor, release: '2012R2' },
        children: [
          child('a', {
            operatingSystem: 'Windows Server 2012 R2',
            memory,
            workload: work,
            disks: [disk()],
            nics: [nic()],
          }),
        ],
      },
      70e9,
    );
    const grown = at(ran, 14.5e9).partitions[1]!.memory.assignedBytes;
    assert.ok(grown > 2 * GB);
    assert.equal(at(ran, 44e9).partitions[1]!.memory.assignedBytes, grown);
    assert.ok(partitionOf(ran.result, 'a').memory.assignedBytes < 1.4 * GB, 'the balloon works again');
  });

  for (const architecture of ['esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`suspends and resumes on ${architecture}`, () => {
      const { hypervisor, parent } = host();
      const ran = play([life(0, 'start'), life(5e9, 'save'), life(12e9, 'start')], {
        hypervisor: { ...hypervisor, architecture, release: null },
        parent: architecture === 'esxi' ? null : parent,
      });
      assert.deepEqual(lifeOf(ran), ['running', 'saving', 'saved', 'restored']);
    });
  }

  it('saves legacy children in the middle of their register accesses', () => {
    const children = [
      child('a', {
        kind: 'legacy',
        workload: workload({ readBytes: 65_536, sendBytes: 4096 }),
        disks: [disk('ide')],
        nics: [nic('legacy')],
      }),
    ];
    const steps = [
      life(0, 'start'),
      ...[0, 1, 2, 3].flatMap((i) => [life(3e9 + i * 4e9 + i * 1_234_567, 'save'), life(5e9 + i * 4e9, 'start')]),
    ];
    const ran = play(steps, { children });
    assert.equal(lifeOf(ran).filter((title) => title === 'restored').length, 4);
  });
});
