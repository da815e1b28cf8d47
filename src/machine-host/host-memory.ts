import { machineOverheadBytes, openLedger } from '../model/admission.js';
import { MEMORY_COSTS } from '../model/catalog/costs-memory.js';
import { type DynamicMemory, dynamicMemoryOf } from '../model/dynamic-memory.js';
import type { Child, HostModel } from '../model/host-model.js';
import { balance } from '../runtime/parent/dynamic-memory/balance.js';
import type { MemoryUse } from '../runtime/parent/vsp/memory/memory-vsp.js';
import { memoryOf } from './machine-limits.js';

const PAGE_BYTES = 4096;

interface Member {
  /** null: its memory stays as it is. */
  bounds: DynamicMemory | null;
  startPages: number;
  overheadPages: number;
  assigned: number;
  /** null before its guest has said what it needs. */
  demand: number | null;
  assign(pages: number): void;
}

/** What one child has of the host's memory. */
export interface MemorySeat {
  /** What its thread said of itself. */
  hear(use: MemoryUse): void;
  leave(): void;
}

/**
 * The memory of a host, balanced among the machine children that run at once, by the same function as among modelled
 * ones. A guest reports every second; rounds are as far apart as in the modelled parent.
 */
export class HostMemory {
  private readonly members = new Set<Member>();
  private readonly pages: number;
  private nextRoundNs = 0;

  constructor(
    private readonly host: HostModel,
    private readonly nowNs: () => number,
  ) {
    this.pages = Math.floor(openLedger(host).memoryLeftBytes / PAGE_BYTES);
  }

  /** `assign` hears how many pages the child should have from now on. */
  join(child: Child, assign: (pages: number) => void): MemorySeat {
    const bytes = memoryOf(child);
    const startPages = bytes / PAGE_BYTES;
    const member: Member = {
      bounds: dynamicMemoryOf(this.host, child),
      startPages,
      overheadPages: Math.ceil(machineOverheadBytes(bytes) / PAGE_BYTES),
      assigned: startPages,
      demand: null,
      assign,
    };
    this.members.add(member);
    return {
      hear: ({ assignedPages, demandPages }) => {
        member.assigned = assignedPages;
        member.demand = demandPages;
        this.round();
      },
      leave: () => this.members.delete(member),
    };
  }

  /** No child runs: a changed definition may take its place. */
  get idle(): boolean {
    return this.members.size === 0;
  }

  private round(): void {
    const nowNs = this.nowNs();
    if (nowNs < this.nextRoundNs) return;
    this.nextRoundNs = nowNs + PERIOD_NS;
    const taken = [...this.members].reduce((sum, { assigned, overheadPages }) => sum + assigned + overheadPages, 0);
    const claims = [...this.members].flatMap((member) => claimOf(member));
    let available = this.pages - taken;
    const targets = balance(
      claims.map(({ claim }) => claim),
      Math.max(0, available),
    );
    for (const [index, { member }] of claims.entries()) {
      const more = targets[index]! - member.assigned;
      if (Math.abs(more) < STEP_PAGES) continue;
      const pages = Math.min(more, MOST_PAGES, Math.max(0, available));
      if (more > 0) available -= pages;
      member.assign(member.assigned + (more > 0 ? pages : Math.max(more, -MOST_PAGES)));
    }
  }
}

function claimOf(member: Member) {
  const { bounds, demand, assigned, startPages } = member;
  if (bounds === null || demand === null) return [];
  const { minimumBytes, bufferPercent, priority } = bounds;
  const minimum = Math.ceil(minimumBytes / PAGE_BYTES);
  return [{ member, claim: { assigned, demand, minimum, maximum: startPages, bufferPercent, priority } }];
}

function amount(id: string): number {
  return MEMORY_COSTS.find((cost) => cost.id === id)!.amount;
}

const PERIOD_NS = amount('balancer-period');
const STEP_PAGES = Math.max(1, Math.floor(amount('balancer-step') / PAGE_BYTES));
/** What a balloon moves in the time between two rounds. */
const MOST_PAGES = Math.max(1, Math.floor((amount('balloon-rate') * PERIOD_NS) / 1e9 / PAGE_BYTES));
