import { ClassicScheduler } from '../hypervisor/classic-scheduler.js';
import type { ArchitectureDescription } from './architecture.js';
import { bootSteps, switchNames } from './boot-steps.js';
import { limitNote } from './limit-period.js';
import { commonLineRules } from './line-rules.js';
import { EQUAL_SHARE, reserveNote, xenKindNote } from './shares.js';

/** An application of a host operating system (type 2): devices are reached by a process through that system's calls. */
export const HOSTED: ArchitectureDescription = {
  title: 'A hosted hypervisor',
  parent: 'free',
  scheduling: {
    title: () => 'the scheduler of the host operating system',
    // To the host operating system a machine is a process of usual priority like any other.
    share: () => EQUAL_SHARE,
    parentShare: () => EQUAL_SHARE,
    limitPeriod: null,
    create: ({ costs, timers, vps, processors }) => {
      const sliceNs = Math.max(1, costs.get('nt-quantum').amount);
      return new ClassicScheduler(timers, vps, processors, {
        sliceNs,
        minimumSliceNs: sliceNs,
        periodNs: Math.max(1, costs.get('budget-period').amount),
        wakeBonusNs: sliceNs,
        ...commonLineRules(costs),
        entitlements: null,
      });
    },
  },
  devices: {
    contextSwitch: 'hosted-switch',
    exit: 'vm-exit',
    kick: 'hosted-kick',
    answer: 'hosted-call',
    interrupt: 'hosted-interrupt',
    perRequest: ['hosted-call'],
    copies: ['storage', 'network'],
    backEnd: 'parent',
    emulation: { where: 'in place', access: 'user-access' },
    xenAdapter: false,
    offers: () => [],
    vmbus: false,
    greeting: () => [],
    connected: (device) => `paravirtual ${device} device ready`,
  },
  boot: (model) => {
    const { firmware, metal, launch, service } = bootSteps();
    const system = model.parent?.operatingSystem ?? '';
    const product = model.hypervisor.product ?? 'the hypervisor';
    return [
      firmware(),
      { ...metal(`${system} starts on the metal`, 'it takes its resources first'), launchesParent: true },
      launch(`${product} loads its driver`, 'below it the host operating system goes on as before'),
      service(`${product}: machine service`),
      service(`virtual networks: ${switchNames(model)}`),
    ];
  },
  start: {
    create: { title: 'VMM process started' },
    properties: () => ({ title: 'process priority set', detail: 'usual; reserve, limit and weight do not exist' }),
    initialize: { title: 'monitor loaded by the driver' },
    deposit: (pages) => ({ title: 'memory of the process', detail: `${pages} pages` }),
    createVp: (vp) => ({ title: 'thread created', detail: `virtual processor ${vp}` }),
    map: (pages) => ({ title: 'guest memory locked', detail: `${pages} pages` }),
    run: ({ generation }) => ({ title: 'powered on', detail: generation === 1 ? 'BIOS' : 'EFI' }),
  },
  notes: (model) => {
    const shaped = model.children.filter(({ processors: p }) => p.limitPercent < 100 || p.weight !== 100);
    const names = shaped.map(({ name }) => name).join(', ');
    return [
      ...reserveNote(model, 'A hosted hypervisor'),
      ...limitNote(model, 'The host operating system knows no limit'),
      ...(names === '' ? [] : [`The host operating system knows no limit or weight: those of ${names} had no effect.`]),
      ...xenKindNote(model, 'A hosted hypervisor'),
    ];
  },
};
