/**
 * The one admission: what the parent reserves, what every child takes, and who no longer fits. The editor's "this will
 * not start" and the engine's refusal to start are these functions.
 */
import { MACHINE_OVERHEAD, PARENT_RESERVE } from './catalog/reserves.js';
import { asksEndlessly } from './endless-work.js';
import { formatBytes, formatHz, formatLps, formatPercent } from './format.js';
import type { Child, Hardware, HostModel, ParentReserve } from './host-model.js';
import { pagesOfNodes, spansNodes } from './numa.js';
import { heldBytes, type RoomLeft, roomBesideDisks, stateDisk } from './state-room.js';

const PAGE_BYTES = 4096;

export interface AdmissionReport {
  memory: { totalBytes: number; parentBytes: number };
  /** In logical processors. */
  cpu: { totalLps: number; parentLps: number };
  /** Why the host does not even run its parent; empty when it does. */
  refusals: AdmissionRefusal[];
  /** In start order. */
  children: ChildAdmission[];
}

export interface ChildAdmission {
  child: string;
  /** Startup (or static) memory plus the overhead of the virtual machine. */
  memoryBytes: number;
  /** The NUMA node that all of it comes from, where one child may not span nodes; else null. */
  node: number | null;
  /** Room that its saved state has on a disk as long as it is on. */
  heldBytes: number;
  /** Reserve x virtual processors. */
  reservedLps: number;
  /** Left to give after this child. */
  memoryLeftBytes: number;
  lpsLeft: number;
  /** Empty when the child starts. */
  refusals: AdmissionRefusal[];
}

export interface AdmissionRefusal {
  /**
   * HV401 memory, HV402 CPU reserve, HV403 more virtual than logical processors, HV404 the parent's own reserve, HV405 no
   * NUMA node with room, HV407 no room on the disk for its saved state, HV408 work in no time.
   */
  code: 'HV401' | 'HV402' | 'HV403' | 'HV404' | 'HV405' | 'HV407' | 'HV408';
  message: string;
}

/** What is left to give. Values come only from the functions below. */
export interface Ledger {
  readonly memoryLeftBytes: number;
  /** By NUMA node; null where a child may span them. */
  readonly nodesLeftBytes: readonly number[] | null;
  readonly lpsLeft: number;
  /** On physical disks, for saved states. */
  readonly roomLeftBytes: RoomLeft;
}

/** The ledger of a host whose parent runs and no child does. Negative where the parent alone takes more than there is. */
export function openLedger(host: HostModel): Ledger {
  const reserve = parentReserve(host);
  return {
    memoryLeftBytes: host.hardware.memory.bytes - reserve.memoryBytes,
    nodesLeftBytes: spansNodes(host) ? null : nodesBesides(host, reserve.memoryBytes),
    lpsLeft: reservableLps(host) - reserve.lps,
    roomLeftBytes: roomBesideDisks(host),
  };
}

/**
 * Can this child start now, with `startBytes` of memory? With it, the ledger after its start; unchanged when it is
 * refused.
 */
export function admitChild(
  host: HostModel,
  ledger: Ledger,
  child: Child,
  startBytes = child.memory.startupBytes,
): { admission: ChildAdmission; ledger: Ledger } {
  const memoryBytes = startBytes + machineOverheadBytes(child.memory.startupBytes);
  const reservedLps = hasCpuReserve(host) ? (child.processors.count * child.processors.reservePercent) / 100 : 0;
  const held = heldBytes(host, child, startBytes);
  const refusals = [
    refuseProcessors(host, child),
    refuseMemory(host, ledger, memoryBytes, child) ?? refuseNode(ledger, memoryBytes, child),
    refuseReserve(host, ledger, reservedLps, child),
    refuseStateRoom(host, ledger, held, child),
    refuseEndlessWork(host, child),
  ].filter((refusal) => refusal !== null);

  const node = emptiestNode(ledger);
  const after =
    refusals.length > 0
      ? ledger
      : {
          ...takeMemory(ledger, node, memoryBytes),
          lpsLeft: ledger.lpsLeft - reservedLps,
          roomLeftBytes: takeRoom(ledger, stateDisk(host, child), held),
        };
  return {
    admission: {
      child: child.name,
      memoryBytes,
      node,
      heldBytes: held,
      reservedLps,
      memoryLeftBytes: after.memoryLeftBytes,
      lpsLeft: after.lpsLeft,
      refusals,
    },
    ledger: after,
  };
}

/** Gives back what a child took of memory and processors, when it stops; its room on the disk is perhaps in use. */
export function releaseChild(ledger: Ledger, admission: ChildAdmission): Ledger {
  return {
    ...takeMemory(ledger, admission.node, -admission.memoryBytes),
    lpsLeft: ledger.lpsLeft + admission.reservedLps,
  };
}

