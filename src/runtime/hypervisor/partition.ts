import type { PageRange, SystemMemory } from '../hardware/system-memory.js';
import { AddressSpace } from './address-space.js';
import { type PartitionPhase, takesCall } from './partition-phases.js';
import { CallCode, mayCall, ROOT_PRIVILEGES } from './tlfs/privileges.js';
import { HvStatus } from './tlfs/status.js';

/** CpuReserve, CpuCap and CpuWeight: fractions of one LP with 0x10000 for 100 %, and 1 to 10,000 (TLFS 2.0a §18). */
export interface CpuProperties {
  reserve: number;
  cap: number;
  weight: number;
}

export const FULL_LP = 0x10000;

/**
 * One partition as the hypervisor knows it: its phase, its pool of deposited pages, its VPs and its guest physical
 * address space. Every method is a hypercall of who manages it, which needs the privilege for it, and answers with its status.
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
    /** Privileges of the partition that manages it. */
    private readonly managedWith: bigint = ROOT_PRIVILEGES,
  ) {
    this.home = onlyNode ?? memory.emptiestNode();
  }

  /** HvCreatePartition by a partition with these privileges: the new one, or why there is none. */
  static create(
    privileges: bigint,
    ...[name, memory, onlyNode, space]: ConstructorParameters<typeof Partition>
  ): Partition | HvStatus {
    if (mayCall(CallCode.CreatePartition, privileges) !== true) return HvStatus.AccessDenied;
    return new Partition(name, memory, onlyNode, space, privileges);
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
    const refused = this.refusal(CallCode.SetPartitionProperty);
    if (refused !== null) return refused;
    const { reserve, cap, weight } = cpu;
    const inRange = within(reserve, 0, FULL_LP) && within(cap, 0, FULL_LP) && within(weight, 1, 10_000);
    if (!inRange) return HvStatus.PropertyValueOutOfRange;
    if (reserve > cap) return HvStatus.InvalidParameter;
    this.cpu = { ...cpu };
    return HvStatus.Success;
  }

  initialize(): HvStatus {
    const refused = this.refusal(CallCode.InitializePartition);
    if (refused !== null) return refused;
    this.phase = 'active';
    return HvStatus.Success;
  }

  /** Puts pages into the pool from which the hypervisor pays for what it does for this partition. */
  deposit(pages: number): HvStatus {
    const refused = this.refusal(CallCode.DepositMemory);
    if (refused !== null) return refused;
    const ranges = this.allocate(pages);
    if (!ranges) return HvStatus.InsufficientMemory;
    this.deposited.push(...ranges);
    return HvStatus.Success;
  }

  /** One more VP, if `reservedElsewhere` (in LPs) leaves room for its reserve. */
  createVp(reservedElsewhere: number, lpCount: number): HvStatus {
    const refused = this.refusal(CallCode.CreateVp);
    if (refused !== null) return refused;
    if (this.deposited.length === 0) return HvStatus.InsufficientMemory;
    const reserved = ((this.vpCount + 1) * this.cpu.reserve) / FULL_LP;
    if (reservedElsewhere + reserved > lpCount + 1e-9) return HvStatus.OperationDenied;
    this.vpCount++;
    return HvStatus.Success;
  }

  /** One VP less. */
  deleteVp(): HvStatus {
    const refused = this.refusal(CallCode.DeleteVp);
    if (refused !== null) return refused;
    if (this.vpCount === 0) return HvStatus.InvalidVpIndex;
    this.vpCount--;
    return HvStatus.Success;
  }

  mapGpaPages(pages: number): HvStatus {
    const refused = this.refusal(CallCode.MapGpaPages);
    if (refused !== null) return refused;
    const ranges = this.allocate(pages);
    if (!ranges) return HvStatus.InsufficientMemory;
    this.count(ranges, 1);
    this.space.map(ranges);
    return HvStatus.Success;
  }

  /** Takes the highest guest pages away: the parent has them back. */
  unmapGpaPages(pages: number): HvStatus {
    const refused = this.refusal(CallCode.UnmapGpaPages);
    if (refused !== null) return refused;
    if (pages > this.space.pages) return HvStatus.InvalidParameter;
    const ranges = this.space.unmap(pages);
    this.count(ranges, -1);
    this.memory.release(ranges);
    return HvStatus.Success;
  }

  finalize(): HvStatus {
    const refused = this.refusal(CallCode.FinalizePartition);
    if (refused !== null) return refused;
    this.phase = 'finalized';
    this.vpCount = 0;
    this.memory.release(this.space.clear());
    return HvStatus.Success;
  }

  /** Takes the pool back; once the partition is gone nothing of it is left anywhere. */
  withdraw(): HvStatus {
    const refused = this.refusal(CallCode.WithdrawMemory);
    if (refused !== null) return refused;
    this.memory.release(this.deposited);
    this.deposited = [];
    return HvStatus.Success;
  }

  delete(): HvStatus {
    const refused = this.refusal(CallCode.DeletePartition);
    if (refused !== null) return refused;
    if (this.deposited.length > 0) return HvStatus.InvalidPartitionState;
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

  /** What a call is refused for before anything else is looked at: first the caller, then the phase. */
  private refusal(code: number): HvStatus | null {
    if (mayCall(code, this.managedWith) !== true) return HvStatus.AccessDenied;
    return takesCall(this.phase, code) ? null : HvStatus.InvalidPartitionState;
  }
}

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
