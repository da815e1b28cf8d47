import type { Child } from '../model/host-model.js';
import type { ProcessorUse } from '../runtime/child/machine/processor-share.js';
import { type Claim, shareOut } from '../runtime/hypervisor/share-out.js';

/** Who has not been heard of for so long sleeps, and claims nothing until it is. */
const SILENT_NS = 600e6;
/** What a processor demands before anything is known of it. */
const EVERYTHING = 1;
/** Room above what was used, so that a growing demand is not held back for long. */
const HEADROOM = 1.25;

interface Member extends Claim {
  heardNs: number;
  told: number;
  tell(share: number): void;
}

/** What one child has of the processors. */
export interface ProcessorSeat {
  /** What its thread said of itself. */
  hear(use: ProcessorUse): void;
  leave(): void;
}

/**
 * The logical processors of a host, divided among the machine children that run at once, each on a thread of its own:
 * reserve first, the rest by weight, never above a limit. It knows what their threads report every 100 ms, so a change of
 * demand is followed that late.
 */
export class HostProcessors {
  private readonly members = new Set<Member>();

  /** `count`: logical processors of the host, or of the computer that executes it where that has fewer. */
  constructor(
    private readonly count: number,
    private readonly nowNs: () => number,
  ) {}

  /** `tell` hears of the share of one processor that the child may use from now on, above 0 to 1. */
  join({ processors }: Child, tell: (share: number) => void): ProcessorSeat {
    const member: Member = {
      reserve: processors.reservePercent / 100,
      limit: processors.limitPercent / 100,
      weight: processors.weight,
      demand: EVERYTHING,
      heardNs: this.nowNs(),
      told: 1,
      tell,
    };
    this.members.add(member);
    this.divide();
    return {
      hear: ({ demand }) => {
        member.heardNs = this.nowNs();
        member.demand = Math.min(1, demand * HEADROOM);
        this.divide();
      },
      leave: () => {
        this.members.delete(member);
        this.divide();
      },
    };
  }

  private divide(): void {
    const members = [...this.members];
    const nowNs = this.nowNs();
    const awake = members.filter(({ heardNs }) => nowNs - heardNs < SILENT_NS);
    const shares = shareOut(this.count, awake);
    const contended = awake.reduce((sum, { demand }) => sum + demand, 0) > this.count;
    for (const [index, member] of awake.entries()) {
      const share = contended ? Math.max(shares[index]!, SMALLEST_SHARE) : 1;
      if (Math.abs(share - member.told) < 0.01) continue;
      member.told = share;
      member.tell(share);
    }
  }
}

/** A share of nothing would never report again. */
const SMALLEST_SHARE = 0.01;
