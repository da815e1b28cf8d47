import type { ArchitectureDescription } from './architecture.js';
import { bootSteps, switchNames } from './boot-steps.js';
import { fairScheduler } from './fair-scheduling.js';
import { EQUAL_SHARE, inPercent, perVp, reserveNote, xenKindNote } from './shares.js';

/** A module of the host's kernel: drivers in that kernel, whose scheduler treats VPs as threads among others. */
export const KVM: ArchitectureDescription = {
  title: 'KVM',
  parent: 'free',
  scheduling: {
    title: () => "the host kernel's fair scheduler",
    // Shares belong to the domain, quotas to each thread; there is no reserve.
    share: (processors) => ({
      reserve: 0,
      limit: perVp(processors).limit,
      weight: processors.weight / processors.count,
    }),
    parentShare: () => EQUAL_SHARE,
    limitPeriod: 'fair-period',
    create: fairScheduler,
  },
  devices: {
    contextSwitch: 'context-switch',
    exit: 'vm-exit',
    kick: 'virtio-kick',
    answer: 'virtio-interrupt',
    interrupt: 'virtual-interrupt',
    perRequest: [],
    copies: ['network'],
    backEnd: 'parent',
    emulation: { where: 'in place', access: 'user-access' },
    xenAdapter: false,
    offers: () => [],
    vmbus: false,
    greeting: () => [],
    connected: (device) => `virtio ready: ${device === 'storage' ? 'virtio-scsi' : 'virtio-net'}`,
  },
  boot: (model) => {
    const { firmware, metal, launch, service } = bootSteps();
    const system = model.parent?.operatingSystem ?? '';
    return [
      firmware(),
      { ...metal(`${system} starts on the metal`, 'its drivers own the devices, and keep them'), launchesParent: true },
      launch('the kernel loads kvm', 'it runs where it ran before; no reboot'),
      service('libvirtd'),
      service(`bridges: ${switchNames(model)}`),
    ];
  },
  start: {
    create: { title: 'KVM_CREATE_VM', detail: 'and its QEMU process' },
    properties: ({ limit }, { weight }) => ({
      title: 'control group set',
      detail: `shares ${Math.round(weight * 10.24)} for the domain, ${limit < 1 ? `quota ${inPercent(limit)} for each VP` : 'no quota'}`,
    }),
    initialize: { title: 'QEMU devices realized' },
    deposit: (pages) => ({ title: 'memory of the QEMU process', detail: `${pages} pages` }),
    createVp: (vp) => ({ title: 'KVM_CREATE_VCPU', detail: `thread of vcpu ${vp}` }),
    map: (pages) => ({ title: 'KVM_SET_USER_MEMORY_REGION', detail: `${pages} pages` }),
    run: ({ generation }) => ({ title: 'KVM_RUN', detail: generation === 1 ? 'SeaBIOS' : 'OVMF' }),
  },
  notes: (model) => [...reserveNote(model, 'KVM'), ...xenKindNote(model, 'KVM')],
};
