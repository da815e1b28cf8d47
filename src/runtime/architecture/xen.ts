import { CreditScheduler } from '../hypervisor/credit-scheduler.js';
import type { ArchitectureDescription } from './architecture.js';
import { bootSteps, switchNames } from './boot-steps.js';
import { limitNote } from './limit-period.js';
import { EQUAL_SHARE, inPercent, perVp, reserveNote } from './shares.js';

/** A microkernel with a privileged domain: drivers in dom0, which is scheduled like any other domain. */
export const XEN: ArchitectureDescription = {
  title: 'Xen',
  parent: 'free',
  scheduling: {
    title: () => 'credit scheduler: slices of 30 ms, weight and cap',
    share: (processors) => ({ ...perVp(processors), reserve: 0 }),
    // dom0 has weight 256 like every domain; the 100 of a definition is that usual weight.
    parentShare: () => EQUAL_SHARE,
    limitPeriod: null,
    create: ({ costs, timers, vps, processors }) =>
      new CreditScheduler(timers, vps, processors, {
        sliceNs: Math.max(1, costs.get('credit-slice').amount),
        tickNs: Math.max(1, costs.get('credit-tick').amount),
        rateLimitNs: costs.get('credit-rate-limit').amount,
        creditNs: costs.get('credit-unit').amount,
      }),
  },
  devices: {
    contextSwitch: 'xen-switch',
    exit: 'vm-exit',
    kick: 'xen-hypercall',
    answer: 'xen-hypercall',
    interrupt: 'xen-interrupt',
    perRequest: ['grant-map'],
    copies: ['network'],
    backEnd: 'parent',
    emulation: { where: 'parent', access: 'emulated-access' },
    xenAdapter: false,
    offers: () => [],
    vmbus: false,
    greeting: ({ kind }) => (kind === 'legacy' ? [] : [{ title: 'XenBus: front ends find their back ends' }]),
    connected: (device) => (device === 'storage' ? 'blkfront connected to blkback' : 'netfront connected to netback'),
  },
  boot: (model) => {
    const { firmware, metal, role, reboot, launch, root, service } = bootSteps();
    const system = model.parent?.operatingSystem ?? '';
    return [
      firmware(),
      metal(`${system} starts on the metal`, 'no hypervisor yet'),
      role('Xen and its tools are installed'),
      reboot('reboot: into the hypervisor'),
      firmware(),
      { ...launch('the boot loader starts Xen', 'before any operating system'), launchesParent: true },
      root(`${system} starts as dom0`),
      service('xenstored'),
      service('back ends: blkback, netback'),
      service(`bridges: ${switchNames(model)}`),
    ];
  },
  start: {
    create: { title: 'XEN_DOMCTL_createdomain' },
    properties: ({ limit }, { count, weight }) => ({
      title: 'credit scheduler set',
      detail: `weight ${Math.round(weight * 2.56)} for each VP, ${limit < 1 ? `cap ${inPercent(limit * count)} of a processor` : 'no cap'} for the domain`,
    }),
    initialize: { title: 'grant table and event channels' },
    deposit: (pages) => ({ title: 'memory for the hypervisor', detail: `${pages} pages` }),
    createVp: (vp) => ({ title: 'XEN_DOMCTL_max_vcpus', detail: `vcpu ${vp}` }),
    map: (pages) => ({ title: 'XENMEM_populate_physmap', detail: `${pages} pages` }),
    run: () => ({ title: 'XEN_DOMCTL_unpausedomain' }),
  },
  notes: (model) => [
    ...reserveNote(model, 'Xen'),
    ...limitNote(model, 'Xen keeps caps by parking for accounting periods of 30 ms'),
  ],
};
