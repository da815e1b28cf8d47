import assert from 'node:assert/strict';
import { COSTS } from '../../src/model/catalog/costs.js';
import type { Child, HostModel } from '../../src/model/host-model.js';
import { child, disk, host, INSTANT, nic, partitionOf, run, withCosts, workload } from './hosts.js';

/** Every row that somebody's processor would spend time on. */
const FREE = Object.fromEntries(
  COSTS.filter(({ spentBy }) => spentBy !== 'device' && spentBy !== 'parameter').map(({ id }) => [id, 0]),
);
const WORK = workload({
  arrival: { kind: 'open', requestsPerSecond: 100 },
  cpuNs: 100_000,
  readBytes: 8192,
  sendBytes: 8192,
  receiveBytes: 2048,
});

describe('costs that are all zero', () => {
  const kinds: [string, Partial<Child>][] = [
    ['enlightened', {}],
    ['with several VPs', { processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100 } }],
    ['Xen-enabled', { kind: 'xen' }],
    ['legacy', { kind: 'legacy', disks: [disk('ide')], nics: [nic('legacy')] }],
  ];
  for (const [title, parts] of kinds) {
    it(`keep no VP of a child from its work (${title})`, () => {
      const web = child('web', { disks: [disk()], nics: [nic()], workload: WORK, ...parts });
      const { result } = run(withCosts(host({ children: [web] }), FREE, { ...INSTANT, 'guest-boot': 0 }));
      const { completed, failed } = partitionOf(result, 'web').work!;
      assert.ok(completed > 900, `${completed} of about 1000 requests`);
      assert.equal(failed, 0);
    });
  }

  for (const architecture of ['esxi', 'xen', 'kvm', 'hosted'] as HostModel['hypervisor']['architecture'][]) {
    it(`keep no VP from its work on ${architecture}`, () => {
      const base = host({ children: [child('web', { disks: [disk()], nics: [nic()], workload: WORK })] });
      const model = { ...base, hypervisor: { ...base.hypervisor, architecture, release: null } };
      const { result } = run(withCosts(model, FREE, { ...INSTANT, 'guest-boot': 0 }));
      const { completed } = partitionOf(result, 'web').work!;
      assert.ok(completed > 900, `${completed} of about 1000 requests`);
    });
  }
});
