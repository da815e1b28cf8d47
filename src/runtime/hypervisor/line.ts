import type { Timers } from '../timers.js';
import type { Contest, LineParameters } from './contest.js';
import { Entitlements } from './entitlements.js';
import { Precedence } from './precedence.js';
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
  private readonly order: Precedence;
  private readonly hasPinned: boolean;
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
    const inverseWeight = Float64Array.from(shares, ({ weight }) => 100 / weight);
    const longest = inverseWeight.reduce((most, each) => Math.max(most, each), 0);
    this.virtual = new VirtualTime(inverseWeight, parameters.behindSlices * parameters.sliceNs * longest);
    this.slices = new Slices(shares.length, parameters.sliceNs);
    this.servedRank = new Uint8Array(shares.length);
    this.stands = new Uint8Array(shares.length);
    this.hasPinned = contest.pinned.some((place) => place >= 0);
    this.entitlements =
      parameters.entitlements &&
      Entitlements.where(timers, shares, holders.length, parameters.entitlements, (contender) =>
        this.becomeUrgent(contender),
      );
    const entitledRank = this.entitlements?.rank ?? new Uint8Array(shares.length);
    this.order = new Precedence(contest, this.virtual, parameters.remoteLeadNs, entitledRank);
  }

  get hasReserves(): boolean {
    return this.order.hasReserves;
  }

  isReserved(contender: number): boolean {
    return this.order.isReserved(contender);
  }

  /** Somebody can run; `woken` when it slept before, so that it may not save up its share. */
  enter(contender: number, woken: boolean, nowNs: number): void {
    if (this.waiting === 0 && nowNs >= this.lookNs) this.look(nowNs);
    if (woken) {
      this.wake(contender, nowNs);
      this.order.divided?.join(contender);
    } else this.virtual.keepUp(contender);
    this.stand(contender);
  }

  /** Takes the stand in line that reserve and run time give it now. */
  stand(contender: number): void {
    this.leave(contender);
    this.stands[contender] = 1;
    this.waiting++;
    const heldNs = this.virtual.hold(contender, this.parameters.memoryNs);
    if (this.order.divided !== null) this.order.divided.wait(contender);
    const place = this.pinOf(contender);
    if (place >= 0) {
      this.pinnedReady[place] = contender;
      return;
    }
    const rank = this.order.rank(contender);
    this.ready.add(
      contender,
      this.homeOf(contender),
      rank,
      rank < Rank.Reserved ? heldNs : this.order.keyOf(contender, rank),
    );
  }

  leave(contender: number): void {
    if (this.stands[contender] === 0) return;
    this.stands[contender] = 0;
    this.waiting--;
    if (this.order.divided !== null) this.order.divided.goOn(contender);
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
    return free >= 0 && this.order.goesBeforePinned(free, own, place) ? free : own;
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
    if (this.order.isRanked) this.servedRank[contender] = this.order.rank(contender);
    if (!this.order.isReserved(contender)) this.virtual.serve(contender);
  }

  run(contender: number, ns: number): void {
    this.virtual.run(contender, ns);
    this.slices.run(contender, ns);
    if (this.order.divided !== null) this.order.divided.spend(contender, ns);
  }

  /** How long it may run until it must be asked about again, `uncountedNs` after what was counted. */
  runNs(contender: number, uncountedNs: number): number {
    const entitledNs = this.order.divided === null ? 0 : this.order.divided.leftNs[contender]! - uncountedNs;
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
    return this.order.divided !== null && nowNs >= this.order.divided.endNs;
  }

  /**
   * A period begins, and those who want a place divide it. Whether they are entitled to anything else than before: then
   * those in line must stand anew, and those who have places be asked whether they may go on.
   */
  divide(nowNs: number, endNs: number, wants: (contender: number) => boolean): boolean {
    if (this.entitlements === null) return false;
    const wasDivided = this.order.divided !== null;
    if (!wasDivided && this.entitlements.isNeedless(this.waiting + this.held())) return false;
    this.order.divide(this.entitlements.begin(wants) ? this.entitlements : null);
    if (!this.order.isRanked) this.servedRank.fill(Rank.Rest);
    if (this.order.divided !== null) {
      this.contest.holders.forEach((holder, place) => {
        if (holder >= 0) this.contest.count(place, nowNs);
      });
      this.order.divided.divide(endNs);
    }
    return wasDivided || this.order.divided !== null;
  }

  /** Whether the holder of a place may keep it, now that all it ran is counted; then a new slice begins if one is over. */
  keeps(place: number, contender: number): boolean {
    const hasRank = !this.order.isRanked || this.keepsRank(contender);
    if (this.waiting === 0) return true;
    if (this.slices.left(contender) < 0) this.slices.renew(contender);
    const hasSlice = this.slices.left(contender) > 0;
    if (hasSlice && hasRank) return true;
    const rival = this.first(place);
    if (rival >= 0 && this.order.goesBefore(rival, contender, place)) return false;
    if (!hasSlice) this.slices.begin(contender, this.sliceNs());
    // Going on beyond its reserve is a start of service, too: without it the others would be held back for ever.
    this.serve(contender);
    return true;
  }

  /** Whether the holder of a place makes way for one that woke. */
  givesWay(place: number, woken: number, nowNs: number): boolean {
    this.contest.count(place, nowNs);
    const holder = this.contest.holders[place]!;
    if (this.order.isFar(woken, place) && !this.order.isFar(holder, place)) return this.order.leads(woken, holder);
    const rankHolder = this.order.rank(holder);
    const rankWoken = this.order.rank(woken);
    if (rankHolder >= Rank.Reserved || rankWoken >= Rank.Reserved) return rankWoken > rankHolder;
    return this.virtual.of(woken) + this.parameters.wakeGranularityNs < this.virtual.of(holder);
  }

  /** The same for one that has no other place. */
  givesWayToPinned(place: number, pinned: number, nowNs: number): boolean {
    if (this.givesWay(place, pinned, nowNs)) return true;
    const holder = this.contest.holders[place]!;
    const isUrgent = this.order.rank(pinned) === Rank.Urgent;
    return isUrgent && this.pinOf(holder) < 0 && !this.order.goesBeforePinned(holder, pinned, place);
  }

  /**
   * The place that one within its reserve, or urgent, takes: its holder is not and had the most, at home before far away;
   * not one marked in `except`; or -1.
   */
  ofLast(contender: number, nowNs: number, except: Uint8Array | null = null): number {
    const { holders } = this.contest;
    const rank = this.order.rank(contender);
    let found = -1;
    let isFoundFar = false;
    let most = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < holders.length; place++) {
      const holder = holders[place]!;
      if (holder < 0 || except?.[place] === 1 || this.order.rank(holder) >= rank) continue;
      const isFar = this.order.isFar(contender, place);
      if (rank === Rank.Urgent) {
        if (this.contest.nodes === 1) return place;
        if (found < 0 || (isFoundFar && !isFar)) found = place;
        isFoundFar = this.order.isFar(contender, found);
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

  /** Whether it takes a place from those who have neither reserve left nor so little time. */
  isPressing(contender: number): boolean {
    return this.order.rank(contender) >= Rank.Reserved;
  }

  /** Whether its rank is no less than when it was last served or asked about. */
  private keepsRank(contender: number): boolean {
    const rank = this.order.rank(contender);
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
      if (first < 0 || this.order.goesBefore(next, first, place)) first = next;
    }
    return first;
  }

  private wake(contender: number, nowNs: number): void {
    const place = this.pinOf(contender);
    const holder = place < 0 ? -1 : this.contest.holders[place]!;
    if (holder >= 0) this.contest.count(place, nowNs);
    this.virtual.wake(contender, this.parameters.wakeBonusNs, holder);
  }

  /** A slice begins. */
  private serve(contender: number): void {
    if (this.order.isReserved(contender)) return;
    this.virtual.keepUp(contender);
    this.virtual.serve(contender);
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
    for (let place = 0; place < holders.length; place++) {
      const holder = holders[place]!;
      if (holder < 0 || !this.virtual.lags(holder, this.contest.uncountedNs(place, nowNs))) continue;
      this.contest.count(place, nowNs);
      this.virtual.keepUp(holder);
    }
  }

  private sliceNs(): number {
    const { sliceNs, minimumSliceNs } = this.parameters;
    if (minimumSliceNs >= sliceNs) return sliceNs;
    const contenders = 1 + Math.ceil(this.ready.sharedSize / this.contest.holders.length);
    return Math.max(minimumSliceNs, Math.floor(sliceNs / contenders));
  }
}
