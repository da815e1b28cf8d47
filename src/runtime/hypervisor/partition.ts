import type { PageRange, SystemMemory } from '../hardware/system-memory.js';
import { AddressSpace } from './address-space.js';
import { HvStatus } from './tlfs/status.js';

/** TLFS 2.0a §5.2.5. */
export type PartitionPhase = 'uninitialized' | 'active' | 'finalizing' | 'finalized' | 'deleted';

/** CpuReserve, CpuCap and CpuWeight: fractions of one LP with 0x10000 for 100 %, and 1 to 10,000 (TLFS 2.0a §18). */
export interface CpuProperties {
  reserve: number;
  cap: number;
  weight: number;
}

export const FULL_LP = 0x10000;

/**
 * One partition as the hypervisor knows it: its phase, its pool of deposited pages, its VPs and its guest physical
 * address space. Every method is a hypercall of the parent and answers with its status.
 */
export class Partition {
  phase: PartitionPhase = 'uninitialized';
  cpu: CpuProperties = { reserve: 0, cap: FULL_LP, weight: 100 };
  vpCount = 0;
  private deposited: PageRange[] = [];
  private readonly pagesOnNode: number[] = [];
  /** The node its VPs and its memory are placed on first. */
  readonly home: number;

  constructor(
    readonly name: string,
    private readonly memory: SystemMemory,
    /** The NUMA node all of its pages come from; null where they may span nodes. */
    readonly onlyNode: number | null = null,
    /** That of the partition whose saved state it takes over: the guest sees no difference. */
    readonly space: AddressSpace = new AddressSpace(),
  ) {
    this.home = onlyNode ?? memory.emptiestNode();
  }

  /** Share of its memory, 0 to 1, that lies on other nodes than this one: what a VP that runs there finds far away. */
  remoteShare(node: number): number {
    const { pages } = this.space;
    return pages === 0 ? 0 : 1 - this.pagesOn(node) / pages;
  }

  pagesOn(node: number): number {
    return this.pagesOnNode[node] ?? 0;
  }

  setCpuProperties(cpu: CpuProperties): HvStatus {
    if (!this.is('uninitialized', 'active')) return HvStatus.InvalidPartitionState;
    const { reserve, cap, weight } = cpu;
    const inRange = within(reserve, 0, FULL_LP) && within(cap, 0, FULL_LP) && within(weight, 1, 10_000);
    if (!inRange) return HvStatus.PropertyValueOutOfRange;
    if (reserve > cap) return HvStatus.InvalidParameter;
    this.cpu = { ...cpu };
    return HvStatus.Success;
  }

  initialize(): HvStatus {
    if (!this.is('uninitialized')) return HvStatus.InvalidPartitionState;
    this.phase = 'active';
    return HvStatus.Success;
  }

  /** Puts pages into the pool from which the hypervisor pays for what it does for this partition. */
  deposit(pages: number): HvStatus {
    if (!this.is('uninitialized', 'active')) return HvStatus.InvalidPartitionState;
    const ranges = this.allocate(pages);
    if (!ranges) return HvStatus.InsufficientMemory;
    this.deposited.push(...ranges);
    return HvStatus.Success;
  }

  /** One more VP, if `reservedElsewhere` (in LPs) leaves room for its reserve. */
  createVp(reservedElsewhere: number, lpCount: number): HvStatus {
    if (!this.is('active')) return HvStatus.InvalidPartitionState;
    if (this.deposited.length === 0) return HvStatus.InsufficientMemory;
    const reserved = ((this.vpCount + 1) * this.cpu.reserve) / FULL_LP;
    if (reservedElsewhere + reserved > lpCount + 1e-9) return HvStatus.OperationDenied;
    this.vpCount++;
    return HvStatus.Success;
  }

  mapGpaPages(pages: number): HvStatus {
    if (!this.is('active')) return HvStatus.InvalidPartitionState;
    const ranges = this.allocate(pages);
    if (!ranges) return HvStatus.InsufficientMemory;
    this.count(ranges, 1);
    this.space.map(ranges);
    return HvStatus.Success;
  }

  /** Takes the highest guest pages away: the parent has them back. */
  unmapGpaPages(pages: number): HvStatus {
    if (!this.is('active')) return HvStatus.InvalidPartitionState;
    if (pages > this.space.pages) return HvStatus.InvalidParameter;
    const ranges = this.space.unmap(pages);
    this.count(ranges, -1);
    this.memory.release(ranges);
    return HvStatus.Success;
  }

  finalize(): HvStatus {
    if (!this.is('active', 'finalizing')) return HvStatus.InvalidPartitionState;
    this.phase = 'finalized';
    this.vpCount = 0;
    this.memory.release(this.space.clear());
    return HvStatus.Success;
  }

  /** Takes the pool back; once the partition is gone nothing of it is left anywhere. */
  withdraw(): HvStatus {
    if (!this.is('active', 'finalizing', 'finalized')) return HvStatus.InvalidPartitionState;
    this.memory.release(this.deposited);
    this.deposited = [];
    return HvStatus.Success;
  }

  delete(): HvStatus {
    if (!this.is('finalized') || this.deposited.length > 0) return HvStatus.InvalidPartitionState;
    this.phase = 'deleted';
    return HvStatus.Success;
  }

  get depositedPages(): number {
    return this.deposited.reduce((sum, range) => sum + range.count, 0);
  }

  private allocate(pages: number): PageRange[] | null {
    return this.onlyNode === null
      ? this.memory.allocate(pages, this.home)
      : this.memory.allocateOn(this.onlyNode, pages);
  }

  private count(ranges: readonly PageRange[], sign: 1 | -1): void {
    for (const { first, count } of ranges) {
      const node = this.memory.nodeOf(first);
      this.pagesOnNode[node] = (this.pagesOnNode[node] ?? 0) + sign * count;
    }
  }

  private is(...phases: PartitionPhase[]): boolean {
    return phases.includes(this.phase);
  }
}

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
