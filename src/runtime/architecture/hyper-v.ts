import { logicalProcessors } from '../../model/admission.js';
import { findRelease } from '../../model/catalog/releases.js';
import type { HostModel } from '../../model/host-model.js';
import { ClassicScheduler } from '../hypervisor/classic-scheduler.js';
import { CoreScheduler } from '../hypervisor/core-scheduler.js';
import type { Scheduler } from '../hypervisor/scheduler.js';
import { SCHEDULER_EVENT, schedulerOf } from '../hypervisor/scheduler-choice.js';
import { offersFor } from '../vmbus/offers.js';
import type { ArchitectureDescription, BootStep, SchedulerSite } from './architecture.js';
import { bootSteps, switchNames } from './boot-steps.js';
import { isIdeal } from './ideal-scheduling.js';
import { limitPeriodNs } from './limit-period.js';
import { commonLineRules, entitlementRules } from './line-rules.js';
import { EQUAL_SHARE, inGroup, inPercent, perVp } from './shares.js';

/** A microkernel with a parent partition: drivers in the parent, whose VPs the hypervisor schedules like all others. */
export const HYPER_V: ArchitectureDescription = {
  title: 'Hyper-V',
  parent: 'pinned',
  scheduling: {
    title: (model) => {
      const kind = schedulerOf(model);
      return `scheduler type ${SCHEDULER_EVENT[kind]}, ${kind}`;
    },
    share: (processors, model) => (isRoot(model) ? EQUAL_SHARE : inGroup(perVp(processors), processors, model)),
    // What the parent reserves of the host, spread over its VPs; no limit, weight 100 (TLFS 2.0a §22.3).
    parentShare: (model, lpCount, parentVps) => {
      if (isRoot(model)) return EQUAL_SHARE;
      const reservedLps = ((model.parent?.reserve.cpuPercent ?? 0) / 100) * lpCount;
      return { reserve: Math.min(1, reservedLps / parentVps), limit: 1, weight: 100 };
    },
    limitPeriod: 'budget-period',
    create: createScheduler,
  },
  devices: {
    contextSwitch: 'context-switch',
    exit: 'vm-exit',
    kick: 'hypercall',
    answer: 'hypercall',
    interrupt: 'virtual-interrupt',
    perRequest: [],
    copies: [],
    backEnd: 'parent',
    emulation: { where: 'parent', access: 'emulated-access' },
    xenAdapter: true,
    offers: (child) => offersFor(child).map(({ title, guid }) => ({ title: `offer: ${title}`, detail: guid })),
    vmbus: true,
    greeting: ({ kind }) =>
      kind === 'xen'
        ? [{ title: 'hypercall adapter', detail: "translates Xen's hypercalls into Hyper-V's: row hypercall-adapter" }]
        : [],
    connected: (device) => `channel open: ${device}`,
  },
  boot,
  start: {
    create: { title: 'HvCreatePartition', detail: 'and its worker process' },
    properties: (share, { weight }) => ({
      title: 'HvSetPartitionProperty',
      detail: `reserve ${inPercent(share.reserve)}, limit ${inPercent(share.limit)}, weight ${weight}`,
    }),
    initialize: { title: 'HvInitializePartition' },
    deposit: (pages) => ({ title: 'HvDepositMemory', detail: `${pages} pages` }),
    createVp: (vp) => ({ title: 'HvCreateVp', detail: `VP ${vp}` }),
    map: (pages) => ({ title: 'HvMapGpaPages', detail: `${pages} pages` }),
    run: ({ generation }) => ({ title: 'VP 0 un-suspended', detail: generation === 1 ? 'BIOS' : 'UEFI' }),
  },
  notes: (model) =>
    isRoot(model)
      ? ['The root scheduler knows no reserve, limit or weight: those of the children and of the parent had no effect.']
      : [],
};

/** Whether Windows schedules, which knows no shares. */
function isRoot(model: HostModel): boolean {
  return !isIdeal(model) && schedulerOf(model) === 'root';
}

function createScheduler({ model, costs, timers, vps, processors }: SchedulerSite): Scheduler {
  const kind = schedulerOf(model);
  const slice = costs.get(kind === 'root' ? 'nt-quantum' : 'time-slice').amount;
  const sliceNs = Math.max(1, slice);
  const parameters = {
    sliceNs,
    minimumSliceNs: sliceNs,
    periodNs: limitPeriodNs(model, costs, 'budget-period'),
    groupGrantNs: Math.max(1, costs.get('group-grant').amount),
    wakeBonusNs: costs.get('wake-bonus').amount,
    ...commonLineRules(costs),
    entitlements: entitlementRules(costs),
  };
  if (kind !== 'core') return new ClassicScheduler(timers, vps, processors, parameters);
  const { threadsPerCore } = model.hardware.processor;
  // Windows Server 2016 has the core scheduler, but its machines do not inherit SMT from the host.
  const guestThreadsPerCore = model.hypervisor.release === '2016' ? 1 : threadsPerCore;
  return new CoreScheduler(timers, vps, processors, { ...parameters, threadsPerCore, guestThreadsPerCore });
}

/** The role is installed on the way, with its two reboots: what ran on the metal finds itself in the root partition. */
function boot(model: HostModel): BootStep[] {
  const { firmware, metal, role, reboot, launch, root, service } = bootSteps();
  const system = model.parent?.operatingSystem ?? '';
  const { release } = model.hypervisor;
  const lps = logicalProcessors(model.hardware);
  const detail = `${Math.min(lps, model.parent?.virtualProcessors ?? lps)} VPs on ${lps} LPs, memory identity-mapped`;
  const late = release !== null && findRelease(release)?.launch === 'late';
  const hypervisor: BootStep = {
    ...(late
      ? launch('hvboot launches the hypervisor at ring -1', 'late launch: the operating system is running already')
      : launch('the boot loader launches the hypervisor at ring -1', 'early launch: before any operating system')),
    launchesParent: true,
  };
  const onHypervisor = late
    ? [
        metal(`${system} starts on the metal`, 'its drivers own the devices'),
        hypervisor,
        { phase: 'root' as const, title: `${system} is lifted into the root partition`, detail, cost: null },
      ]
    : [hypervisor, root(`${system} starts in the root partition`, detail)];
  return [
    firmware(),
    metal(`${system} starts on the metal`, 'no hypervisor yet'),
    role('Hyper-V role staged'),
    reboot('first reboot: the role is configured'),
    firmware(),
    metal(`${system} starts on the metal`, 'the role finishes its configuration'),
    reboot('second reboot: into the hypervisor'),
    firmware(),
    ...onHypervisor,
    service('VMMS: virtual machine management'),
    service('VID: virtualization infrastructure driver'),
    service(`virtual switches: ${switchNames(model)}`),
  ];
}
