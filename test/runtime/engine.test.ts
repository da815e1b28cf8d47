import assert from 'node:assert/strict';
import type { EngineEvent } from '../../src/protocol/protocol.js';
import { createEngine } from '../../src/runtime/engine.js';
import {
  cathedral,
  child,
  disk,
  endless,
  host,
  INSTANT,
  nic,
  options,
  partitionOf,
  run,
  scenario,
  withCosts,
  withLps,
  workload,
} from './hosts.js';

const GB = 1024 ** 3;

describe('engine', () => {
  it('ends with a snapshot of the time since the one before, also where that is a whole period', () => {
    for (const horizonNs of [2e9, 2.1e9]) {
      const engine = createEngine(cathedral(), options({ horizonNs, snapshotEveryNs: 0.5e9 }));
      assert.ok(!('code' in engine));
      const events: EngineEvent[] = [];
      while (!engine.finished) events.push(...engine.advance(10_000));
      const snapshots = events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []));
      const up = snapshots.filter(({ phase }) => phase === 'ready').slice(1);
      assert.equal(up.length, Math.ceil(horizonNs / 0.5e9));
      for (const { intervalNs } of up) assert.ok(intervalNs > 0);
    }
  });

  it('gives the same trace for the same seed and another for another', () => {
    const hash = (seed: number) => run(cathedral(), { seed, horizonNs: 15e9 }).result.traceHash;
    assert.equal(hash(1), hash(1));
    assert.notEqual(hash(1), hash(2));
    assert.match(hash(1), /^[0-9a-f]{16}$/);
  });

  it('does not depend on how it is sliced', () => {
    const whole = run(cathedral(), { horizonNs: 12e9 });
    const engine = createEngine(cathedral(), options({ horizonNs: 12e9 }));
    assert.ok(!('code' in engine));
    const events = [];
    for (let n = 1; !engine.finished; n = (n * 7) % 1009) events.push(...engine.advance(n, engine.timeNs + 1e9));
    assert.deepEqual(events, whole.events);
  });

  it("leaves one child's arrivals alone when another has one more disk", () => {
    const first = (disks: number) => {
      const other = child('other', { disks: Array.from({ length: disks }, (_, slot) => disk('scsi', slot)) });
      const model = host({ children: [child('a', { workload: workload() }), other] });
      return partitionOf(run(model, { horizonNs: 20e9 }).result, 'a').work!.latencyNs;
    };
    assert.deepEqual(first(1), first(2));
  });

  it('runs a host without children', () => {
    const { result, snapshots } = run(host(), { horizonNs: 2e9 });
    assert.equal(result.total.partitions.length, 1);
    assert.equal(snapshots.at(-1)?.phase, 'ready');
    assert.equal(result.timeNs, result.readyNs + 2e9);
  });

  it('refuses an unknown scenario and a parent that does not fit', () => {
    const code = (model = host(), scenarioName: string | null = null) => {
      const made = createEngine(model, options({ scenario: scenarioName }));
      return 'code' in made ? made.code : null;
    };
    const model = host();
    assert.equal(code(model, 'Nowhere'), 'HV705');
    const parent = { ...model.parent!, reserve: { ...model.parent!.reserve, memoryBytes: 64 * GB } };
    assert.equal(code({ ...model, parent }), 'HV404');
  });

  it('takes the core scheduler where its release does, and what SMT costs is counted', () => {
    const newer = (
      threadsPerCore: number,
      scheduler: 'classic' | null,
      release = '2019',
      rootVps: number | null = null,
    ) => {
      const children = Array.from({ length: 8 }, (_, i) => child(`c${i}`, { workload: endless() }));
      const model = withCosts(host({ children }), INSTANT);
      const processor = { ...model.hardware.processor, threadsPerCore };
      const hypervisor = { ...model.hypervisor, release, scheduler };
      const parent = { ...model.parent!, virtualProcessors: rootVps };
      return run({ ...model, hardware: { ...model.hardware, processor }, hypervisor, parent }, { horizonNs: 10e9 });
    };
    const type = ({ snapshots }: ReturnType<typeof newer>) =>
      snapshots.flatMap(({ events }) => events).find(({ title }) => title.startsWith('scheduler'))?.title;
    const throughput = ({ result }: ReturnType<typeof newer>) =>
      result.total.partitions.slice(1).reduce((sum, { work }) => sum + work!.throughputPerSecond, 0);
    const [core, classic] = [newer(2, null), newer(2, 'classic')];
    assert.equal(type(core), 'scheduler type 0x3, core');
    assert.equal(type(newer(1, null)), 'scheduler type 0x2, classic', 'without SMT both are the same');
    assert.equal(type(newer(2, null, '2016')), 'scheduler type 0x2, classic');
    // Eight machines of one VP: four at a time on four cores, or all eight on eight slower threads.
    const ratio = throughput(classic) / throughput(core);
    assert.ok(Math.abs(ratio - 1.25) < 0.03, `ratio ${ratio}`);
    const contention = ({ result }: ReturnType<typeof newer>) =>
      result.costs.find(({ id }) => id === 'smt-contention')?.totalNs ?? 0;
    assert.ok(contention(classic) > 1e9);
    // Siblings of a virtual core of the root partition do share a core, for the moments in which two of them serve children.
    assert.ok(contention(core) > 0 && contention(core) < 1e6, `${contention(core)} ns`);
    assert.equal(contention(newer(2, null, '2019', 1)), 0, 'a root with one VP has no siblings');
  });

  it('refuses children that do not fit or boot a real kernel, and runs the others', () => {
    const children = [
      child('big', { memory: { kind: 'static', startupBytes: 15 * GB } }),
      child('real', { kind: 'machine', boots: { kernel: 'vmlinuz' } }),
      child('small'),
    ];
    const { result } = run(host({ children }), { horizonNs: 20e9 });
    assert.equal(partitionOf(result, 'big').state, 'refused');
    assert.match(partitionOf(result, 'big').reason!, /HV401/);
    assert.match(partitionOf(result, 'real').reason!, /HV702/);
    assert.equal(partitionOf(result, 'small').state, 'running');
  });

  it('answers every request once, through synthetic, emulated and Xen-enabled devices', () => {
    const work = workload({
      arrival: { kind: 'closed', clients: 3, thinkNs: 20e6 },
      readBytes: 700_000,
      writeBytes: 4096,
      sendBytes: 100_000,
    });
    const children = (['enlightened', 'legacy', 'xen'] as const).map((kind) =>
      child(kind, {
        kind,
        disks: [disk('ide')],
        nics: [nic(kind === 'legacy' ? 'legacy' : 'synthetic')],
        workload: work,
      }),
    );
    const { result } = run(withCosts(host({ children }), INSTANT), { horizonNs: 30e9 });
    for (const { name, work: done, exitsPerSecond } of result.total.partitions.slice(1)) {
      assert.ok(done!.completed > 100, `${name} completed ${done!.completed}`);
      assert.ok(done!.waiting <= 3);
      const emulated = name === 'legacy';
      assert.equal(exitsPerSecond['I/O port']! > 0, emulated);
      assert.equal(exitsPerSecond['hypercall']! > 0, !emulated);
    }
    const [storage] = result.total.channels.filter(({ child: owner }) => owner === 'enlightened');
    const perRequest = storage!.packetsPerSecond / partitionOf(result, 'enlightened').work!.throughputPerSecond;
    assert.ok(Math.abs(perRequest - 3) < 0.1, 'two packets of 512 KB at most to read, one to write');
    assert.ok(result.costs.some(({ id }) => id === 'hypercall-adapter'));
  });

  it('saturates a disk, not itself: Little and the disk agree', () => {
    const work = workload({ arrival: { kind: 'closed', clients: 64, thinkNs: 0 }, cpuNs: 10_000, readBytes: 4096 });
    const model = host({ children: [child('a', { disks: [disk()], workload: work })] });
    const hardware = {
      ...model.hardware,
      disks: [{ ...model.hardware.disks[0]!, medium: 'rotational' as const, bytes: 146e9 }],
    };
    const { result } = run({ ...model, hardware }, { horizonNs: 60e9 });
    const { busyPercent } = result.total.disks[0]!;
    assert.ok(busyPercent > 85, `busy ${busyPercent} %`);
  });

  it('crawls through a full ring without losing anything', () => {
    const work = workload({ arrival: { kind: 'closed', clients: 500, thinkNs: 0 }, cpuNs: 1000, readBytes: 4096 });
    const model = withCosts(host({ children: [child('a', { disks: [disk()], workload: work })] }), INSTANT, {
      'ring-storage': 1024,
    });
    const { result } = run(model, { horizonNs: 3e9 });
    const partition = partitionOf(result, 'a');
    assert.ok(partition.work!.completed > 10_000);
    assert.ok(partition.work!.waiting <= 500);
  });

  it('keeps up with a workload that never idles', () => {
    const { result } = run(withLps(host({ children: [child('a', { workload: endless() })] }), 1), { horizonNs: 20e9 });
    assert.ok(result.total.logicalProcessors[0]!.busyPercent > 55);
  });

  it('starts 1,024 children on 64 LPs', () => {
    const children = Array.from({ length: 1024 }, (_, i) => child(`c${i}`, { workload: workload(), disks: [disk()] }));
    const model = withLps(withCosts(host({ children }), INSTANT), 64);
    const hardware = { ...model.hardware, memory: { bytes: 1024 * GB, ecc: true, numaNodes: 4 } };
    const { result } = run({ ...model, hardware }, { horizonNs: 1e9, snapshotEveryNs: 1e9 });
    assert.equal(result.total.partitions.filter(({ state }) => state === 'running').length, 1025);
  });

  it('reports a timeline when asked, and none else', () => {
    const { result } = run(cathedral(), { horizonNs: 11e9, trace: true });
    assert.ok(result.trace!.some(({ track, name }) => track.startsWith('Logical processors/') && name === 'web VP 0'));
    assert.equal(run(cathedral(), { horizonNs: 1e9 }).result.trace, null);
  });

  it('takes the rate of work over the time the child was serving', () => {
    const model = withCosts(host({ children: [child('a', { workload: workload() })] }), {
      ...INSTANT,
      'guest-boot': 20e9,
    });
    const { result } = run(model, { horizonNs: 60e9 });
    const { throughputPerSecond } = partitionOf(result, 'a').work!;
    assert.ok(Math.abs(throughputPerSecond - 100) < 4, `${throughputPerSecond} / s, though 100 / s arrived`);
  });

  it('takes a pause out of the time a child was serving', () => {
    const life = (atS: number, verb: 'start' | 'pause') => ({
      atNs: atS * 1e9,
      action: { kind: 'life' as const, verb, target: { kind: 'all' as const } },
    });
    const steps = [life(0, 'start'), life(30, 'pause')];
    const model = host({ children: [child('a', { workload: workload() })], scenarios: [scenario({ steps })] });
    const { result } = run(withCosts(model, INSTANT), { scenario: 'S', horizonNs: 90e9 });
    const { throughputPerSecond } = partitionOf(result, 'a').work!;
    assert.ok(Math.abs(throughputPerSecond - 100) < 6, `${throughputPerSecond} / s until it was paused`);
  });

  it('notes what did not run', () => {
    const model = host({ children: [child('real', { kind: 'machine', boots: { kernel: 'vmlinuz' } })] });
    const { notes } = run(model, { horizonNs: 1e9 }).result;
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /'real'.*hvhost boot/);
    assert.deepEqual(run(host(), { horizonNs: 1 }).result.notes, []);
  });

  it('counts only what the parent does while it runs its course', () => {
    const stopped = scenario({
      steps: [
        { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
        { atNs: 5e9, action: { kind: 'rate', child: 'a', requestsPerSecond: 0 } },
      ],
    });
    const model = withCosts(host({ children: [child('a', { workload: workload() })], scenarios: [stopped] }), INSTANT);
    const { snapshots } = run(model, { scenario: 'S', horizonNs: 10e9 });
    assert.equal(snapshots.at(-1)!.partitions[1]!.work!.completed, 0);
  });
});
