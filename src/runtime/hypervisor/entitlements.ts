import type { TimerOwner, Timers } from '../timers.js';
import { Tournament } from '../tournament.js';
import { type ClaimColumns, fairLevel, fairShare } from './fair-level.js';
import { Rank } from './rank.js';
import type { VpShare } from './virtual-processors.js';

export interface EntitlementParameters {
  /** A period has so many parts; nobody is entitled to less than one at a time: who would be saves it up. */
  parts: number;
  /** From this part of its limit on, 0 to 1, slices may bring a contender there before others had theirs. */
  near: number;
}

/**
 * What each contender is entitled to in a period, in ns on a place: its part of the max-min allocation of all places
 * among those who want one when the period begins. As long as nobody has more while somebody waits for it, all of it can
 * be given if whoever has as much left as there is time goes first: it is urgent (McNaughton 1959; zero laxity, Cho et al.
 * 2006). It is worked out only for periods in which more want a place than there are, and a reserve or a limit makes a
 * difference: otherwise weights do.
 */
export class Entitlements implements TimerOwner {
  /** What is left in this period; 0 for who has none. */
  readonly leftNs: Float64Array;
  /** Urgent, entitled to something that is left, or neither. */
  readonly rank: Uint8Array;
  /** The end of the period that was divided last. */
  endNs = 0;
  private grainNs = 0;
  /** So many claimants, or more, weights alone keep well within their limits; Infinity where there are reserves. */
  private readonly needlessFrom: number;
  private level = 0;
  private readonly savedNs: Float64Array;
  private readonly weight: Float64Array;
  /** Whoever has claimed a part of this period has a weight here. */
  private readonly claims: ClaimColumns;
  /** When it becomes urgent, of those who wait; Infinity for all others. */
  private readonly latest: Tournament;
  /** When they are looked at next: no later than anybody becomes urgent. */
  private soonestNs = Number.POSITIVE_INFINITY;
  private readonly slot: number;

  private constructor(
    private readonly timers: Timers,
    shares: readonly VpShare[],
    private readonly places: number,
    private readonly parameters: EntitlementParameters,
    /** One that waits became urgent. */
    private readonly becomesUrgent: (contender: number) => void,
  ) {
    const count = shares.length;
    const column = () => new Float64Array(count);
    this.weight = Float64Array.from(shares, ({ weight }) => weight);
    this.claims = {
      floor: Float64Array.from(shares, ({ reserve, limit }) => Math.min(reserve, limit)),
      ceiling: Float64Array.from(shares, ({ limit }) => limit),
      weight: column(),
    };
    this.leftNs = column();
    this.savedNs = column();
    this.rank = new Uint8Array(count);
    this.latest = new Tournament(count);
    this.slot = timers.add(this);
    this.needlessFrom = this.enough(shares);
  }

  /** Null where they would make no difference: nobody has a reserve or a limit. Nor are they kept for CPU groups. */
  static where(
    timers: Timers,
    shares: readonly VpShare[],
    places: number,
    parameters: EntitlementParameters,
    becomesUrgent: (contender: number) => void,
  ): Entitlements | null {
    const isBound = shares.some(({ reserve, limit }) => reserve > 0 || limit < 1);
    const isGrouped = shares.some(({ group }) => group !== undefined);
    return isBound && !isGrouped ? new Entitlements(timers, shares, places, parameters, becomesUrgent) : null;
  }

  /** Whether a division among so many claimants, or more, is certain to make no difference; quickly told, unlike all others. */
  isNeedless(claimants: number): boolean {
    return claimants >= this.needlessFrom;
  }

  /** A period begins, and nobody is entitled to anything. Whether it makes a difference to divide it among who `claims`. */
  begin(claims: (contender: number) => boolean): boolean {
    const { weight } = this.claims;
    let claimants = 0;
    for (let i = 0; i < weight.length; i++) {
      const isClaiming = claims(i);
      weight[i] = isClaiming ? this.weight[i]! : 0;
      if (isClaiming) claimants++;
    }
    this.leftNs.fill(0);
    this.rank.fill(Rank.Rest);
    this.latest.clear();
    this.soonestNs = Number.POSITIVE_INFINITY;
    this.timers.disarm(this.slot);
    return claimants > this.places && this.findLevel();
  }

