import type { Contest } from './contest.js';
import type { Entitlements } from './entitlements.js';
import { Rank } from './rank.js';
import type { VirtualTime } from './virtual-time.js';

/**
 * Who goes before whom in a {@link Line}: by rank, at home before far away, then by run time, or by what is left of a reserve or
 * of what one is entitled to.
 */
export class Precedence {
  readonly hasReserves: boolean;
  /** What the period is divided by, in periods in which that makes a difference, else null. */
  divided: Entitlements | null = null;
  /** Whether ranks may differ: in periods in which nobody has a reserve or is entitled to anything they do not. */
  isRanked: boolean;

  constructor(
    private readonly contest: Contest,
    private readonly virtual: VirtualTime,
    /** By how many ns of its run time one must be behind to go before others far from its memory. */
    private readonly remoteLeadNs: number,
    /** What entitlements rank everybody; nobody where there are none. */
    private readonly entitledRank: Uint8Array,
  ) {
    this.hasReserves = contest.shares.some(({ reserve }) => reserve > 0);
    this.isRanked = this.hasReserves;
  }

  /** A period begins that is divided, or not. */
  divide(divided: Entitlements | null): void {
    this.divided = divided;
    this.isRanked = this.hasReserves || divided !== null;
  }

  /** One of {@link Rank}; the same for all where ranks cannot differ. */
  rank(contender: number): number {
    if (!this.isRanked) return Rank.Rest;
    const rank = this.entitledRank[contender]!;
    return this.hasReserves && rank < Rank.Reserved && this.isReserved(contender) ? Rank.Reserved : rank;
  }

  /** Whether it has some of its reserve left. */
  isReserved(contender: number): boolean {
    return this.hasReserves && this.contest.reserveLeft(contender) > 0;
  }

  /** Whether `a`, which waits, has this place before `b`, which waits or has it; of equals neither does. */
  goesBefore(a: number, b: number, place: number): boolean {
    if (!this.isRanked && this.contest.nodes === 1) return this.virtual.of(a) < this.virtual.of(b);
    if (this.contest.nodes > 1) {
      const isFarA = this.isFar(a, place);
      if (isFarA !== this.isFar(b, place)) return isFarA ? this.leads(a, b) : !this.leads(b, a);
    }
    const rank = this.rank(a);
    const rankB = this.rank(b);
    if (rank !== rankB) return rank > rankB;
    return rank < Rank.Reserved ? this.virtual.of(a) < this.virtual.of(b) : this.keyOf(a, rank) < this.keyOf(b, rank);
  }

  /** Among the urgent, whoever finds another place leaves a pinned one its only one: else that might come too late in every period. */
  goesBeforePinned(free: number, pinned: number, place: number): boolean {
    if (!this.goesBefore(free, pinned, place)) return false;
    if (this.rank(pinned) !== Rank.Urgent) return true;
    const { holders } = this.contest;
    return !holders.some((holder, other) => other !== place && holder >= 0 && this.rank(holder) < Rank.Urgent);
  }

  /** Whether it is at home on another node than that of the place. */
  isFar(contender: number, place: number): boolean {
    if (this.contest.nodes === 1) return false;
    const home = this.contest.homeOf(contender);
    return home >= 0 && home !== this.contest.nodeOf(place);
  }

  /** Among equals in rank the least comes first: ns at weight 100 that it has come, or, negative, ns it has left. */
  keyOf(contender: number, rank: number): number {
    if (rank < Rank.Reserved) return this.virtual.of(contender);
    return rank === Rank.Reserved ? -this.contest.reserveLeft(contender) : -this.divided!.leftNs[contender]!;
  }

  /** Whether `a` is so far behind that it goes before `b` even where `b` is at home and `a` is not. */
  leads(a: number, b: number): boolean {
    const isUrgentA = this.rank(a) === Rank.Urgent;
    if (isUrgentA !== (this.rank(b) === Rank.Urgent)) return isUrgentA;
    const reserveB = this.contest.reserveLeft(b);
    if (this.isReserved(a)) return reserveB <= 0 || this.contest.reserveLeft(a) > reserveB + this.remoteLeadNs;
    return reserveB <= 0 && this.virtual.after(a, this.remoteLeadNs) < this.virtual.of(b);
  }
}
