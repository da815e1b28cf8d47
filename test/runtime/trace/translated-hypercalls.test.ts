import assert from 'node:assert/strict';
import { child, disk, host, INSTANT, partitionOf, run, withCosts, workload } from '../hosts.js';

describe('translated hypercalls', () => {
  const READS = workload({ arrival: { kind: 'open', requestsPerSecond: 100 }, cpuNs: 100_000, readBytes: 4096 });
  const ran = (kind: 'xen' | 'enlightened') =>
    run(withCosts(host({ children: [child('web', { kind, disks: [disk()], workload: READS })] }), INSTANT));

  it('are all those of a Xen-enabled child, each charged to the adapter', () => {
    const { result } = ran('xen');
    const { translatedHypercallsPerSecond, exitsPerSecond } = partitionOf(result, 'web');
    assert.ok(exitsPerSecond['hypercall']! > 50);
    assert.equal(translatedHypercallsPerSecond, exitsPerSecond['hypercall']);
    const charged = result.costs.find(({ id }) => id === 'hypercall-adapter')!.count;
    assert.ok(Math.abs((translatedHypercallsPerSecond! * result.total.intervalNs) / 1e9 - charged) < 100);
  });

  it('are not a word of any other child', () => {
    assert.equal(partitionOf(ran('enlightened').result, 'web').translatedHypercallsPerSecond, undefined);
  });
});