  /** Whoever claimed something has its part of the period, now that nothing it ran before is uncounted. */
  divide(endNs: number): void {
    const { weight } = this.claims;
    this.endNs = endNs;
    this.grainNs = (endNs - this.timers.nowNs) / this.parameters.parts;
    for (let i = 0; i < weight.length; i++) if (weight[i]! > 0) this.entitle(i);
  }

  /** Who comes in the course of a period has its part of the rest of it, at the level of the period. */
  join(contender: number): void {
    const { weight } = this.claims;
    if (weight[contender]! > 0 || this.timers.nowNs >= this.endNs) return;
    weight[contender] = this.weight[contender]!;
    this.entitle(contender);
  }

  spend(contender: number, ns: number): void {
    const left = this.leftNs[contender]!;
    if (left === 0) return;
    if (left > ns) {
      this.leftNs[contender] = left - ns;
      return;
    }
    this.leftNs[contender] = 0;
    this.rank[contender] = Rank.Rest;
  }

  /** It waits from now on. */
  wait(contender: number): void {
    if (this.rank[contender] !== Rank.Entitled) return;
    const latestNs = this.endNs - this.leftNs[contender]!;
    if (latestNs <= this.timers.nowNs) {
      this.rank[contender] = Rank.Urgent;
      return;
    }
    this.latest.set(contender, latestNs);
    if (latestNs < this.soonestNs) this.lookAt(latestNs);
  }

  /** It waits no more. */
  goOn(contender: number): void {
    if (this.rank[contender] === Rank.Entitled) this.latest.set(contender, Number.POSITIVE_INFINITY);
  }

  fire(_argument: number, nowNs: number): void {
    const { latest } = this;
    while (latest.leastKey() <= nowNs) this.becomeUrgent(latest.first());
    if (latest.leastKey() < Number.POSITIVE_INFINITY) this.lookAt(latest.leastKey());
    else this.soonestNs = Number.POSITIVE_INFINITY;
  }

  private becomeUrgent(contender: number): void {
    this.latest.set(contender, Number.POSITIVE_INFINITY);
    this.rank[contender] = Rank.Urgent;
    this.becomesUrgent(contender);
  }

  private lookAt(momentNs: number): void {
    this.soonestNs = momentNs;
    this.timers.arm(this.slot, momentNs);
  }

  /**
   * Whether reserves or limits may make a difference among those who claim something. They do not where weights alone keep
   * everybody well within its limit, and where reserves, even if they all go first, leave everybody time for its part.
   */
  private findLevel(): boolean {
    const { floor, ceiling, weight } = this.claims;
    const { near } = this.parameters;
    this.level = fairLevel(this.places, this.claims);
    let reserved = 0;
    let mostReserved = 0;
    let most = 0;
    for (let i = 0; i < weight.length; i++) {
      if (weight[i] === 0) continue;
      const share = fairShare(this.level, this.claims, i);
      if (ceiling[i]! < 1 && share > near * ceiling[i]!) return true;
      reserved += floor[i]!;
      if (floor[i]! > mostReserved) mostReserved = floor[i]!;
      if (share > most) most = share;
    }
    return reserved > 0 && reserved / this.places + mostReserved > 1 - most;
  }

  /** How many of the least weight it takes for whoever has most weight for its limit to stay well within that. */
  private enough(shares: readonly VpShare[]): number {
    if (shares.some(({ reserve }) => reserve > 0)) return Number.POSITIVE_INFINITY;
    const leastWeight = Math.min(...shares.map(({ weight }) => weight));
    const mostForLimit = Math.max(...shares.map(({ weight, limit }) => weight / limit));
    return 1 + (this.places * mostForLimit) / (this.parameters.near * leastWeight);
  }

  private entitle(i: number): void {
    const periodNs = this.endNs - this.timers.nowNs;
    const due = this.savedNs[i]! + Math.floor(fairShare(this.level, this.claims, i) * periodNs);
    this.savedNs[i] = due < this.grainNs ? due : 0;
    this.leftNs[i] = due < this.grainNs ? 0 : due;
    this.rank[i] = due >= periodNs ? Rank.Urgent : this.leftNs[i]! > 0 ? Rank.Entitled : Rank.Rest;
  }
}
