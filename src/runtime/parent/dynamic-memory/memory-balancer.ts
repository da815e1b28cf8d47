import { PAGE_BYTES } from '../../hardware/system-memory.js';
import type { HostParts } from '../../host-parts.js';
import type { TimerOwner } from '../../timers.js';
import { balance, type Claim } from './balance.js';
import type { ChildMemory } from './child-memory.js';

/** Whoever keeps the books of the host's memory. */
export interface MemoryBooks {
  /** Bytes that are left to give, on one node or on all; negative when somebody waits for more than there is. */
  memoryLeftBytes(node: number | null): number;
}

interface Member {
  memory: ChildMemory;
  claim: Claim;
}

/**
 * The memory balancer in the parent: at regular moments it compares what the guests say they need with what they have,
 * asks those with too much for pages, and gives what is free to those under the highest pressure.
 */
export class MemoryBalancer implements TimerOwner {
  private readonly slot: number;

  constructor(
    private readonly parts: HostParts,
    private readonly memories: readonly ChildMemory[],
    private readonly books: MemoryBooks,
  ) {
    this.slot = parts.timers.add(this);
  }

  /** The host is ready: its first round comes a period from now. */
  begin(): void {
    const periodNs = Math.max(1, this.parts.costs.get('balancer-period').amount);
    this.parts.timers.arm(this.slot, this.parts.timers.nowNs + periodNs);
  }

  /** The parent is gone. */
  stop(): void {
    this.parts.timers.disarm(this.slot);
  }

  get availableBytes(): number {
    return Math.max(0, this.books.memoryLeftBytes(null));
  }

  /** Mean of the average pressures of the children that report one. */
  get averagePressurePercent(): number {
    const members = this.memories.filter((memory) => memory.claim() !== null);
    const sum = members.reduce((total, { averagePressurePercent }) => total + averagePressurePercent, 0);
    return members.length === 0 ? 0 : sum / members.length;
  }

  fire(): void {
    const members = this.memories.flatMap((memory): Member[] => {
      const claim = memory.claim();
      return claim === null ? [] : [{ memory, claim }];
    });
    for (const node of new Set(members.map(({ memory }) => memory.node)))
      this.round(
        members.filter(({ memory }) => memory.node === node),
        node,
      );
    this.begin();
  }

  /** One round among children that draw on the same memory. */
  private round(members: Member[], node: number | null): void {
    const { costs } = this.parts;
    let available = Math.floor(this.books.memoryLeftBytes(node) / PAGE_BYTES);
    const targets = balance(
      members.map(({ claim }) => claim),
      available,
    );
    const step = Math.max(1, Math.floor(costs.get('balancer-step').amount / PAGE_BYTES));
    const most = Math.max(
      1,
      Math.floor((costs.get('balloon-rate').amount * costs.get('balancer-period').amount) / 1e9 / PAGE_BYTES),
    );
    const wants: { memory: ChildMemory; pages: number; pressure: number }[] = [];
    members.forEach(({ memory, claim }, i) => {
      const pages = targets[i]! - claim.assigned;
      if (memory.busy) return;
      if (pages >= step && available > 0)
        wants.push({ memory, pages: Math.min(most, pages), pressure: claim.demand / claim.assigned });
      else if (memory.smartPagedPages > 0) memory.takeBack(Math.min(most, memory.smartPagedPages));
      else if (pages <= -step) memory.takeBack(Math.min(most, -pages));
    });
    wants.sort((a, b) => b.pressure - a.pressure);
    for (const { memory, pages } of wants) available -= memory.give(pages, available);
  }
}
