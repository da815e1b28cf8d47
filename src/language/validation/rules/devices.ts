import type { Rule } from './rule.js';

const GENERATIONS = 'Microsoft Learn, Should I create a generation 1 or 2 virtual machine in Hyper-V?';
const KINDS = 'the article "Layer 1 or Layer 2 Hypervisor?" (2011) and the Hyper-V Best Practices Analyzer';

/** What a kind of child, a generation or an architecture cannot have. */
export const DEVICE_RULES = {
  HV301: {
    severity: 'warning',
    title: 'The child cannot see a SCSI disk',
    why: 'The SCSI controller is synthetic: without a driver for it, the operating system does not find the disk.',
    remedy: 'Attach the disk `via ide`.',
    source: KINDS,
  },
  HV302: {
    severity: 'error',
    title: 'The child cannot use a synthetic network adapter',
    why: 'Without a VSC there is no driver for it; the emulated adapter works everywhere.',
    remedy: 'Make it `legacy`.',
    source: KINDS,
  },
  HV303: {
    severity: 'error',
    title: 'Generation 2 has no emulated devices',
    why: 'There is no IDE controller and no legacy network adapter in a generation 2 machine.',
    remedy: 'Use `scsi` and a synthetic adapter, or generation 1.',
    source: GENERATIONS,
  },
  HV304: {
    severity: 'error',
    title: 'The child has no disk to boot from',
    why: 'The firmware of generation 1 boots from IDE; the SCSI controller exists only once the operating system runs.',
    remedy: 'Attach the first disk `via ide`.',
    source: GENERATIONS,
  },
  HV305: {
    severity: 'error',
    title: 'A Xen-enabled child has one virtual processor',
    why: 'The hypercall adapter of the first Linux Integration Components knows no second one.',
    remedy: 'Give it one virtual processor.',
    source: 'Linux Integration Components 1.0 (recalled)',
  },
  HV306: {
    severity: 'error',
    title: 'The child has no driver for dynamic memory',
    why: 'Memory is added and taken by a driver in the guest; without it, the machine keeps what it started with.',
    remedy: 'Give it static memory.',
    source: KINDS,
  },
  HV307: {
    severity: 'error',
    title: 'The operating system does not run in generation 2',
    why: 'Generation 2 has UEFI firmware and no emulated devices to fall back on.',
    remedy: 'Use generation 1.',
    source: GENERATIONS,
  },
  HV308: {
    severity: 'hint',
    title: 'A slower network adapter than needed',
    why: 'Every register access of the legacy adapter is an intercept; this operating system has a driver for the synthetic one.',
    remedy: 'Remove `legacy`, unless the child boots from the network.',
    source: 'Microsoft Learn, Hyper-V network I/O performance',
  },
  HV309: {
    severity: 'warning',
    title: 'The kind does not fit the operating system',
    why: 'Whether a child speaks VMBus is decided by the drivers its operating system has.',
    remedy: 'Use the kind in the message.',
    source: KINDS,
  },
  HV310: {
    severity: 'error',
    title: 'There is no such integration service',
    why: 'The services are called as Get-VMIntegrationService calls them.',
    remedy: 'Use one of the names in the message.',
    source: 'Microsoft Learn, Manage Hyper-V Integration Services',
  },
  HV311: {
    severity: 'error',
    title: 'The network adapter belongs to another switch',
    why: 'An external switch takes the physical adapter for itself.',
    remedy: 'Use another adapter, or one switch for both.',
    source: 'Microsoft Learn, New-VMSwitch',
  },
  HV312: {
    severity: 'error',
    title: 'Two disks are one file',
    why: 'A running machine locks its virtual disk; the second machine does not start.',
    remedy: 'Give each its own file, for example two differencing disks on one base.',
  },
  HV313: {
    severity: 'error',
    title: 'This hypervisor has no parent partition',
    why: 'ESX keeps its drivers in the vmkernel: there is no privileged partition that could reserve or fail.',
    remedy: 'Remove the parent, or choose another hypervisor.',
  },
  HV314: {
    severity: 'error',
    title: 'The switch has two kinds of minimum bandwidth',
    why: 'The minimum of a switch is either absolute or by weight, for all adapters on it.',
    remedy: 'Use `reserve` on all adapters of the switch, or `weight`.',
    source: 'Microsoft Learn, New-VMSwitch (MinimumBandwidthMode)',
  },
  HV315: {
    severity: 'error',
    title: 'The adapter is emulated',
    why: 'Bandwidth management and SR-IOV belong to synthetic adapters.',
    remedy: 'Make the adapter synthetic, or remove the word.',
    source: 'recalled: the settings of a legacy network adapter in Hyper-V Manager have neither',
  },
  HV316: {
    severity: 'error',
    title: 'More bandwidth is reserved than there is',
    why: 'A minimum is a promise: it stays below the limit of its adapter, and all of a switch together below the speed of the wire.',
    remedy: 'Reserve less.',
  },
  HV317: {
    severity: 'warning',
    title: 'There is no virtual function for the adapter',
    why: 'SR-IOV needs a physical adapter with virtual functions behind an external switch, and a processor that translates addresses in two levels. Without them frames go through the parent as ever.',
    remedy: 'Give the physical adapter `functions`, or remove `sriov`.',
    source: 'Microsoft Learn, Overview of Single Root I/O Virtualization (SR-IOV)',
  },
  HV319: {
    severity: 'error',
    title: 'The range of VLANs is empty',
    why: 'A range goes from the lower VLAN to the higher one, both included.',
    remedy: 'Write the lower VLAN first.',
  },
  HV318: {
    severity: 'warning',
    title: 'There are fewer virtual functions than adapters that ask for one',
    why: 'A virtual function belongs to one adapter. Who gets none falls back on the synthetic path, through the parent.',
    remedy: 'Ask for fewer, or use a physical adapter with more.',
  },
  HV320: {
    severity: 'error',
    title: 'The chain of disks is a circle',
    why: 'A differencing disk holds what differs from its base, and that from its own base; at the end of the chain is a disk that builds on none.',
    remedy: 'Name the file that the disk was made from.',
  },
  HV321: {
    severity: 'warning',
    title: 'A child writes to the base of a disk',
    why: 'Every differencing disk on a base becomes invalid as soon as something is written to the base. A running machine also locks its disk, so that the other does not start.',
    remedy: 'Give the child a differencing disk of its own on that base.',
    source:
      'recalled: the parent of differencing disks is to be write-protected (Microsoft, Hyper-V planning for disks and storage)',
  },
} as const satisfies Record<string, Rule>;
