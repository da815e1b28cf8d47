/** Guest operating systems: which drivers they bring, how many processors and how much memory they may or should have. */
import type { Limit } from './release.js';
import { RELEASES } from './releases.js';
import type { Source } from './source.js';

export interface Guest {
  id: string;
  title: string;
  /** Matches the operating system as a file names it. */
  pattern: RegExp;
  family: 'windows' | 'linux' | 'other';
  /** `enlightened`: VSCs and services exist; `xen`: needs the hypercall adapter; `none`: emulated devices only. */
  integration: 'enlightened' | 'xen' | 'none';
  /** Generation 2 (UEFI, no emulated devices) is supported. */
  generation2: boolean;
  dynamicMemory: boolean;
  /** Highest number of virtual processors, from a host release on; the newest row that is not newer than the host counts. */
  processors: readonly { from: string; limit: Limit }[];
  /** Startup memory; null where nothing is published. */
  memory: { minimum: Limit; recommended: Limit } | null;
}

const MB = 1024 ** 2;
const GB = 1024 ** 3;

const GUESTS_2008: Source = {
  standing: 'secondary',
  text: 'copies of the Microsoft guest list for Windows Server 2008 hosts',
};
const GUESTS_R2: Source = {
  standing: 'recalled',
  text: 'TechNet cc794868, guest operating systems on Windows Server 2008 R2',
};
const GUESTS_2012: Source = {
  standing: 'secondary',
  text: 'MCSA study guide, supported guests of Windows Server 2012',
};
const GUESTS_2016: Source = {
  standing: 'documented',
  text: 'Microsoft Learn, Supported Windows guest operating systems for Hyper-V',
};
const BPA: Source = {
  standing: 'documented',
  text: 'Hyper-V Best Practices Analyzer, memory and processor rules by guest',
};
const LINUX_2012: Source = { standing: 'secondary', text: 'published tables of Linux guests on Windows Server 2012' };
const LINUX_IC: Source = { standing: 'recalled', text: 'Linux Integration Components 1.0 and 2.0 release notes' };

const vps = (from: string, value: number, source: Source) => ({ from, limit: { value, source } });
const memory = (minimum: number, recommended: number) => ({
  minimum: { value: minimum, source: BPA },
  recommended: { value: recommended, source: BPA },
});

const WINDOWS = { family: 'windows', integration: 'enlightened' } as const;
const LINUX = {
  family: 'linux',
  integration: 'enlightened',
  dynamicMemory: true,
  generation2: true,
  memory: null,
} as const;
const LEGACY = { integration: 'none', generation2: false, dynamicMemory: false, processors: [], memory: null } as const;

