/**
 * Every rule the language checks, by its stable code. `docs/diagnostics.md` is written from this table.
 *
 * HV0xx text, HV1xx names, HV2xx dimensions and ranges, HV3xx devices, HV4xx admission, HV5xx published limits,
 * HV6xx work and scenarios.
 */
export interface Rule {
  severity: 'error' | 'warning' | 'info' | 'hint';
  title: string;
  /** Why it matters. */
  why: string;
  /** What to do about it. */
  remedy: string;
  /** Where it is published; the number itself and its source stand in the message when they come from the catalog. */
  source?: string;
}

const CATALOG = 'the catalog of published limits (`src/model/catalog`); each message names its source';
const TLFS_18 = 'Hypervisor Top Level Functional Specification 2.0a, chapter 18';
const GENERATIONS = 'Microsoft Learn, Should I create a generation 1 or 2 virtual machine in Hyper-V?';
const KINDS = 'the article "Layer 1 or Layer 2 Hypervisor?" (2011) and the Hyper-V Best Practices Analyzer';

export const RULES = {
  // --- text
  HV001: {
    severity: 'error',
    title: 'The text cannot be read',
    why: 'What stands there does not belong at that place of the language.',
    remedy: 'Write one of the words that the message offers, or remove what is too much.',
  },
  HV002: {
    severity: 'error',
    title: 'A character that never stands in a file',
    why: 'The file is damaged, or it is some other kind of file.',
    remedy: 'Remove the character, or open the file with the editor it belongs to.',
  },
  HV003: {
    severity: 'error',
    title: 'The text has no closing quote',
    why: 'A text ends on the line where it begins.',
    remedy: 'Add the closing `"`.',
  },
  // --- names
  HV101: {
    severity: 'error',
    title: 'The name is not known here',
    why: 'Names of a file are visible in it and in files that import it; disks and network adapters are those of the hardware of the host, switches and children those of the host.',
    remedy: 'Correct the name, declare it, or import the file that does.',
  },
  HV102: {
    severity: 'error',
    title: 'The name is taken',
    why: 'Two things of one kind with one name cannot be told apart.',
    remedy: 'Rename one of them.',
  },
  HV103: {
    severity: 'error',
    title: 'Said twice',
    why: 'The statement may stand once in its block; only one of the two could count.',
    remedy: 'Remove one of them.',
  },
  HV104: {
    severity: 'error',
    title: 'The name means something else in scenarios',
    why: 'In a scenario, `all` is every child and `parent` is the parent partition.',
    remedy: 'Give the child another name.',
  },
  HV110: {
    severity: 'error',
    title: 'The imported file cannot be read',
    why: 'There is no such file, seen from the folder of the file that imports it.',
    remedy: 'Correct the path, or create the file.',
  },
  HV111: {
    severity: 'error',
    title: 'The import closes a circle',
    why: 'A file that imports itself through others has no beginning.',
    remedy: 'Move what both files need into a third one.',
  },
  HV112: {
    severity: 'error',
    title: 'The import is not a .hvhost file',
    why: 'Only definitions can be imported.',
    remedy: 'Write the relative path of a `.hvhost` file.',
  },
  // --- dimensions and ranges
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
  // --- devices
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
  // --- admission
  HV401: {
    severity: 'error',
    title: 'The child does not start: not enough memory',
    why: 'Startup memory and overhead must be free when the machine starts.',
    remedy: 'Reduce its memory, or that of the children before it, or the reserve of the parent.',
  },
  HV402: {
    severity: 'error',
    title: 'The child does not start: not enough processor to reserve',
    why: 'The reserves of all virtual processors together cannot exceed the logical processors.',
    remedy: 'Reduce its reserve, or that of the children before it, or the reserve of the parent.',
    source: TLFS_18,
  },
  HV403: {
    severity: 'error',
    title: 'More virtual processors than the host has logical ones',
    why: 'A machine cannot run on more processors at once than there are.',
    remedy: 'Lower the number of its virtual processors.',
    source: TLFS_18,
  },
  HV404: {
    severity: 'error',
    title: 'The parent reserves more than the host has',
    why: 'Nothing is left for the children, and the parent itself does not get what it is promised.',
    remedy: 'Reduce the reserve of the parent.',
  },
  // --- published limits
  HV501: {
    severity: 'error',
    title: 'There is no such release',
    why: 'Limits, defaults and devices depend on the release.',
    remedy: 'Use one of the releases in the message.',
    source: CATALOG,
  },
  HV502: {
    severity: 'error',
    title: 'More logical processors than the release supports',
    why: 'The hypervisor does not use the others, and the host is not supported.',
    remedy: 'Use a newer release, or a smaller host.',
    source: CATALOG,
  },
  HV503: {
    severity: 'error',
    title: 'More memory than the release supports',
    why: 'The host is not supported with it.',
    remedy: 'Use a newer release, or less memory.',
    source: CATALOG,
  },
  HV504: {
    severity: 'error',
    title: 'More virtual processors than a machine may have',
    why: 'The release sets a limit for each generation.',
    remedy: 'Lower the number of its virtual processors, or use a newer release.',
    source: CATALOG,
  },
  HV505: {
    severity: 'warning',
    title: 'More virtual processors than the operating system supports',
    why: 'The guest is not supported with them on this release.',
    remedy: 'Lower the number of its virtual processors.',
    source: CATALOG,
  },
  HV506: {
    severity: 'error',
    title: 'More memory than a machine may have',
    why: 'The release sets a limit for each generation.',
    remedy: 'Reduce the memory, or use a newer release.',
    source: CATALOG,
  },
  HV507: {
    severity: 'error',
    title: 'The virtual disk is larger than its format allows',
    why: 'The format cannot address more.',
    remedy: 'Reduce the disk, or use VHDX.',
    source: CATALOG,
  },
  HV508: {
    severity: 'error',
    title: 'More devices than a machine may have',
    why: 'The controllers and the bus have so many places.',
    remedy: 'Remove devices.',
    source: CATALOG,
  },
  HV509: {
    severity: 'error',
    title: 'More machines than the release runs',
    why: 'The host is not supported with more.',
    remedy: 'Move children to another host.',
    source: CATALOG,
  },
  HV510: {
    severity: 'warning',
    title: 'More virtual processors than the release supports on this host',
    why: 'The release sets a limit for all machines together, some also for each logical processor.',
    remedy: 'Lower the number of virtual processors, or use a newer release.',
    source: CATALOG,
  },
  HV511: {
    severity: 'error',
    title: 'The hardware cannot run the hypervisor',
    why: 'Hyper-V needs hardware-assisted virtualization and data execution prevention; from Windows Server 2016 on also second-level address translation.',
    remedy: 'Switch it on in firmware, or use a processor that has it.',
    source: 'Microsoft Learn, System requirements for Hyper-V on Windows Server',
  },
  HV512: {
    severity: 'info',
    title: 'The operating system is not known',
    why: 'Nothing is published here about its drivers, processors and memory, so they are not checked.',
    remedy: 'If it has another name, use that one.',
  },
  HV513: {
    severity: 'error',
    title: 'Less memory than the operating system requires',
    why: 'Below it the guest is not supported and may not start.',
    remedy: 'Raise its memory.',
    source: CATALOG,
  },
  HV514: {
    severity: 'warning',
    title: 'Less memory than recommended',
    why: 'The Best Practices Analyzer warns about it.',
    remedy: 'Raise its memory.',
    source: CATALOG,
  },
  HV515: {
    severity: 'error',
    title: 'The release has no such dynamic memory',
    why: 'Dynamic memory came with Windows Server 2008 R2 SP1, a minimum below the startup memory with Windows Server 2012.',
    remedy: 'Use a newer release, or static memory.',
    source: 'Microsoft Learn, Hyper-V dynamic memory overview',
  },
  HV516: {
    severity: 'error',
    title: 'The release does not know the disk format',
    why: 'VHDX came with Windows Server 2012.',
    remedy: 'Use VHD, or a newer release.',
    source: CATALOG,
  },
  HV517: {
    severity: 'error',
    title: 'The release has no generation 2',
    why: 'Generation 2 came with Windows Server 2012 R2.',
    remedy: 'Use generation 1, or a newer release.',
    source: CATALOG,
  },
  HV518: {
    severity: 'error',
    title: 'More virtual processors than the parent may have',
    why: 'The root partition has at most one for each logical processor, and the release sets a limit.',
    remedy: 'Lower the number of its virtual processors.',
    source: CATALOG,
  },
  HV519: {
    severity: 'error',
    title: 'The fixed disks do not fit on the physical disk',
    why: 'A fixed disk takes all its space when it is made.',
    remedy: 'Make the disks smaller, or put them elsewhere.',
  },
  HV520: {
    severity: 'warning',
    title: 'The physical disk can run full',
    why: 'Dynamic and differencing disks grow; together they may become larger than the disk that holds them. A full disk pauses the machines.',
    remedy: 'Make the disks smaller, or watch the free space.',
  },
  HV521: {
    severity: 'warning',
    title: 'The memory has no error correction',
    why: 'One flipped bit hits every machine of the host.',
    remedy: 'Use `ecc` memory.',
    source: 'Hyper-V Best Practices Analyzer, "Use RAM that provides error correction"',
  },
  // --- work and scenarios
  HV601: {
    severity: 'hint',
    title: 'Nobody runs the workload',
    why: 'No child of a host in this file says `runs` with its name.',
    remedy: 'Let a child run it, or remove it.',
  },
  HV602: {
    severity: 'error',
    title: 'The child has no requests to change',
    why: 'Only a child that runs a workload with `requests` can be given another rate.',
    remedy: 'Let it run such a workload.',
  },
  HV603: {
    severity: 'error',
    title: 'The window is empty',
    why: 'It ends before it begins, so the expectation would say nothing.',
    remedy: 'Let it begin before it ends.',
  },
  HV604: {
    severity: 'error',
    title: 'The workload does not say who asks',
    why: 'Work arrives either at a rate (`requests`) or from people who wait for their answer (`clients`).',
    remedy: 'Say one of the two.',
  },
  HV605: {
    severity: 'warning',
    title: 'Only clients think',
    why: 'Requests at a rate do not wait for anybody.',
    remedy: 'Remove `think`, or use `clients`.',
  },
  HV606: {
    severity: 'error',
    title: 'There is no work to measure',
    why: 'Latency and throughput are those of requests, and this partition runs no workload.',
    remedy: 'Let the child run a workload, or expect something else.',
  },
  HV607: {
    severity: 'warning',
    title: 'The steps are not in order of time',
    why: 'They are played in order of time; the file reads as if it were otherwise.',
    remedy: 'Sort the steps.',
  },
  HV608: {
    severity: 'error',
    title: 'The parent starts and stops with the host',
    why: 'A scenario begins with the parent running; all that can happen to it is that it fails.',
    remedy: 'Use `fail parent`, or name a child.',
  },
  HV609: {
    severity: 'warning',
    title: 'Nothing to compare',
    why: 'A benchmark sets at least two hypervisors side by side and measures something.',
    remedy: 'Name two hypervisors under `compare` and something under `measure`.',
  },
  HV610: {
    severity: 'hint',
    title: 'The workload does nothing',
    why: 'A request that neither computes nor reads, writes or sends takes no time.',
    remedy: 'Say what a request does: `cpu`, `read`, `write`, `send`.',
  },
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof RULES;

/** The rule of a code that comes from elsewhere, such as admission. */
export function ruleOf(code: RuleCode): Rule {
  return RULES[code];
}
