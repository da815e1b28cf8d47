import assert from 'node:assert/strict';
import { groupCosts, ungroupedCosts } from '../../src/cli/bench/cost-groups.js';
import { onHypervisor } from '../../src/cli/bench/variants.js';
import { child, host } from '../runtime/hosts.js';

describe('cost groups', () => {
  it('hold every row that takes CPU time, except what the parent does for itself and what starts, stops, saves and moves guests', () => {
    assert.deepEqual(ungroupedCosts(), [
      'service-message-parent',
      'service-message-child',
      'vmbus-message-parent',
      'vmbus-message-child',
      'parent-services',
      'guest-freeze',
      'guest-thaw',
      'state-copy',
      'migration-send',
      'migration-receive',
      'guest-boot',
      'guest-shutdown',
    ]);
  });

  it('lead to their rows', () => {
    const groups = groupCosts([
      { id: 'hypercall', count: 3, totalNs: 30, doubt: null },
      { id: 'vsc-interrupt', count: 1, totalNs: 5, doubt: 'assumed' },
      { id: 'virtual-interrupt', count: 1, totalNs: 50, doubt: null },
    ]);
    const signals = groups.find(({ group }) => group === 'signals and interrupts')!;
    assert.equal(signals.totalNs, 80);
    assert.deepEqual(
      signals.rows.map(({ id }) => id),
      ['virtual-interrupt', 'hypercall'],
    );
  });
});

describe('a host on another hypervisor', () => {
  const model = host({ children: [child('a')] });
  const other = { architecture: 'xen', release: '4', scheduler: null, costsNs: { copy: 7 } } as const;

  it('keeps hardware, children and what the parent takes, and gets the privileged system that is usual there', () => {
    const xen = onHypervisor(model, other);
    assert.deepEqual(xen.children, model.children);
    assert.equal(xen.parent?.operatingSystem, 'Debian');
    assert.deepEqual(xen.parent?.reserve, model.parent?.reserve);
    assert.equal(onHypervisor(model, { ...other, architecture: 'esxi' }).parent, null);
    const back = onHypervisor({ ...model, parent: null }, { ...other, architecture: 'kvm' });
    assert.notEqual(back.parent, null);
  });

  it('keeps the costs its file sets', () => {
    const costly = { ...model, hypervisor: { ...model.hypervisor, costsNs: { hypercall: 5, copy: 1 } } };
    assert.deepEqual(onHypervisor(costly, other).hypervisor.costsNs, { hypercall: 5, copy: 7 });
  });
});