/** The first match counts, so the more specific name stands first. */
export const GUESTS: readonly Guest[] = [
  {
    ...WINDOWS,
    id: 'ws2025',
    title: 'Windows Server 2025',
    pattern: /windows server 2025/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 2048, GUESTS_2016)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'ws2022',
    title: 'Windows Server 2022',
    pattern: /windows server 2022/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 1024, GUESTS_2016)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'ws2019',
    title: 'Windows Server 2019',
    pattern: /windows server 2019/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 240, GUESTS_2016)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'ws2016',
    title: 'Windows Server 2016',
    pattern: /windows server 2016/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 240, GUESTS_2016)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'ws2012r2',
    title: 'Windows Server 2012 R2',
    pattern: /windows server 2012 ?r2/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2012', 64, GUESTS_2012), vps('2016', 64, GUESTS_2016)],
    memory: memory(512 * MB, 2 * GB),
  },
  {
    ...WINDOWS,
    id: 'ws2012',
    title: 'Windows Server 2012',
    pattern: /windows server 2012/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2012', 64, GUESTS_2012), vps('2016', 64, GUESTS_2016)],
    memory: memory(512 * MB, 2 * GB),
  },
  {
    ...WINDOWS,
    id: 'ws2008r2',
    title: 'Windows Server 2008 R2',
    pattern: /windows server 2008 ?r2/i,
    generation2: false,
    dynamicMemory: true,
    processors: [vps('2008R2', 4, GUESTS_R2), vps('2012', 64, GUESTS_2012), vps('2016', 64, GUESTS_2016)],
    memory: memory(512 * MB, 2 * GB),
  },
  {
    ...WINDOWS,
    id: 'ws2008',
    title: 'Windows Server 2008',
    pattern: /windows server 2008/i,
    generation2: false,
    dynamicMemory: true,
    processors: [
      vps('2008', 4, GUESTS_2008),
      vps('2008R2', 4, GUESTS_R2),
      vps('2012', 8, GUESTS_2012),
      vps('2016', 8, GUESTS_2016),
    ],
    memory: memory(512 * MB, 2 * GB),
  },
  {
    ...WINDOWS,
    id: 'ws2003',
    title: 'Windows Server 2003',
    pattern: /windows server 2003/i,
    generation2: false,
    dynamicMemory: false,
    processors: [vps('2008', 2, GUESTS_2008), vps('2008R2', 2, GUESTS_R2), vps('2012', 2, GUESTS_2012)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'w2000',
    title: 'Windows 2000 Server',
    pattern: /windows 2000/i,
    generation2: false,
    dynamicMemory: false,
    processors: [vps('2008', 1, GUESTS_2008), vps('2008R2', 1, GUESTS_R2)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'w11',
    title: 'Windows 11',
    pattern: /windows 11/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 32, GUESTS_2016)],
    memory: null,
  },
  {
    ...WINDOWS,
    id: 'w10',
    title: 'Windows 10',
    pattern: /windows 10/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2016', 32, GUESTS_2016)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'w8.1',
    title: 'Windows 8.1',
    pattern: /windows 8\.1/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2012', 32, GUESTS_2012), vps('2016', 32, GUESTS_2016)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'w8',
    title: 'Windows 8',
    pattern: /windows 8/i,
    generation2: true,
    dynamicMemory: true,
    processors: [vps('2012', 32, GUESTS_2012)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'w7',
    title: 'Windows 7',
    pattern: /windows 7/i,
    generation2: false,
    dynamicMemory: true,
    processors: [vps('2008R2', 4, GUESTS_R2), vps('2012', 4, BPA)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'vista',
    title: 'Windows Vista',
    pattern: /windows vista/i,
    generation2: false,
    dynamicMemory: true,
    processors: [vps('2008', 2, GUESTS_2008), vps('2012', 2, BPA)],
    memory: memory(512 * MB, 1 * GB),
  },
  {
    ...WINDOWS,
    id: 'xp',
    title: 'Windows XP',
    pattern: /windows xp/i,
    generation2: false,
    dynamicMemory: false,
    processors: [vps('2008', 2, GUESTS_2008)],
    memory: null,
  },
  { ...LEGACY, id: 'nt4', title: 'Windows NT 4.0', pattern: /windows nt/i, family: 'windows' },
  { ...LEGACY, id: 'w9x', title: 'Windows 95/98/Me', pattern: /windows (9[58]|me)\b/i, family: 'windows' },
  { ...LEGACY, id: 'dos', title: 'MS-DOS', pattern: /dos\b/i, family: 'other' },
  { ...LEGACY, id: 'os2', title: 'OS/2', pattern: /os\/2/i, family: 'other' },
  {
    id: 'sles10',
    title: 'SUSE Linux Enterprise Server 10',
    pattern: /suse linux enterprise server 10|sles ?10/i,
    family: 'linux',
    integration: 'xen',
    generation2: false,
    dynamicMemory: false,
    processors: [vps('2008', 1, LINUX_IC), vps('2008R2', 4, LINUX_IC)],
    memory: null,
  },
  {
    id: 'rhel5',
    title: 'Red Hat Enterprise Linux 5',
    pattern: /red hat enterprise linux 5|rhel ?5|centos 5/i,
    family: 'linux',
    integration: 'xen',
    generation2: false,
    dynamicMemory: false,
    processors: [vps('2008R2', 4, LINUX_IC), vps('2012', 64, LINUX_2012)],
    memory: null,
  },
  { ...LINUX, id: 'debian', title: 'Debian', pattern: /debian/i, processors: [vps('2012', 64, LINUX_2012)] },
  { ...LINUX, id: 'ubuntu', title: 'Ubuntu', pattern: /ubuntu/i, processors: [vps('2012', 64, LINUX_2012)] },
  {
    ...LINUX,
    id: 'rhel',
    title: 'Red Hat Enterprise Linux',
    pattern: /red hat|rhel|centos|rocky|alma|oracle linux/i,
    processors: [vps('2012', 64, LINUX_2012)],
  },
  {
    ...LINUX,
    id: 'sles',
    title: 'SUSE Linux Enterprise Server',
    pattern: /suse|sles/i,
    processors: [vps('2012', 64, LINUX_2012)],
  },
  {
    ...LINUX,
    id: 'freebsd',
    title: 'FreeBSD',
    pattern: /freebsd/i,
    dynamicMemory: false,
    processors: [vps('2012R2', 64, LINUX_2012)],
  },
];

/** What is known of an operating system by the name a file gives it; undefined when nothing is. */
export function findGuest(operatingSystem: string): Guest | undefined {
  return GUESTS.find((guest) => guest.pattern.test(operatingSystem));
}

/** The most virtual processors this guest may have on that release; undefined where nothing is published. */
export function guestProcessorLimit(guest: Guest, releaseId: string): Limit | undefined {
  const age = ageOf(releaseId);
  return guest.processors.filter((row) => ageOf(row.from) <= age).at(-1)?.limit;
}

function ageOf(releaseId: string): number {
  return RELEASES.findIndex((release) => release.id === releaseId);
}
