import assert from 'node:assert/strict';
import type { Architecture, HostModel } from '../../src/model/host-model.js';
import { child, disk, host, INSTANT, partitionOf, run, withCosts, workload } from './hosts.js';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

const small = { kind: 'static' as const, startupBytes: 64 * MB };
/** Never idle: there is always somebody who asks. */
const endless = workload({ arrival: { kind: 'closed', clients: 4, thinkNs: 0 }, cpuNs: 5_000_000 });

/** The largest host there is: 64 sockets with 2,048 LPs. */
function largest(children: HostModel['children'], architecture: Architecture): HostModel {
  const base = withCosts(host({ children }), INSTANT);
  const processor = { ...base.hardware.processor, sockets: 64, coresPerSocket: 16, threadsPerCore: 2 };
  const memory = { bytes: 4096 * GB, ecc: true, numaNodes: 64 };
  return {
    ...base,
    hardware: { ...base.hardware, processor, memory },
    hypervisor: { ...base.hypervisor, architecture, release: architecture === 'hyper-v' ? '2025' : null },
    parent: architecture === 'esxi' ? null : base.parent,
  };
}

describe('hostile hosts', () => {
  for (const architecture of ['hyper-v', 'esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`run 1,024 children that never idle on 2,048 LPs (${architecture})`, () => {
      const children = Array.from({ length: 1024 }, (_, i) =>
        child(`c${i}`, { memory: small, disks: [disk()], workload: endless }),
      );
      const before = process.memoryUsage().heapUsed;
      const { result } = run(largest(children, architecture), { horizonNs: 0.2e9, snapshotEveryNs: 0.1e9 });
      const used = (process.memoryUsage().heapUsed - before) / MB;
      assert.ok(used < 500, `${used} MB of heap`);
      const { partitions, logicalProcessors } = result.total;
      assert.equal(partitions.filter(({ role, state }) => role === 'child' && state === 'running').length, 1024);
      for (const { busyPercent } of logicalProcessors) assert.ok(busyPercent >= 0 && busyPercent <= 100 + 1e-9);
      for (const { cpuPercent, vpPercent } of partitions) {
        assert.ok(Number.isFinite(cpuPercent) && vpPercent <= 100 + 1e-9);
      }
    });
  }

  it('run without any child', () => {
    const { result } = run(largest([], 'hyper-v'), { horizonNs: 1e9 });
    assert.deepEqual(
      result.total.partitions.map(({ name, cpuPercent }) => [name, cpuPercent]),
      [['parent', 0]],
    );
  });

  for (const limits of ['budget', 'rate'] as const) {
    it(`keep everybody at 1 % (${limits})`, () => {
      const processors = { count: 1, reservePercent: 0, limitPercent: 1, weight: 100 };
      const children = Array.from({ length: 40 }, (_, i) =>
        child(`c${i}`, { memory: small, processors, workload: endless }),
      );
      const base = withCosts(host({ children }), INSTANT);
      const { result } = run({ ...base, hypervisor: { ...base.hypervisor, limits } }, { horizonNs: 10e9 });
      for (const { name } of children) {
        const { vpPercent } = partitionOf(result, name);
        assert.ok(Math.abs(vpPercent - 1) < 0.02, `${name}: ${vpPercent} %`);
      }
    });
  }
});
