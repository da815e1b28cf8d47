import assert from 'node:assert/strict';
import type { RunEvent, Snapshot } from '../../../src/protocol/snapshot.js';
import { partitionOf } from '../hosts.js';
import { migrate, onlyMigration, PAGE, play, S, start, type TwoHosts } from './two-hosts.js';

const GB = 1024 ** 3;
const MB = 1024 ** 2;
/** Memory that 1 Gb/s carries: 1,460 bytes in each 1,538 of the wire. */
const WIRE_BYTES_PER_NS = (1460 / 1538) * (1 / 8);
const BLUNT = { 'dirty-idle': 0, 'migration-send': 0, 'migration-receive': 0, 'state-devices': 4096 };
const titles = (snapshots: readonly Snapshot[]) => eventsOf(snapshots).map(({ title }) => title);
const eventsOf = (snapshots: readonly Snapshot[]): RunEvent[] => snapshots.flatMap(({ events }) => events);

/** One client who asks steadily: every request writes to 32 KB nobody has written to. */
const steady: TwoHosts = {
  work: { arrival: { kind: 'closed', clients: 1, thinkNs: 1e6 }, cpuNs: 1e5, dirties: { perRequestBytes: 32 * 1024 } },
  costs: { ...BLUNT, 'migration-rest': 4e6 },
  release: '2008R2',
};

