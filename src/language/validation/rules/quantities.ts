import type { Rule } from './rule.js';

const TLFS_18 = 'Hypervisor Top Level Functional Specification 2.0a, chapter 18';

/** Numbers, units and ranges. */
export const QUANTITY_RULES = {
  HV201: {
    severity: 'error',
    title: 'The unit is missing',
    why: 'A number without a unit could mean anything.',
    remedy: 'Add one of the units in the message.',
  },
  HV202: {
    severity: 'error',
    title: 'The unit is not known',
    why: 'Units are written as the field writes them: `MB` is a size, `Mb` an amount of data on a line, `ms` a time.',
    remedy: 'Use one of the units in the message.',
  },
  HV203: {
    severity: 'error',
    title: 'The unit measures something else',
    why: 'A size is not a time, and a rate is neither.',
    remedy: 'Use one of the units in the message.',
  },
  HV204: {
    severity: 'error',
    title: 'The number is out of range',
    why: 'The hypervisor does not take it, or it is beyond what can be counted.',
    remedy: 'Stay within the range in the message.',
    source: 'Microsoft Learn, Set-VMProcessor and Set-VMMemory, where the range is theirs',
  },
  HV205: {
    severity: 'error',
    title: 'Not a whole number',
    why: 'Things that are counted come in wholes.',
    remedy: 'Round it.',
  },
  HV206: {
    severity: 'error',
    title: 'Not a number',
    why: 'A number has at most one decimal point and no grouping.',
    remedy: 'Write it as `1200` or `1.2`.',
  },
  HV207: {
    severity: 'error',
    title: 'The reserve exceeds the limit',
    why: 'The hypervisor cannot guarantee more than it allows.',
    remedy: 'Lower the reserve or raise the limit.',
    source: TLFS_18,
  },
  HV208: {
    severity: 'error',
    title: 'Minimum, startup and maximum memory are out of order',
    why: 'A machine starts with its startup memory and is balanced between minimum and maximum.',
    remedy: 'Keep minimum <= startup <= maximum.',
    source: 'Microsoft Learn, Set-VMMemory',
  },
  HV209: {
    severity: 'warning',
    title: 'The hardware is not described completely',
    why: 'What is not said is assumed, and every result rests on it.',
    remedy: 'Say what the machine has.',
  },
  HV210: {
    severity: 'error',
    title: 'CPU resources in the words of another hypervisor',
    why: 'ESXi reserves and limits MHz of the whole machine and gives out shares; the others take percentages of a logical processor for each virtual processor, and weights.',
    remedy: 'Use a percentage and a weight, or choose `esxi`.',
    source: 'VMware, vSphere Resource Management; Microsoft Learn, Set-VMProcessor',
  },
  HV211: {
    severity: 'error',
    title: 'The reservation is more than the machine can use',
    why: 'A virtual processor runs on one logical processor at a time, at its frequency.',
    remedy: 'Lower the reservation, or give the machine more virtual processors.',
    source: 'VMware, vSphere Resource Management',
  },
  HV212: {
    severity: 'error',
    title: 'There are no CPU groups',
    why: 'CPU groups came with Windows Server 2016. Other hypervisors have no such thing, and where Windows schedules (the root scheduler) there are none.',
    remedy: 'Remove the group, or choose a release and a scheduler that has them.',
    source: 'Microsoft Learn, Hyper-V CPU groups',
  },
  HV213: {
    severity: 'warning',
    title: 'A limit that lets nothing run',
    why: 'Virtual processors with a limit of 0 % never get a processor: the child would not even boot. Elsewhere the number means something else, such as no cap at all on Xen.',
    remedy: 'Raise the limit, or do not start the child (`start never`).',
  },
} as const satisfies Record<string, Rule>;
