import assert from 'node:assert/strict';
import type { HostModel, PhysicalDisk, Workload } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import type { RunEvent } from '../../src/protocol/snapshot.js';
import { child, disk, host, INSTANT, nic, partitionOf, type Ran, run, scenario, withCosts, workload } from './hosts.js';

const RAID: PhysicalDisk = { name: 'raid0', title: 'Disk', bytes: 1.2e12, medium: 'ssd' };
const START: [number, ScenarioAction] = [0, { kind: 'life', verb: 'start', target: { kind: 'all' } }];

interface Fault {
  steps: [atSecond: number, ScenarioAction][];
  work: Partial<Workload>;
  raid?: Partial<PhysicalDisk>;
  legacy?: boolean;
}

/** One child with a disk and an adapter, for 10 s of a scenario. */
function suffer({ steps, work, raid = {}, legacy = false }: Fault, costs: Record<string, number> = {}): Ran {
  const base = host();
  const model: HostModel = {
    ...base,
    hardware: { ...base.hardware, disks: [{ ...RAID, ...raid }] },
    children: [
      child('web', {
        kind: legacy ? 'legacy' : 'enlightened',
        disks: [disk(legacy ? 'ide' : 'scsi')],
        nics: [nic(legacy ? 'legacy' : 'synthetic')],
        workload: workload(work),
      }),
    ],
    scenarios: [scenario({ steps: [START, ...steps].map(([atSecond, action]) => ({ atNs: atSecond * 1e9, action })) })],
  };
  return run(withCosts(model, INSTANT, costs), { scenario: 'S' });
}

const READS: Partial<Workload> = { arrival: { kind: 'open', requestsPerSecond: 100 }, cpuNs: 1e5, readBytes: 4096 };
const WRITES: Partial<Workload> = { ...READS, readBytes: 0, writeBytes: 65_536 };
const SENDS: Partial<Workload> = { ...READS, readBytes: 0, sendBytes: 4096 };

const faults = ({ snapshots }: Ran): RunEvent[] =>
  snapshots.flatMap(({ events }) => events).filter(({ category }) => category === 'fault');
const titles = (ran: Ran) => faults(ran).map(({ title }) => title);

/** Work of each second after the host was ready. */
const seconds = ({ snapshots, result }: Ran) =>
  snapshots
    .filter(({ timeNs }) => timeNs > result.readyNs)
    .map(({ partitions }) => partitions.find(({ name }) => name === 'web')!.work!);

describe('a disk that slows down', () => {
  it('answers that many times as late, until it is repaired', () => {
    const steps: Fault['steps'] = [
      [3, { kind: 'slow-disk', disk: 'raid0', factor: 10 }],
      [6, { kind: 'repair-disk', disk: 'raid0' }],
    ];
    const ran = suffer({ steps, work: READS }, { 'ssd-read': 1e6 });
    const mean = seconds(ran).map(({ latencyNs }) => latencyNs?.mean ?? 0);
    assert.ok(mean[1]! < 1.6e6, `${mean[1]}`);
    assert.ok(mean[4]! > 10e6 && mean[4]! < 14e6, `${mean[4]}`);
    assert.ok(mean[8]! < 1.6e6, `${mean[8]}`);
    assert.deepEqual(titles(ran), ['raid0 slows down', 'raid0 is repaired']);
  });
});

describe('a disk that fails', () => {
  const steps: Fault['steps'] = [
    [3, { kind: 'fail-disk', disk: 'raid0' }],
    [6, { kind: 'repair-disk', disk: 'raid0' }],
  ];

  for (const legacy of [false, true]) {
    it(`answers every request of ${legacy ? 'an emulated' : 'a synthetic'} controller with an error`, () => {
      const ran = suffer({ steps, work: READS, legacy });
      const work = seconds(ran);
      assert.equal(work[4]!.completed, 0);
      assert.ok(work[4]!.failed > 50, `${work[4]!.failed}`);
      assert.equal(work[1]!.failed, 0);
      assert.equal(work[8]!.failed, 0);
      assert.ok(work[8]!.completed > 50);
      assert.deepEqual(titles(ran), [
        'raid0 fails',
        'requests fail',
        'raid0 is repaired',
        'requests are answered again',
      ]);
      const { failed } = partitionOf(ran.result, 'web').work!;
      assert.equal(ran.result.total.disks[0]!.failed, failed);
      assert.ok(ran.result.notes.some((note) => note.startsWith(`'web': ${failed} requests failed`)));
    });
  }

  it('loses no request: each is answered, failed or under way', () => {
    const clients = 7;
    const ran = suffer({ steps, work: { ...READS, arrival: { kind: 'closed', clients, thinkNs: 1e6 } } });
    const { waiting } = partitionOf(ran.result, 'web').work!;
    assert.ok(waiting <= clients);
    assert.ok(seconds(ran)[8]!.completed > 100);
  });

  it('stops a guest that boots from it', () => {
    const broken: Fault['steps'] = [[1, { kind: 'fail-disk', disk: 'raid0' }]];
    const ran = suffer({ steps: broken, work: READS }, { 'guest-boot': 6e9, 'guest-boot-bytes': 2 ** 28 });
    const { state, reason } = partitionOf(ran.result, 'web');
    assert.equal(state, 'failed');
    assert.equal(reason, 'its disk failed while it booted');
  });

  it('keeps what its cache holds', () => {
    const ran = suffer({ steps, work: WRITES, raid: { medium: 'rotational' } });
    assert.equal(ran.result.total.disks[0]!.lostBytes, 0);
    assert.ok(seconds(ran)[8]!.completed > 50);
  });
});

