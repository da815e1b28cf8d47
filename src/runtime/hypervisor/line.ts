import type { Timers } from '../timers.js';
import type { Contest, LineParameters } from './contest.js';
import { Entitlements } from './entitlements.js';
import { Rank } from './rank.js';
import { ReadyQueues } from './ready-queues.js';
import { Slices } from './slices.js';
import { VirtualTime } from './virtual-time.js';

/**
 * The line of those who wait for a place, and the rules by which they take turns. Contenders are virtual processors
 * and places are logical ones, or they are virtual cores and cores. Reserve goes before weight: within the reserve
 * whoever has most of it left is first; beyond it, start-time fair queueing: the least run time over weight. On several
 * places, where reserves or limits make a difference, nobody has more than {@link Entitlements} give while others wait for
 * theirs, and who would come too late for its own goes before all.
 */
export class Line {
  private readonly ready: ReadyQueues;
  /** The pinned contender that waits for a place, or -1. */
  private readonly pinnedReady: Int32Array;
  /** 1 for who waits, and how many do. */
  private readonly stands: Uint8Array;
  waiting = 0;
  private readonly virtual: VirtualTime;
  private readonly slices: Slices;
  /** Null where they could make no difference. */
  private readonly entitlements: Entitlements | null;
  /** What it ranks them; nobody where there is none. */
  private readonly entitledRank: Uint8Array;
  /** The same in periods in which they make one, else null. */
  private divided: Entitlements | null = null;
  readonly hasReserves: boolean;
  private readonly hasPinned: boolean;
  /** Whether ranks may differ: in periods in which nobody has a reserve or is entitled to anything they do not. */
  private isRanked: boolean;
  /** The rank a contender had when it was last served or asked about. */
  private readonly servedRank: Uint8Array;
  /** While nobody waits, no slice is seen to begin: then they are looked for, and not before this moment. */
  private lookNs = 0;

  constructor(
    timers: Timers,
    private readonly contest: Contest,
    private readonly parameters: LineParameters,
  ) {
    const { shares, holders } = contest;
    this.ready = new ReadyQueues(shares.length, contest.nodes);
    this.pinnedReady = new Int32Array(holders.length).fill(-1);
    this.virtual = new VirtualTime(Float64Array.from(shares, ({ weight }) => 100 / weight));
    this.slices = new Slices(shares.length, parameters.sliceNs);
    this.servedRank = new Uint8Array(shares.length);
    this.stands = new Uint8Array(shares.length);
    this.hasReserves = shares.some(({ reserve }) => reserve > 0);
    this.isRanked = this.hasReserves;
    this.hasPinned = contest.pinned.some((place) => place >= 0);
    this.entitlements =
      parameters.entitlements &&
      Entitlements.where(timers, shares, holders.length, parameters.entitlements, (contender) =>
        this.becomeUrgent(contender),
      );
    this.entitledRank = this.entitlements?.rank ?? new Uint8Array(shares.length);
  }

  /** Somebody can run; `woken` when it slept before, so that it may not save up its share. */
  enter(contender: number, woken: boolean, nowNs: number): void {
    if (this.waiting === 0 && nowNs >= this.lookNs) this.look(nowNs);
    if (woken) {
      this.virtual.wake(contender, this.parameters.wakeBonusNs);
      this.divided?.join(contender);
    }
    this.stand(contender);
  }

  /** Takes the stand in line that reserve and run time give it now. */
  stand(contender: number): void {
    this.leave(contender);
    this.stands[contender] = 1;
    this.waiting++;
    const heldNs = this.virtual.hold(contender, this.parameters.memoryNs);
    if (this.divided !== null) this.divided.wait(contender);
    const place = this.pinOf(contender);
    if (place >= 0) {
      this.pinnedReady[place] = contender;
      return;
    }
    const rank = this.rank(contender);
    this.ready.add(
      contender,
      this.homeOf(contender),
      rank,
      rank < Rank.Reserved ? heldNs : this.keyOf(contender, rank),
    );
  }

  leave(contender: number): void {
    if (this.stands[contender] === 0) return;
    this.stands[contender] = 0;
    this.waiting--;
    if (this.divided !== null) this.divided.goOn(contender);
    const place = this.pinOf(contender);
    if (place < 0) this.ready.remove(contender, this.homeOf(contender));
    else this.pinnedReady[place] = -1;
  }

  /** Whoever this place would be given next, or -1. */
  first(place: number): number {
    const free = this.contest.nodes === 1 ? this.ready.first(-1) : this.firstFree(place);
    if (!this.hasPinned) return free;
    const own = this.pinnedReady[place]!;
    if (own < 0) return free;
    // Whoever is not pinned finds another place.
    if (free >= 0 && this.contest.isPlaceFree(-1)) return own;
    return free >= 0 && this.goesBefore(free, own, place) ? free : own;
  }

