import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Child, HostModel } from '../../../src/model/host-model.js';
import type { ScenarioAction } from '../../../src/model/scenario.js';
import type { Snapshot } from '../../../src/protocol/snapshot.js';
import { child, disk, host, INSTANT, type Ran, run, scenario, withCosts, workload } from '../hosts.js';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

type Step = { atNs: number; action: ScenarioAction };
const START: Step = { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } };
const demand = (seconds: number, name: string, bytes: number): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'demand', child: name, bytes },
});
const life = (seconds: number, verb: 'start' | 'stop' | 'turn-off', name: string): Step => ({
  atNs: seconds * 1e9,
  action: { kind: 'life', verb, target: { kind: 'child', name } },
});

function machine(
  name: string,
  needs: number,
  parts: Partial<Extract<Child['memory'], { kind: 'dynamic' }>> = {},
): Child {
  return child(name, {
    operatingSystem: 'Windows Server 2012 R2',
    memory: {
      kind: 'dynamic',
      startupBytes: GB,
      minimumBytes: GB / 2,
      maximumBytes: 8 * GB,
      bufferPercent: 20,
      priority: 50,
      ...parts,
    },
    disks: [disk()],
    workload: workload({ memory: { workingSetBytes: needs, perRequestBytes: 0 } }),
  });
}

function hostOf(memoryBytes: number, children: Child[], steps: Step[], release = '2012R2'): HostModel {
  const base = host({ children, scenarios: [scenario({ steps })] });
  return withCosts(
    {
      ...base,
      hardware: { ...base.hardware, memory: { bytes: memoryBytes, ecc: true, numaNodes: 2 } },
      hypervisor: { ...base.hypervisor, release },
    },
    INSTANT,
  );
}

const play = (model: HostModel, seconds = 60): Ran => run(model, { scenario: 'S', horizonNs: seconds * 1e9 });
const of = (snapshot: Snapshot, name: string) =>
  snapshot.partitions.find((partition) => partition.name === name)!.memory;
const assigned = (snapshot: Snapshot, name: string) => of(snapshot, name).assignedBytes / MB;
const near = (value: number, expected: number, within: number) =>
  assert.ok(Math.abs(value - expected) <= within, `${value} is not ${expected}`);

