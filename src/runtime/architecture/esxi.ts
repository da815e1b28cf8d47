import { ClassicScheduler } from '../hypervisor/classic-scheduler.js';
import type { ArchitectureDescription } from './architecture.js';
import { bootSteps, switchNames } from './boot-steps.js';
import { limitPeriodNs } from './limit-period.js';
import { commonLineRules, entitlementRules } from './line-rules.js';
import { EQUAL_SHARE, perVp, xenKindNote } from './shares.js';

/** A monolithic hypervisor: drivers in the VMkernel, no privileged domain. */
export const ESXI: ArchitectureDescription = {
  title: 'ESXi',
  parent: null,
  scheduling: {
    title: () => 'VMkernel scheduler: proportional share with reservation, limit and shares',
    share: perVp,
    parentShare: () => EQUAL_SHARE,
    limitPeriod: 'budget-period',
    // Proportional share over run time, reservation first, never beyond the limit: the rules of the classic scheduler.
    create: ({ model, costs, timers, vps, processors }) => {
      const sliceNs = Math.max(1, costs.get('vmkernel-slice').amount);
      return new ClassicScheduler(timers, vps, processors, {
        sliceNs,
        minimumSliceNs: sliceNs,
        periodNs: limitPeriodNs(model, costs, 'budget-period'),
        wakeBonusNs: costs.get('wake-bonus').amount,
        ...commonLineRules(costs),
        entitlements: entitlementRules(costs),
      });
    },
  },
  devices: {
    contextSwitch: 'context-switch',
    exit: 'vm-exit',
    kick: 'vm-exit',
    answer: null,
    interrupt: 'virtual-interrupt',
    perRequest: [],
    copies: [],
    backEnd: 'hypervisor',
    emulation: { where: 'in place', access: 'monitor-access' },
    xenAdapter: false,
    offers: () => [],
    vmbus: false,
    greeting: () => [],
    connected: (device) => `${device === 'storage' ? 'pvscsi' : 'vmxnet3'} ready`,
  },
  boot: (model) => {
    const { firmware, launch, service } = bootSteps();
    return [
      firmware(),
      launch('the boot loader starts the VMkernel', 'no operating system before or beside it'),
      service('VMkernel drivers: storage'),
      service('VMkernel drivers: network'),
      service('hostd: management agent'),
      service(`virtual switches: ${switchNames(model)}`),
    ];
  },
  start: {
    create: { title: 'vmx process created' },
    properties: ({ reserve, limit }, { weight }) => ({
      title: 'CPU resources set',
      detail: `for each VP: reservation ${(reserve * 100).toFixed(0)} % of an LP, limit ${(limit * 100).toFixed(0)} %, shares ${weight * 10}`,
    }),
    initialize: { title: 'reservation admitted' },
    deposit: (pages) => ({ title: 'overhead memory reserved', detail: `${pages} pages` }),
    createVp: (vp) => ({ title: 'world created', detail: `vcpu ${vp}` }),
    map: (pages) => ({ title: 'guest memory backed', detail: `${pages} pages` }),
    run: ({ generation }) => ({ title: 'powered on', detail: generation === 1 ? 'BIOS' : 'EFI' }),
  },
  notes: (model) => xenKindNote(model, 'ESXi'),
};
