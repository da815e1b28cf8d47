import type { Architecture, Hypervisor } from '../../model/host-model.js';

/** How an architecture is drawn, and the field's words for its parts. */
export interface ArchitectureWords {
  product: (hypervisor: Hypervisor) => string;
  /** What is said about the layer between hardware and partitions. */
  layer: string;
  /** Where the privileged partition stands: with the children, under the hypervisor, or nowhere. */
  parent: 'beside' | 'below' | 'none';
  parentTitle: string;
  /** The end of the device path that owns the real driver. */
  provider: string;
  /** The end of the device path in an aware guest. */
  client: string;
  bus: string;
  /** Who answers for emulated devices. */
  emulator: string;
  /** Xen-enabled children go through the hypercall adapter, which only Hyper-V needs. */
  adapter: boolean;
}

const released = (name: string) => (hypervisor: Hypervisor) =>
  hypervisor.release ? `${name} ${hypervisor.release}` : name;

export const ARCHITECTURES: Record<Architecture, ArchitectureWords> = {
  'hyper-v': {
    product: released('Hyper-V'),
    layer: 'hypervisor, ring −1',
    parent: 'beside',
    parentTitle: 'Parent',
    provider: 'VSP',
    client: 'VSC',
    bus: 'VMBus',
    emulator: 'worker processes',
    adapter: true,
  },
  esxi: {
    product: released('ESXi'),
    layer: 'VMkernel with its own drivers',
    parent: 'none',
    parentTitle: '',
    provider: 'driver',
    client: 'PV',
    bus: 'shared rings',
    emulator: 'VMX processes',
    adapter: false,
  },
  xen: {
    product: released('Xen'),
    layer: 'hypervisor, ring −1',
    parent: 'beside',
    parentTitle: 'dom0',
    provider: 'back end',
    client: 'front end',
    bus: 'event channels',
    emulator: 'device models',
    adapter: false,
  },
  kvm: {
    product: released('KVM'),
    layer: 'KVM, a module of the host kernel',
    parent: 'below',
    parentTitle: 'Host kernel',
    provider: 'host thread',
    client: 'virtio',
    bus: 'virtio rings',
    emulator: 'device models',
    adapter: false,
  },
  hosted: {
    product: (hypervisor) => hypervisor.product ?? 'Hosted hypervisor',
    layer: 'virtual machine monitor, an application of the host',
    parent: 'below',
    parentTitle: 'Host system',
    provider: 'host driver',
    client: 'PV',
    bus: 'VMM process',
    emulator: 'VMM process',
    adapter: false,
  },
};