describe('dynamic memory', () => {
  it('gives a guest its demand and the buffer, by hot add, and takes it back by balloon', () => {
    const steps = [START, demand(20, 'web', 3 * GB), demand(40, 'web', 800 * MB)];
    const { snapshots, result } = play(hostOf(16 * GB, [machine('web', 700 * MB)], steps));
    const at = (seconds: number) => snapshots.find(({ timeNs }) => timeNs >= result.readyNs + seconds * 1e9)!;
    near(assigned(at(19), 'web'), 840, 9);
    near(assigned(at(39), 'web'), 3 * 1024 * 1.2, 9);
    near(assigned(at(59), 'web'), 960, 9);
    near(of(at(59), 'web').dynamic!.pressurePercent, 100 / 1.2, 1);
    near(of(at(59), 'web').dynamic!.visibleBytes / MB, 3 * 1024 * 1.2, 9);
    const { addOperations, removeOperations } = of(at(59), 'web').dynamic!;
    assert.ok(addOperations >= 1 && removeOperations >= 2);
    const titles = snapshots.flatMap(({ events }) => events.map(({ title }) => title));
    assert.ok(titles.includes('hot add') && titles.includes('channel open: memory'));
  });

  it('takes memory back no faster than the guest finds it', () => {
    const { snapshots, result } = play(
      hostOf(16 * GB, [machine('web', 700 * MB, { startupBytes: 6 * GB })], [START]),
      50,
    );
    const ready = snapshots.filter(({ timeNs }) => timeNs > result.readyNs + 2e9);
    for (const [i, snapshot] of ready.slice(1).entries()) {
      assert.ok(assigned(ready[i]!, 'web') - assigned(snapshot, 'web') <= 1024 + 1);
    }
    near(assigned(ready.at(-1)!, 'web'), 840, 9);
  });

  it('never takes from the parent, never goes below a minimum, and equalises pressure', () => {
    const small = { startupBytes: 800 * MB };
    const children = [machine('a', 3 * GB, small), machine('b', 2 * GB, small), machine('c', GB / 8, small)];
    const { snapshots } = play(hostOf(5 * GB, children, [START]));
    for (const { memory } of snapshots) {
      assert.equal(memory.totalBytes, memory.parentBytes + memory.childrenBytes + memory.freeBytes);
      assert.ok(memory.childrenBytes <= 3 * GB);
    }
    const last = snapshots.at(-1)!;
    assert.equal(assigned(last, 'c'), 512);
    near(of(last, 'a').dynamic!.pressurePercent, of(last, 'b').dynamic!.pressurePercent, 3);
    assert.ok(of(last, 'a').dynamic!.pressurePercent > 100);
    assert.ok(last.memory.balancer!.availableBytes < 32 * MB);
  });

  it('respects priorities', () => {
    const children = [machine('low', 3 * GB, { priority: 20 }), machine('high', 3 * GB, { priority: 40 })];
    const { snapshots } = play(hostOf(6 * GB, children, [START]));
    const last = snapshots.at(-1)!;
    near(of(last, 'low').dynamic!.pressurePercent / of(last, 'high').dynamic!.pressurePercent, 2, 0.1);
  });

  it('takes memory from others for a restart, and starts the child with all it asks for', () => {
    const steps = [START, life(20, 'turn-off', 'b'), demand(22, 'a', 3 * GB), life(40, 'start', 'b')];
    const { snapshots } = play(hostOf(5 * GB, [machine('a', GB), machine('b', 600 * MB)], steps), 70);
    const events = snapshots.flatMap((snapshot) => snapshot.events);
    assert.ok(!events.some(({ title }) => title === 'smart paging'));
    const last = snapshots.at(-1)!;
    assert.ok(assigned(last, 'b') >= 500 && of(last, 'a').dynamic!.pressurePercent > 100);
  });

  it('starts a child again with less than its startup memory where nobody can give any, and says so', () => {
    const steps = [
      life(0, 'start', 'b'),
      life(20, 'start', 'a'),
      life(30, 'turn-off', 'b'),
      demand(31, 'a', 3 * GB),
      life(50, 'start', 'b'),
    ];
    const stubborn = { minimumBytes: 2.4 * GB, startupBytes: 2.4 * GB };
    const children = [machine('a', GB, stubborn), machine('b', 400 * MB, { startupBytes: 700 * MB })];
    const { snapshots, result } = play(hostOf(5 * GB, children, steps), 100);
    const lent = snapshots.flatMap((snapshot) => snapshot.events).find(({ title }) => title === 'smart paging');
    assert.equal(lent?.partition, 'b');
    const waited = lent.timeNs - result.readyNs - 50e9;
    assert.ok(waited >= 15e9, 'it waits for the balancer first');
    const started = snapshots.find(({ timeNs }) => timeNs > lent.timeNs)!;
    assert.ok(assigned(started, 'b') < 700 && assigned(started, 'b') >= 512);
    near(assigned(started, 'b') + of(started, 'b').dynamic!.smartPagingBytes / MB, 700, 1);
    const last = snapshots.at(-1)!;
    assert.equal(of(last, 'b').dynamic!.smartPagingBytes, 0, 'the guest gives up what is only lent');
    assert.ok(assigned(last, 'b') >= 512 && assigned(last, 'b') < 540);
  });

  it('keeps the memory of a child where the release or the guest has no dynamic memory', () => {
    for (const [release, operatingSystem] of [
      ['2008R2', 'Windows Server 2008 R2'],
      ['2012R2', 'FreeBSD 14'],
    ] as const) {
      const web = { ...machine('web', 3 * GB), operatingSystem };
      const { snapshots } = play(hostOf(16 * GB, [web], [START], release), 20);
      assert.equal(assigned(snapshots.at(-1)!, 'web'), 1024);
      assert.equal(of(snapshots.at(-1)!, 'web').dynamic, null);
    }
  });

  it('says which children keep their memory, and whose demand is assumed', () => {
    const unsaid = { ...machine('b', GB), workload: workload() };
    const { result } = play(hostOf(16 * GB, [{ ...machine('a', GB), kind: 'xen' }, unsaid], [START]), 3);
    assert.deepEqual(result.notes, [
      "Startup memory is kept by 'a': a xen child has no driver for it.",
      "'b': no workload says what memory is needed; assumed is what it starts with, less the buffer.",
    ]);
  });

  it('keeps its books on random hosts: nothing lost, nobody below the minimum or above the maximum, twice alike', () => {
    const bytes = (min: number, max: number) => fc.integer({ min, max }).map((mb) => mb * MB);
    const anyMachine = fc.record({
      minimum: bytes(64, 1024),
      startup: bytes(0, 1024),
      above: bytes(0, 6144),
      needs: bytes(16, 8192),
      bufferPercent: fc.integer({ min: 5, max: 100 }),
      priority: fc.nat(100),
    });
    const anyStep = fc.record({
      child: fc.nat(5),
      seconds: fc.integer({ min: 1, max: 30 }),
      what: fc.oneof(bytes(16, 8192), fc.constantFrom('start' as const, 'stop' as const, 'turn-off' as const)),
    });
    const world = fc.record({
      memory: bytes(4096, 16_384),
      spanning: fc.boolean(),
      machines: fc.array(anyMachine, { minLength: 1, maxLength: 5 }),
      steps: fc.array(anyStep, { maxLength: 8 }),
    });
    const property = fc.property(world, ({ memory, spanning, machines, steps }) => {
      const children = machines.map(({ minimum, startup, above, needs, bufferPercent, priority }, i) =>
        machine(`c${i}`, needs, {
          minimumBytes: minimum,
          startupBytes: minimum + startup,
          maximumBytes: minimum + startup + above,
          bufferPercent,
          priority,
        }),
      );
      const script = steps
        .map(({ child: i, seconds, what }) => {
          const name = `c${i % children.length}`;
          return typeof what === 'number' ? demand(seconds, name, what) : life(seconds, what, name);
        })
        .sort((a, b) => a.atNs - b.atNs);
      const plain = hostOf(memory, children, [START, ...script]);
      const model = { ...plain, hypervisor: { ...plain.hypervisor, numaSpanning: spanning } };
      const { snapshots, result } = play(model, 35);
      for (const { partitions, memory: all } of snapshots) {
        assert.equal(all.totalBytes, all.parentBytes + all.childrenBytes + all.freeBytes);
        for (const { state, memory: own } of partitions) {
          if (own.dynamic === null || (state !== 'running' && state !== 'stopping')) continue;
          assert.ok(own.assignedBytes >= own.dynamic.minimumBytes && own.assignedBytes <= own.dynamic.maximumBytes);
          if (!spanning) assert.equal(own.remoteBytes, 0);
        }
      }
      assert.equal(result.traceHash, play(model, 35).result.traceHash);
    });
    fc.assert(property, { numRuns: 8, endOnFailure: true });
  });

  it('does the same twice', () => {
    const model = hostOf(5 * GB, [machine('a', 3 * GB), machine('b', 2 * GB)], [START, demand(9, 'b', 4 * GB)]);
    assert.equal(play(model, 20).result.traceHash, play(model, 20).result.traceHash);
  });
});