/** A child that runs takes this many bytes more, or gives them back (dynamic memory). */
export function resizeChild(
  ledger: Ledger,
  admission: ChildAdmission,
  bytes: number,
): { admission: ChildAdmission; ledger: Ledger } {
  return {
    admission: { ...admission, memoryBytes: admission.memoryBytes + bytes },
    ledger: takeMemory(ledger, admission.node, bytes),
  };
}

function takeMemory(ledger: Ledger, node: number | null, bytes: number): Ledger {
  const nodes = ledger.nodesLeftBytes;
  return {
    ...ledger,
    memoryLeftBytes: ledger.memoryLeftBytes - bytes,
    nodesLeftBytes: nodes?.map((left, i) => (i === node ? left - bytes : left)) ?? null,
  };
}

function takeRoom({ roomLeftBytes }: Ledger, disk: string | null, bytes: number): RoomLeft {
  return disk === null || bytes === 0
    ? roomLeftBytes
    : { ...roomLeftBytes, [disk]: (roomLeftBytes[disk] ?? 0) - bytes };
}

/** What the parent's reserve, spread evenly, leaves of every node. */
function nodesBesides({ hardware }: HostModel, reservedBytes: number): number[] {
  const { bytes, numaNodes } = hardware.memory;
  const nodes = pagesOfNodes(Math.floor(bytes / PAGE_BYTES), numaNodes);
  return nodes.map((pages) => pages * PAGE_BYTES - reservedBytes / nodes.length);
}

/** The node with the most memory left; null where a child may span nodes. */
export function emptiestNode({ nodesLeftBytes }: Ledger): number | null {
  return nodesLeftBytes?.indexOf(Math.max(...nodesLeftBytes)) ?? null;
}

/** Starts every child in order, on paper. */
export function admitHost(host: HostModel): AdmissionReport {
  const reserve = parentReserve(host);
  let ledger = openLedger(host);
  const children = host.children.map((child) => {
    const step = admitChild(host, ledger, child);
    ledger = step.ledger;
    return step.admission;
  });
  return {
    memory: { totalBytes: host.hardware.memory.bytes, parentBytes: reserve.memoryBytes },
    cpu: { totalLps: logicalProcessors(host.hardware), parentLps: reserve.lps },
    refusals: refuseParent(host),
    children,
  };
}

/** Why the parent does not start this child in its turn, each reason with its code; null when it does. */
export function whyNotStarted(host: HostModel, child: Child): string | null {
  const report = admitHost(host);
  const admission = report.children.find((candidate) => candidate.child === child.name);
  const refusals = [...report.refusals, ...(admission?.refusals ?? [])];
  return refusals.length === 0 ? null : refusals.map(({ code, message }) => `${message} [${code}]`).join('\n');
}

export function logicalProcessors(hardware: Hardware): number {
  const { sockets, coresPerSocket, threadsPerCore } = hardware.processor;
  return sockets * coresPerSocket * threadsPerCore;
}

/** Whether the hypervisor knows a reserve of CPU: Xen, KVM and hosted ones have weights or nothing. */
function hasCpuReserve({ hypervisor: { architecture } }: HostModel): boolean {
  return architecture === 'hyper-v' || architecture === 'esxi';
}

/** What reserves are taken from, in LPs: on ESXi the MHz of the cores, which threads do not add to (recalled). */
function reservableLps({ hardware, hypervisor }: HostModel): number {
  const lps = logicalProcessors(hardware);
  return hypervisor.architecture === 'esxi' ? lps / hardware.processor.threadsPerCore : lps;
}

/** The parent's reserve of a file that gives none: the article's 20 % and 2 GB. */
export function defaultReserve(): ParentReserve {
  return {
    policy: 'default',
    cpuPercent: PARENT_RESERVE.default.cpuPercent,
    memoryBytes: PARENT_RESERVE.default.memoryBytes,
  };
}

/** `reserve automatic`: the root memory reserve that Hyper-V computes from the memory of the host, and no CPU reserve. */
export function automaticReserve(hardware: Hardware): ParentReserve {
  const { baseBytes, bytesPerGb } = PARENT_RESERVE.automatic;
  const memoryBytes = Math.round(baseBytes + (bytesPerGb * hardware.memory.bytes) / 1024 ** 3);
  return { policy: 'automatic', cpuPercent: 0, memoryBytes };
}

/** Memory the virtualization stack needs for a machine beside the machine's own. */
export function machineOverheadBytes(assignedBytes: number): number {
  const { firstGbBytes, furtherGbBytes } = MACHINE_OVERHEAD;
  const furtherGb = Math.max(0, Math.ceil(assignedBytes / 1024 ** 3) - 1);
  return firstGbBytes + furtherGb * furtherGbBytes;
}