  /** The place far from its memory of one that is at home on this node and may go on there, or -1. */
  abroadFrom(node: number): number {
    const { contest } = this;
    return contest.holders.findIndex(
      (holder, place) =>
        holder >= 0 && contest.homeOf(holder) === node && contest.nodeOf(place) !== node && contest.hasBudget(holder),
    );
  }

  /** It has left the line for a place, and its first slice there begins. */
  begin(contender: number): void {
    this.slices.begin(contender, this.sliceNs());
    if (this.isRanked) this.servedRank[contender] = this.rank(contender);
    this.serve(contender);
  }

  run(contender: number, ns: number): void {
    this.virtual.run(contender, ns);
    this.slices.run(contender, ns);
    if (this.divided !== null) this.divided.spend(contender, ns);
  }

  /** How long it may run until it must be asked about again, `uncountedNs` after what was counted. */
  runNs(contender: number, uncountedNs: number): number {
    const entitledNs = this.divided === null ? 0 : this.divided.leftNs[contender]! - uncountedNs;
    const mostNs = entitledNs > 0 ? entitledNs : Number.POSITIVE_INFINITY;
    if (this.waiting === 0) return mostNs;
    this.slices.renew(contender, uncountedNs);
    return Math.min(mostNs, this.slices.left(contender) - uncountedNs);
  }

  /** Whether the next period might be divided otherwise, because somebody waits. */
  get awaitsPeriod(): boolean {
    return this.entitlements !== null && this.waiting > 0;
  }

  /** Whether what was divided is over, and is divided anew at this moment. */
  isPeriodOver(nowNs: number): boolean {
    return this.divided !== null && nowNs >= this.divided.endNs;
  }

  /**
   * A period begins, and those who want a place divide it. Whether they are entitled to anything else than before: then
   * those in line must stand anew, and those who have places be asked whether they may go on.
   */
  divide(nowNs: number, endNs: number, wants: (contender: number) => boolean): boolean {
    if (this.entitlements === null) return false;
    const wasDivided = this.divided !== null;
    if (!wasDivided && this.entitlements.isNeedless(this.waiting + this.held())) return false;
    this.divided = this.entitlements.begin(wants) ? this.entitlements : null;
    this.isRanked = this.hasReserves || this.divided !== null;
    if (!this.isRanked) this.servedRank.fill(Rank.Rest);
    if (this.divided !== null) {
      this.contest.holders.forEach((holder, place) => {
        if (holder >= 0) this.contest.count(place, nowNs);
      });
      this.divided.divide(endNs);
    }
    return wasDivided || this.divided !== null;
  }

  /** Whether the holder of a place may keep it, now that all it ran is counted; then a new slice begins if one is over. */
  keeps(place: number, contender: number): boolean {
    const hasRank = !this.isRanked || this.keepsRank(contender);
    if (this.waiting === 0) return true;
    if (this.slices.left(contender) < 0) this.slices.renew(contender);
    const hasSlice = this.slices.left(contender) > 0;
    if (hasSlice && hasRank) return true;
    const rival = this.first(place);
    if (rival >= 0 && this.goesBefore(rival, contender, place)) return false;
    if (!hasSlice) this.slices.begin(contender, this.sliceNs());
    // Going on beyond its reserve is a start of service, too: without it the others would be held back for ever.
    this.serve(contender);
    return true;
  }

  /** Whether the holder of a place makes way for one that woke. */
  givesWay(place: number, woken: number, nowNs: number): boolean {
    this.contest.count(place, nowNs);
    const holder = this.contest.holders[place]!;
    if (this.isFar(woken, place) && !this.isFar(holder, place)) return this.leads(woken, holder);
    const rankHolder = this.rank(holder);
    const rankWoken = this.rank(woken);
    if (rankHolder >= Rank.Reserved || rankWoken >= Rank.Reserved) return rankWoken > rankHolder;
    return this.virtual.of(woken) + this.parameters.wakeGranularityNs < this.virtual.of(holder);
  }

