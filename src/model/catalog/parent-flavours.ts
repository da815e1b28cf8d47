/** What the parent's own operating system takes, by how it was installed. */
import type { HostModel, Parent } from '../host-model.js';
import type { Source } from './source.js';

const MB = 1024 ** 2;

interface Figure {
  value: number;
  source: Source;
}

export interface ParentFlavour {
  title: string;
  /** Memory in use after a boot, before any service of Hyper-V has a child to care for. */
  memoryBytes: Figure;
  /** CPU time of its services, as a percentage of those of a full installation (cost row `parent-services`). */
  servicesPercent: Figure;
  /** Time of its boot, as a percentage of that of a full installation (cost rows `boot-metal`, `boot-root`). */
  bootPercent: Figure;
  /** Restarts for updates in a year. */
  restartsPerYear: Figure;
}

const assumed = (text: string): Source => ({ standing: 'assumed', text });
const MEASURED: Source = {
  standing: 'secondary',
  text: 'serktools.com, "Windows Server Core Overview": 385 MB after a restart of Windows Server 2008 R2, 255 MB as Server Core',
};
const UPDATES_2014: Source = {
  standing: 'secondary',
  text: "Microsoft's count for 2014, quoted in a book on Windows Server 2016: 11 restarts of a server with desktop, 6 of Server Core",
};
const CHOSEN = assumed('No published figure found; chosen for plausibility');
const LIKE_CORE = assumed('Taken to be that of Server Core, which it is built from');

const PARENT_FLAVOURS: Readonly<Record<Parent['flavour'], ParentFlavour>> = {
  full: {
    title: 'full installation',
    memoryBytes: { value: 385 * MB, source: MEASURED },
    servicesPercent: { value: 100, source: assumed('The measure of the others') },
    bootPercent: { value: 100, source: assumed('The measure of the others') },
    restartsPerYear: { value: 11, source: UPDATES_2014 },
  },
  core: {
    title: 'Server Core',
    memoryBytes: { value: 255 * MB, source: MEASURED },
    servicesPercent: { value: 60, source: CHOSEN },
    bootPercent: { value: 80, source: CHOSEN },
    restartsPerYear: { value: 6, source: UPDATES_2014 },
  },
  'hyper-v-server': {
    title: 'Hyper-V Server',
    memoryBytes: { value: 255 * MB, source: LIKE_CORE },
    servicesPercent: { value: 60, source: LIKE_CORE },
    bootPercent: { value: 80, source: LIKE_CORE },
    restartsPerYear: { value: 6, source: LIKE_CORE },
  },
  client: {
    title: 'client',
    memoryBytes: { value: 1024 * MB, source: CHOSEN },
    servicesPercent: { value: 200, source: CHOSEN },
    bootPercent: { value: 100, source: CHOSEN },
    restartsPerYear: { value: 12, source: assumed('One for each monthly update') },
  },
};

/** Flavours are those of Windows: null for the privileged domain of another architecture. */
export function flavourOf({ hypervisor, parent }: HostModel): ParentFlavour | null {
  return hypervisor.architecture === 'hyper-v' && parent !== null ? PARENT_FLAVOURS[parent.flavour] : null;
}