function parentReserve(host: HostModel): { memoryBytes: number; lps: number } {
  if (host.parent === null) return { memoryBytes: 0, lps: 0 };
  const { memoryBytes, cpuPercent } = host.parent.reserve;
  return { memoryBytes, lps: hasCpuReserve(host) ? (logicalProcessors(host.hardware) * cpuPercent) / 100 : 0 };
}

function refuseParent(host: HostModel): AdmissionRefusal[] {
  const { memoryBytes, lps } = parentReserve(host);
  const refusals: AdmissionRefusal[] = [];
  if (memoryBytes > host.hardware.memory.bytes) {
    refusals.push({
      code: 'HV404',
      message: `The parent reserves ${formatBytes(memoryBytes)}, but the host has ${formatBytes(host.hardware.memory.bytes)} of memory.`,
    });
  }
  if (lps > logicalProcessors(host.hardware)) {
    refusals.push({ code: 'HV404', message: 'The parent reserves more than 100 % of the processors.' });
  }
  return refusals;
}

function refuseProcessors(host: HostModel, child: Child): AdmissionRefusal | null {
  const lps = logicalProcessors(host.hardware);
  if (child.processors.count <= lps) return null;
  return {
    code: 'HV403',
    message: `'${child.name}' has ${child.processors.count} virtual processors, but the host has ${lps} logical processors; a machine cannot have more than the host.`,
  };
}

function refuseMemory(host: HostModel, ledger: Ledger, needed: number, child: Child): AdmissionRefusal | null {
  if (needed <= ledger.memoryLeftBytes) return null;
  const left = Math.max(0, ledger.memoryLeftBytes);
  const overhead = needed - child.memory.startupBytes;
  return {
    code: 'HV401',
    message: `'${child.name}' does not start: it needs ${formatBytes(child.memory.startupBytes)} and ${formatBytes(overhead)} of overhead, but ${formatBytes(left)} of ${formatBytes(host.hardware.memory.bytes)} are left after ${takers(host)}.`,
  };
}

function refuseNode({ nodesLeftBytes }: Ledger, needed: number, child: Child): AdmissionRefusal | null {
  if (nodesLeftBytes === null) return null;
  const left = Math.max(0, ...nodesLeftBytes);
  if (needed <= left) return null;
  return {
    code: 'HV405',
    message: `'${child.name}' does not start: it needs ${formatBytes(needed)} with its overhead on one NUMA node, and the emptiest has ${formatBytes(left)} left; the host does not let a machine span nodes.`,
  };
}

function refuseStateRoom(host: HostModel, ledger: Ledger, held: number, child: Child): AdmissionRefusal | null {
  const disk = stateDisk(host, child);
  if (held === 0 || disk === null) return null;
  const left = Math.max(0, ledger.roomLeftBytes[disk] ?? 0);
  if (held <= left) return null;
  return {
    code: 'HV407',
    message: `'${child.name}' does not start: ${formatBytes(held)} of '${disk}' are held for its saved state, but ${formatBytes(left)} are left beside fixed disks and the saved states of the children before it.`,
  };
}

function refuseEndlessWork(host: HostModel, child: Child): AdmissionRefusal | null {
  if (!asksEndlessly(host, child)) return null;
  return {
    code: 'HV408',
    message: `'${child.name}' does not start: the clients of '${child.workload?.name}' do not think, and their requests take no time on it, so that they would ask without end in one moment.`,
  };
}

/** Fractions of a processor add up in binary, so a reserve that fits exactly may exceed what is left by a rounding error. */
const LP_ROUNDING = 1e-9;

function refuseReserve(host: HostModel, ledger: Ledger, reserved: number, child: Child): AdmissionRefusal | null {
  if (reserved === 0 || reserved <= ledger.lpsLeft + LP_ROUNDING) return null;
  const { count, reservePercent } = child.processors;
  if (host.hypervisor.architecture === 'esxi') {
    const mhz = (lps: number) => formatHz(lps * host.hardware.processor.frequencyHz);
    return {
      code: 'HV402',
      message: `'${child.name}' does not start: it reserves ${mhz(reserved)}, but ${mhz(Math.max(0, ledger.lpsLeft))} of ${mhz(reservableLps(host))} are unreserved after ${takers(host)}.`,
    };
  }
  return {
    code: 'HV402',
    message: `'${child.name}' does not start: ${count} x ${formatPercent(reservePercent)} reserves ${formatLps(reserved)}, but ${formatLps(Math.max(0, ledger.lpsLeft))} of ${formatLps(logicalProcessors(host.hardware))} are left after ${takers(host)}.`,
  };
}

function takers(host: HostModel): string {
  return host.parent === null ? 'the children before it' : "the parent's reserve and the children before it";
}