describe('live migration', () => {
  it('sends in each pass what was written in the one before (Clark et al. 2005)', () => {
    const ran = play(steady, { steps: [start(), migrate(5 * S)] }, { horizonNs: 30 * S });
    const { outcome, rounds, blackoutNs, blackoutBytes, carriedBytes } = onlyMigration(ran);
    const web = ran.result.total.peers![0]!.partitions.find(({ name }) => name === 'web')!;
    const bytesPerNs = WIRE_BYTES_PER_NS;
    const dirtyPerNs = (web.work!.throughputPerSecond * 32 * 1024) / 1e9;
    const ratio = dirtyPerNs / bytesPerNs;
    assert.equal(outcome, 'done');
    assert.ok(rounds.length >= 4, `${rounds.length} passes`);
    assert.equal(rounds[0]!.pages * PAGE, GB);
    rounds.forEach(({ pages, durationNs }, k) => {
      const expected = GB * ratio ** k;
      // A request more or less, and the way of the last message.
      assert.ok(
        Math.abs(pages * PAGE - expected) <= 0.02 * expected + 64 * 1024,
        `pass ${k}: ${pages * PAGE}, not ${expected}`,
      );
      const wireNs = (pages * PAGE) / bytesPerNs;
      assert.ok(Math.abs(durationNs - wireNs) <= 0.01 * wireNs + 1e6, `pass ${k} took ${durationNs}, not ${wireNs}`);
    });
    const passed = rounds.reduce((sum, { pages }) => sum + pages * PAGE, 0);
    assert.equal(carriedBytes, passed + blackoutBytes, 'what was sent has come');
    const rest = GB * ratio ** rounds.length;
    assert.ok(Math.abs(blackoutBytes - rest) <= 0.05 * rest + 96 * 1024, `the rest was ${blackoutBytes}, not ${rest}`);
    assert.ok(blackoutNs! >= blackoutBytes / bytesPerNs && blackoutNs! < blackoutBytes / bytesPerNs + 5e6);
  });

  it('takes as long as the sum of a geometric series says', () => {
    const ran = play(steady, { steps: [start(), migrate(5 * S)] }, { horizonNs: 30 * S });
    const { rounds, totalNs } = onlyMigration(ran);
    const ratio = rounds[1]!.pages / rounds[0]!.pages;
    const series = ((GB / WIRE_BYTES_PER_NS) * (1 - ratio ** (rounds.length + 1))) / (1 - ratio);
    assert.ok(Math.abs(totalNs - series) < 0.02 * series, `${totalNs}, not ${series}`);
  });

  it('gives up after the passes of the release when the guest writes faster than the network carries', () => {
    const work = { ...steady.work!, dirties: { perRequestBytes: 512 * 1024, hotSetBytes: 256 * MB } };
    for (const [release, passes] of [
      ['2008R2', 10],
      ['2012R2', 5],
    ] as const) {
      const ran = play({ ...steady, work, release }, { steps: [start(), migrate(5 * S)] }, { horizonNs: 60 * S });
      const { rounds, blackoutBytes, blackoutNs } = onlyMigration(ran);
      assert.equal(rounds.length, passes);
      // All that can be dirty is: the blackout is the time to send the hot set.
      assert.ok(blackoutBytes > 240 * MB && blackoutBytes <= 257 * MB, `${blackoutBytes}`);
      assert.ok(blackoutNs! > 2 * S && blackoutNs! < 2.3 * S);
    }
  });

  it('has every page once on each host, before, meanwhile and after', () => {
    const ran = play(steady, { steps: [start(), migrate(5 * S)] }, { horizonNs: 30 * S, snapshotEveryNs: 0.1 * S });
    const given = (memory: Snapshot['memory']) => memory.childrenBytes;
    for (const { memory, partitions, peers } of ran.snapshots) {
      const here = partitions.find(({ name }) => name === 'web')!.memory.assignedBytes;
      const there = peers![0]!.partitions.find(({ name }) => name === 'web')?.memory.assignedBytes ?? 0;
      assert.ok(given(memory) >= here && given(peers![0]!.memory) >= there);
      assert.ok(here === 0 || here === GB);
      assert.ok(there === 0 || there === GB);
    }
    const last = ran.snapshots.at(-1)!;
    assert.equal(given(last.memory), 0);
    assert.ok(given(last.peers![0]!.memory) >= GB);
  });

  it('answers every request that came while the guest stood still', () => {
    const work = {
      arrival: { kind: 'open' as const, requestsPerSecond: 200 },
      cpuNs: 1e6,
      readBytes: 8192,
      writeBytes: 4096,
      sendBytes: 8192,
    };
    const steps = [
      start(),
      migrate(5 * S),
      { atNs: 20 * S, action: { kind: 'rate' as const, child: 'web', requestsPerSecond: 0 } },
    ];
    const expectations = [
      {
        text: '',
        fromNs: 0,
        toNs: null,
        kind: 'metric' as const,
        target: { kind: 'child' as const, name: 'web' },
        metric: 'blackout' as const,
        statistic: 'max' as const,
        comparison: '<' as const,
        value: 300e6,
      },
      {
        text: '',
        fromNs: 3 * S,
        toNs: null,
        kind: 'state' as const,
        target: { kind: 'child' as const, name: 'web' },
        state: 'running' as const,
      },
    ];
    const stayed = play(
      { work },
      { steps: steps.filter(({ action }) => action.kind !== 'migrate') },
      { horizonNs: 25 * S },
    );
    const moved = play({ work }, { steps, expectations }, { horizonNs: 25 * S });
    const web = moved.result.total.peers![0]!.partitions.find(({ name }) => name === 'web')!.work!;
    assert.equal(web.completed, partitionOf(stayed.result, 'web').work!.completed, 'as many as without a migration');
    assert.equal(web.waiting, 0);
    assert.equal(web.failed, 0);
    assert.deepEqual(
      moved.result.expectations.map(({ met }) => met),
      [true, true],
    );
    const { blackoutNs } = onlyMigration(moved);
    assert.ok(web.latencyNs!.max >= blackoutNs! * 0.9, 'who came first waited for all of it');
  });

  it('shares the network with what guests send, and costs both parents time', () => {
    const work = { arrival: { kind: 'open' as const, requestsPerSecond: 100 }, cpuNs: 1e5, sendBytes: 600_000 };
    const alone = play({ work }, { steps: [start(), migrate(5 * S)] }, { horizonNs: 60 * S });
    const { first, second } = { first: { migration: { nic: 'lan1' } }, second: { migration: { nic: 'lan1' } } };
    const shared = play({ work, second, first }, { steps: [start(), migrate(5 * S)] }, { horizonNs: 60 * S });
    assert.ok(onlyMigration(shared).totalNs > 1.5 * onlyMigration(alone).totalNs);
    const row = (id: string) => alone.result.costs.find((cost) => cost.id === id)!;
    assert.ok(row('migration-send').count >= GB / PAGE);
    assert.equal(row('migration-send').count, row('migration-receive').count);
  });

  it('comes home again, with its checkpoints', () => {
    const steps = [
      start(),
      { atNs: 4 * S, action: { kind: 'checkpoint' as const, child: 'web', checkpoint: 'before', type: null } },
      migrate(20 * S),
      migrate(40 * S, 'First'),
      { atNs: 60 * S, action: { kind: 'revert' as const, child: 'web', checkpoint: 'before' } },
    ];
    const ran = play(steady, { steps }, { horizonNs: 90 * S });
    assert.deepEqual(
      ran.result.migrations!.map(({ outcome, to }) => [outcome, to]),
      [
        ['done', 'Second'],
        ['done', 'First'],
      ],
    );
    assert.equal(partitionOf(ran.result, 'web').state, 'running');
    assert.ok(titles(ran.snapshots).includes('reverted to before'));
  });

  it('moves dynamic memory as it is', () => {
    const memory = {
      kind: 'dynamic' as const,
      startupBytes: GB,
      minimumBytes: GB / 2,
      maximumBytes: 4 * GB,
      bufferPercent: 20,
      priority: 50,
    };
    const work = { ...steady.work!, memory: { workingSetBytes: 2 * GB, perRequestBytes: 0 } };
    const said = { ...steady, work, release: '2012R2', web: { memory } };
    const ran = play(said, { steps: [start(), migrate(30 * S)] }, { horizonNs: 90 * S });
    assert.equal(onlyMigration(ran).outcome, 'done');
    assert.ok(onlyMigration(ran).rounds[0]!.pages * PAGE > 2 * GB);
    const web = ran.snapshots.at(-1)!.peers![0]!.partitions.find(({ name }) => name === 'web')!.memory;
    assert.ok(web.dynamic!.pressurePercent > 70 && web.dynamic!.pressurePercent < 100);
    assert.equal(web.dynamic!.visibleBytes, web.assignedBytes);
  });

  it('keeps what a balloon holds', () => {
    const memory = {
      kind: 'dynamic' as const,
      startupBytes: 2 * GB,
      minimumBytes: GB / 2,
      maximumBytes: 4 * GB,
      bufferPercent: 20,
      priority: 50,
    };
    const wants = (atNs: number, bytes: number) => ({ atNs, action: { kind: 'demand' as const, child: 'web', bytes } });
    const said = {
      ...steady,
      work: { ...steady.work, memory: { workingSetBytes: GB, perRequestBytes: 0 } },
      web: { memory },
    };
    const steps = [start(), migrate(30 * S), wants(60 * S, 2 * GB)];
    const ran = play({ ...said, release: '2012R2' }, { steps }, { horizonNs: 90 * S });
    const pass = onlyMigration(ran).rounds[0]!;
    assert.ok(pass.pages * PAGE < 1.5 * GB, 'the balloon is not sent');
    const web = ran.snapshots.at(-1)!.peers![0]!.partitions.find(({ name }) => name === 'web')!.memory;
    assert.ok(web.assignedBytes > 2.3 * GB, 'it takes its pages back, and more');
  });

  it('is the same run, looked at often or not', () => {
    const hash = (snapshotEveryNs: number) =>
      play(steady, { steps: [start(), migrate(5 * S)] }, { horizonNs: 20 * S, snapshotEveryNs }).result.traceHash;
    assert.equal(hash(S), hash(0.037 * S));
  });

  it('is refused by a host that has no room, and the child goes on', () => {
    const second = {
      parent: {
        operatingSystem: '',
        flavour: 'core' as const,
        virtualProcessors: null,
        reserve: { policy: 'manual' as const, cpuPercent: 0, memoryBytes: 15.5 * GB },
      },
    };
    const ran = play({ ...steady, second }, { steps: [start(), migrate(5 * S)] });
    const { outcome, reason } = onlyMigration(ran);
    assert.equal(outcome, 'failed');
    assert.match(reason!, /'Second' does not take it: HV401/);
    assert.equal(partitionOf(ran.result, 'web').state, 'running');
    const there = ran.result.total.peers![0]!.partitions.map(({ name }) => name);
    assert.deepEqual(there, ['parent'], 'nothing of it is there');
  });

  it('says what hinders it, and does nothing', () => {
    const ran = play(steady, { steps: [start(), migrate(5 * S, 'First')] });
    assert.equal(ran.result.migrations, undefined);
    const event = eventsOf(ran.snapshots).find(({ title }) => title === 'not migrated')!;
    assert.match(event.detail!, /on 'First' already/);
  });
});