describe('a network adapter without a link', () => {
  const unplugged: Fault['steps'][number] = [3, { kind: 'unplug-nic', nic: 'lan1' }];

  it('keeps what is to be sent until it is plugged in', () => {
    const ran = suffer({ steps: [unplugged, [6, { kind: 'plug-in-nic', nic: 'lan1' }]], work: SENDS });
    const work = seconds(ran);
    assert.equal(work[4]!.completed, 0);
    assert.ok(work[4]!.waiting > 100);
    assert.ok(work[6]!.latencyNs!.max > 2.9e9);
    assert.equal(partitionOf(ran.result, 'web').work!.failed, 0);
  });

  for (const legacy of [false, true]) {
    it(`gives up what waited too long (${legacy ? 'emulated' : 'synthetic'})`, () => {
      const ran = suffer({ steps: [unplugged], work: SENDS, legacy }, { 'send-timeout': 2e9 });
      const work = seconds(ran);
      assert.equal(work[3]!.failed, 0);
      assert.ok(work.slice(5).reduce((sum, { failed }) => sum + failed, 0) >= 1);
      assert.ok(titles(ran).includes('requests fail'));
    });
  }
});

describe('a host that loses its power', () => {
  const cut: Fault['steps'] = [[5, { kind: 'host', verb: 'cut-power' }]];

  it('takes every partition with it', () => {
    const ran = suffer({ steps: cut, work: READS });
    assert.deepEqual(
      ran.result.total.partitions.map(({ state, reason }) => [state, reason]),
      [
        ['failed', undefined],
        ['failed', 'the power was lost'],
      ],
    );
    assert.equal(ran.result.total.phase, 'down');
  });

  it('loses nothing that a cache with a battery holds', () => {
    for (const medium of ['rotational', 'ssd', 'nvme'] as const) {
      const ran = suffer({ steps: cut, work: WRITES, raid: { medium } });
      assert.equal(ran.result.total.disks[0]!.lostBytes, 0, medium);
      assert.deepEqual(
        ran.result.notes.filter((note) => note.includes('lost')),
        [],
      );
    }
  });

  for (const medium of ['rotational', 'ssd', 'nvme'] as const) {
    it(`says what a volatile cache loses (${medium})`, () => {
      const busy = { ...WRITES, arrival: { kind: 'open', requestsPerSecond: 1000 } } as const;
      const ran = suffer({ steps: cut, work: busy, raid: { medium, volatileCache: true } });
      const { lostBytes } = ran.result.total.disks[0]!;
      assert.ok(lostBytes > 0);
      assert.equal(lostBytes % 65_536, 0);
      const writes = lostBytes / 65_536;
      assert.match(
        ran.result.notes.join(),
        new RegExp(`raid0: ${writes} acknowledged writes of .* together were lost with the power`),
      );
      assert.ok(titles(ran).includes('raid0 lost acknowledged writes'));
    });
  }

  it('takes the hypervisor of an architecture without a parent, too', () => {
    const model = withCosts(host({ children: [child('a')] }), INSTANT);
    const steps = [START, ...cut].map(([atSecond, action]) => ({ atNs: atSecond * 1e9, action }));
    const hypervisor = { ...model.hypervisor, architecture: 'esxi', release: '5' } as const;
    const { result } = run({ ...model, hypervisor, parent: null, scenarios: [scenario({ steps })] }, { scenario: 'S' });
    assert.equal(partitionOf(result, 'a').state, 'failed');
  });
});

describe('faults while the life of a child is under way', () => {
  const life = (verb: 'save' | 'restore'): ScenarioAction => ({
    kind: 'life',
    verb,
    target: { kind: 'child', name: 'web' },
  });

  it('lets a child go on that could not be saved', () => {
    const ran = suffer({
      steps: [
        [3, { kind: 'fail-disk', disk: 'raid0' }],
        [4, life('save')],
        [5, { kind: 'repair-disk', disk: 'raid0' }],
      ],
      work: READS,
    });
    assert.equal(partitionOf(ran.result, 'web').state, 'running');
    assert.ok(titles(ran).includes('not saved'));
    assert.ok(seconds(ran)[8]!.completed > 50);
  });

  it('keeps a saved state that could not be read', () => {
    const ran = suffer({
      steps: [
        [2, life('save')],
        [6, { kind: 'fail-disk', disk: 'raid0' }],
        [7, life('restore')],
      ],
      work: READS,
    });
    assert.equal(partitionOf(ran.result, 'web').state, 'saved');
  });

  it('starts children again after the power came back', () => {
    const ran = suffer(
      {
        steps: [
          [2, { kind: 'host', verb: 'cut-power' }],
          [3, { kind: 'host', verb: 'restart' }],
        ],
        work: WRITES,
        raid: { medium: 'rotational', volatileCache: true },
      },
      { 'boot-firmware': 1e8, 'boot-metal': 1e8, 'boot-role': 1e8, 'boot-root': 1e8, 'boot-service': 1e8 },
    );
    assert.equal(partitionOf(ran.result, 'web').state, 'running');
    assert.ok(
      seconds(ran)
        .slice(-3)
        .some(({ completed }) => completed > 50),
    );
  });
});
