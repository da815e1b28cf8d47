import type { Rule } from './rule.js';

const TLFS_18 = 'Hypervisor Top Level Functional Specification 2.0a, chapter 18';

/** Who gets in; the codes come from `src/model/admission.ts`. */
export const ADMISSION_RULES = {
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
  HV406: {
    severity: 'warning',
    title: "The parent's reserve is smaller than its own system",
    why: 'What is not reserved may all be given to children, and the parent pages before it has served one of them.',
    remedy: 'Reserve more memory, or use a smaller flavour such as `core`.',
  },
  HV405: {
    severity: 'error',
    title: 'No NUMA node has room for the child',
    why: 'With `numa spanning off` all memory of a child comes from one node of the host. No node has as much left as the child needs to start.',
    remedy: 'Lower its memory, start fewer children before it, or let children span nodes.',
    source: 'Microsoft Learn, Configure NUMA for Hyper-V',
  },
  HV407: {
    severity: 'error',
    title: 'The disk has no room for the saved state of the child',
    why: 'As long as a machine is on, Hyper-V holds a file as large as its memory beside its first disk, so that it can be saved whatever happens: from Windows Server 2012 on where its stop action is `save`, before for every machine (secondary). Without the room it does not start (recalled). Counted are fixed disks and the files of the children before it.',
    remedy: 'Let it shut down instead, put its first disk elsewhere, or make disks smaller.',
    source: 'techthoughts.info, Hyper-V VM BIN file and AutomaticStopAction',
  },
  HV408: {
    severity: 'error',
    title: 'The child does not start: its work takes no time',
    why: 'Clients ask again when they are answered. Where they do not think, and a request neither computes nor reaches a disk or a network adapter, time would stand still.',
    remedy:
      'Let the clients `think`, say the `cpu` time of a request, or give the child the disk or adapter that its work is for.',
  },
} as const satisfies Record<string, Rule>;