  /**
   * The place that one within its reserve, or urgent, takes: its holder is not and had the most, at home before far away;
   * not one marked in `except`; or -1.
   */
  ofLast(contender: number, nowNs: number, except: Uint8Array | null = null): number {
    const { holders } = this.contest;
    const rank = this.rank(contender);
    let found = -1;
    let isFoundFar = false;
    let most = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < holders.length; place++) {
      const holder = holders[place]!;
      if (holder < 0 || except?.[place] === 1 || this.rank(holder) >= rank) continue;
      const isFar = this.isFar(contender, place);
      if (rank === Rank.Urgent) {
        if (this.contest.nodes === 1) return place;
        if (found < 0 || (isFoundFar && !isFar)) found = place;
        isFoundFar = this.isFar(contender, found);
        continue;
      }
      this.contest.count(place, nowNs);
      if (found >= 0 && isFar !== isFoundFar ? isFar : this.virtual.of(holder) <= most) continue;
      most = this.virtual.of(holder);
      found = place;
      isFoundFar = isFar;
    }
    return found;
  }

  isReserved(contender: number): boolean {
    return this.hasReserves && this.contest.reserveLeft(contender) > 0;
  }

  /** Whether it takes a place from those who have neither reserve left nor so little time. */
  isPressing(contender: number): boolean {
    return this.rank(contender) >= Rank.Reserved;
  }

  private rank(contender: number): number {
    if (!this.isRanked) return Rank.Rest;
    const rank = this.entitledRank[contender]!;
    return this.hasReserves && rank < Rank.Reserved && this.isReserved(contender) ? Rank.Reserved : rank;
  }

  /** Whether its rank is no less than when it was last served or asked about. */
  private keepsRank(contender: number): boolean {
    const rank = this.rank(contender);
    const isKept = rank >= this.servedRank[contender]!;
    this.servedRank[contender] = rank;
    return isKept;
  }

  private pinOf(contender: number): number {
    return this.hasPinned ? this.contest.pinned[contender]! : -1;
  }

  private homeOf(contender: number): number {
    return this.contest.nodes === 1 ? -1 : this.contest.homeOf(contender);
  }

  /** How many places somebody has. */
  private held(): number {
    let held = 0;
    for (const holder of this.contest.holders) if (holder >= 0) held++;
    return held;
  }

  /** Among equals in rank the least comes first. */
  private keyOf(contender: number, rank: number): number {
    if (rank < Rank.Reserved) return this.virtual.of(contender);
    return rank === Rank.Reserved ? -this.contest.reserveLeft(contender) : -this.divided!.leftNs[contender]!;
  }

  private becomeUrgent(contender: number): void {
    this.stand(contender);
    this.contest.urge(contender);
  }

  /** Whoever is first for this place of those who are not pinned: at home on its node, or far behind. */
  private firstFree(place: number): number {
    const { contest, ready } = this;
    let first = ready.first(-1);
    const own = contest.nodeOf(place);
    for (let node = 0; node < contest.nodes; node++) {
      const next = ready.first(node);
      // Whoever has a free place at home goes there.
      if (next < 0 || (node !== own && contest.isPlaceFree(node))) continue;
      if (first < 0 || this.goesBefore(next, first, place)) first = next;
    }
    return first;
  }

  private isFar(contender: number, place: number): boolean {
    if (this.contest.nodes === 1) return false;
    const home = this.contest.homeOf(contender);
    return home >= 0 && home !== this.contest.nodeOf(place);
  }

  /** Whether `a` is so far behind that it goes before `b` even where `b` is at home and `a` is not. */
  private leads(a: number, b: number): boolean {
    const isUrgentA = this.rank(a) === Rank.Urgent;
    if (isUrgentA !== (this.rank(b) === Rank.Urgent)) return isUrgentA;
    const reserveB = this.contest.reserveLeft(b);
    if (this.isReserved(a))
      return reserveB <= 0 || this.contest.reserveLeft(a) > reserveB + this.parameters.remoteLeadNs;
    return reserveB <= 0 && this.virtual.after(a, this.parameters.remoteLeadNs) < this.virtual.of(b);
  }

  private goesBefore(a: number, b: number, place: number): boolean {
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

  /** A slice begins. */
  private serve(contender: number): void {
    if (!this.isReserved(contender)) this.virtual.serve(contender);
  }

  /** Finds how far those who run without anybody waiting have come. */
  private look(nowNs: number): void {
    this.lookNs = nowNs + this.parameters.sliceNs;
    const { holders } = this.contest;
    for (let place = 0; place < holders.length; place++) {
      const holder = holders[place]!;
      // Most are behind whoever is furthest, and need not be counted to know that.
      if (holder < 0 || !this.virtual.leads(holder, this.contest.uncountedNs(place, nowNs))) continue;
      this.contest.count(place, nowNs);
      this.serve(holder);
    }
  }

  private sliceNs(): number {
    const { sliceNs, minimumSliceNs } = this.parameters;
    if (minimumSliceNs >= sliceNs) return sliceNs;
    const contenders = 1 + Math.ceil(this.ready.sharedSize / this.contest.holders.length);
    return Math.max(minimumSliceNs, Math.floor(sliceNs / contenders));
  }
}
