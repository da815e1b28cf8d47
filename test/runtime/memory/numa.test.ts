import assert from 'node:assert/strict';
import { admitHost } from '../../../src/model/admission.js';
import type { HostModel } from '../../../src/model/host-model.js';
import { nodeOfLp, pagesOfNodes } from '../../../src/model/numa.js';
import { SystemMemory } from '../../../src/runtime/hardware/system-memory.js';
import { Partition } from '../../../src/runtime/hypervisor/partition.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { child, endless, host, IDEAL, INSTANT, partitionOf, run, withCosts, withLps, workload } from '../hosts.js';

const GB = 1024 ** 3;
const GB_PAGES = 262_144;

/** 16 GB on two nodes, of which the parent reserves 1 GB each. */
function hostOf(sizesGb: number[], numaSpanning?: boolean): HostModel {
  const base = host({
    children: sizesGb.map((size, i) => child(`c${i}`, { memory: { kind: 'static', startupBytes: size * GB } })),
  });
  const model = { ...base, hypervisor: { ...base.hypervisor, numaSpanning } };
  return withCosts(model, INSTANT);
}

const refusals = (model: HostModel) => admitHost(model).children.map(({ refusals: [first] }) => first?.code ?? null);
const states = (model: HostModel) =>
  run(model, { horizonNs: 3e9 }).result.total.partitions.flatMap(({ role, reason, memory }) =>
    role === 'child' ? [{ reason, remote: memory.remoteBytes / GB }] : [],
  );

describe('NUMA', () => {
  it('cuts memory and processors into equal nodes', () => {
    assert.deepEqual(pagesOfNodes(10, 3), [4, 4, 2]);
    assert.deepEqual(
      Array.from({ length: 8 }, (_, lp) => nodeOfLp(lp, 8, 2)),
      [0, 0, 0, 0, 1, 1, 1, 1],
    );
  });

  it('lets memory span nodes unless the file says otherwise, and counts what is far away', () => {
    const model = hostOf([6, 5, 2]);
    assert.deepEqual(refusals(model), [null, null, null]);
    const [first, second, third] = states(model);
    assert.equal(first!.remote, 0);
    assert.equal(second!.remote, 0);
    assert.ok(third!.remote <= 1);
    assert.ok(states(hostOf([10]))[0]!.remote > 1.9);
  });

  it('refuses a child for which no node has room, in the editor and at its start alike', () => {
    const model = hostOf([6, 6, 1.5], false);
    assert.deepEqual(refusals(model), [null, null, 'HV405']);
    assert.match(states(model)[2]!.reason!, /^HV405: 'c2' does not start: it needs 1.5\d* GB .* on one NUMA node/);
    assert.ok(states(model).every(({ remote }) => remote === 0));
  });

  it('tells a processor what share of a partition is far from it', () => {
    const memory = new SystemMemory(4 * GB, 2);
    const partition = new Partition('p', memory);
    partition.initialize();
    assert.equal(partition.mapGpaPages(3 * GB_PAGES), HvStatus.Success);
    assert.ok(Math.abs(partition.remoteShare(partition.home) - 1 / 3) < 1e-9);
    assert.ok(Math.abs(partition.remoteShare(1 - partition.home) - 2 / 3) < 1e-9);
    assert.equal(partition.unmapGpaPages(GB_PAGES), HvStatus.Success);
    assert.equal(partition.remoteShare(partition.home), 0, 'the highest pages go first, and they were the far ones');
  });

  it('costs a child that spans nodes what is far away, and one on a single node nothing', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 100 }, cpuNs: 4e6 });
    const timesOf = (sizeGb: number) => {
      const memory = { kind: 'static' as const, startupBytes: sizeGb * GB };
      const model = withCosts(host({ children: [child('c', { memory, workload: work })] }), IDEAL, INSTANT, {
        'numa-remote': 50,
      });
      const { result } = run(model, { horizonNs: 30e9 });
      const { vpTimes, memory: lies } = partitionOf(result, 'c');
      return { ...vpTimes[0]!, remoteShare: lies.remoteBytes / lies.assignedBytes, notes: result.notes };
    };
    const near = timesOf(4);
    assert.equal(near.remotePercent, 0);
    const far = timesOf(10);
    assert.ok(far.remoteShare > 0.15);
    const ratio = far.runningPercent / near.runningPercent;
    assert.ok(Math.abs(ratio - (1 + 0.5 * far.remoteShare)) < 0.01, `${ratio} at ${far.remoteShare}`);
    assert.ok(far.notes.some((note) => /other NUMA nodes .*: c \d/.test(note)));
    assert.ok(!near.notes.some((note) => note.includes('NUMA')));
  });

  it('gives a partition that may not span nodes pages of one node only', () => {
    const memory = new SystemMemory(4 * GB, 2);
    const partition = new Partition('p', memory, 1);
    partition.initialize();
    assert.equal(partition.mapGpaPages(3 * GB_PAGES), HvStatus.InsufficientMemory);
    assert.equal(partition.mapGpaPages(2 * GB_PAGES), HvStatus.Success);
    assert.equal(partition.remoteShare(1), 0);
  });

  it('holds nobody back whose memory is on a node without processors', () => {
    const often = { kind: 'closed', clients: 1, thinkNs: 1e6, thinkDistribution: 'exponential' } as const;
    const latency = (numaNodes: number) => {
      const children = [
        child('hog', { workload: endless() }),
        child('a', { workload: workload({ arrival: often, cpuNs: 1e6 }) }),
      ];
      const model = withLps(withCosts(host({ children }), IDEAL, INSTANT), 1);
      const memory = { ...model.hardware.memory, numaNodes };
      const { result } = run({ ...model, hardware: { ...model.hardware, memory } }, { horizonNs: 20e9 });
      return partitionOf(result, 'a').work!.latencyNs!.mean;
    };
    const [one, two] = [latency(1), latency(2)];
    assert.ok(Math.abs(two / one - 1) < 0.05, `${two} ns, on one node ${one} ns`);
  });
});
