import { formatBytes } from '../../model/format.js';
import type { Child } from '../../model/host-model.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import type { AddressSpace } from '../hypervisor/address-space.js';
import { homeNodes } from '../hypervisor/nodes.js';
import { Partition } from '../hypervisor/partition.js';
import { ROOT_PRIVILEGES } from '../hypervisor/tlfs/privileges.js';
import { HvStatus } from '../hypervisor/tlfs/status.js';
import type { ChildMemory } from './dynamic-memory/child-memory.js';

/** The partition of a child, while there is one. What its guest sees as its memory may come back in another one. */
export class ChildPartition {
  current: Partition | null = null;
  private guestSpace: AddressSpace | undefined;

  constructor(
    private readonly parts: HostParts,
    private readonly child: Child,
    private readonly firstVp: number,
    /** Null where its memory stays what it starts with. */
    private readonly dynamic: ChildMemory | null,
  ) {}

  get assignedBytes(): number {
    return (this.current?.space.pages ?? 0) * PAGE_BYTES;
  }

  create(onlyNode: number | null): HvStatus {
    const made = Partition.create(ROOT_PRIVILEGES, this.child.name, this.parts.memory, onlyNode, this.guestSpace);
    if (!(made instanceof Partition)) return made;
    this.current = made;
    return HvStatus.Success;
  }

  /** The memory of a guest that goes on where it was: every page of it. */
  mapWholeMemory(pages: number): HvStatus {
    const status = this.mapFirst(pages);
    this.dynamic?.restored(this.current!);
    return status;
  }

  /** Its first memory; with less than its startup memory, the rest is smart paging. */
  mapStartMemory(pages: number): HvStatus {
    const { parts, dynamic, child } = this;
    const status = this.mapFirst(pages);
    dynamic?.mapped(this.current!);
    if (dynamic && dynamic.smartPagedPages > 0) {
      const lent = formatBytes(child.memory.startupBytes - pages * PAGE_BYTES);
      parts.log.record('memory', child.name, 'smart paging', {
        detail: `the host is short of memory: ${lent} of the startup memory are lent by a file`,
      });
    }
    return status;
  }

  /** Maps the pages with which it starts: its VPs are at home where they lie, if LPs are there. */
  private mapFirst(pages: number): HvStatus {
    const { memory, vps, lps } = this.parts;
    const partition = this.current!;
    const status = partition.mapGpaPages(pages);
    if (memory.nodeCount === 1) return status;
    const pagesOfNodes = Array.from({ length: memory.nodeCount }, (_, node) => partition.pagesOn(node));
    for (const [i, node] of homeNodes(this.child.processors.count, pagesOfNodes).entries())
      vps.home[this.firstVp + i] = lps.isHome(node) ? node : -1;
    return status;
  }

  /** The partition goes; its guest may go on in another one. */
  leave(): void {
    const { current } = this;
    this.guestSpace = current?.space;
    for (let vps = current?.vpCount ?? 0; vps > 0; vps--) current?.deleteVp();
    current?.finalize();
    current?.withdraw();
    current?.delete();
    this.current = null;
  }

  /** The partition goes, and its guest with it. */
  drop(): void {
    this.leave();
    this.guestSpace = undefined;
  }
}
