import { ReadyQueues } from './ready-queues.js';
import { Slices } from './slices.js';
import { VirtualTime } from './virtual-time.js';

/** Rules of a line, in ns. */
export interface LineParameters {
  /** Time slice while nobody waits. */
  sliceNs: number;
  /** Those who wait for a place share its slice, down to this. */
  minimumSliceNs: number;
  wakeBonusNs: number;
  wakeGranularityNs: number;
  /** By how much of its run time somebody must be behind to have a place far from its memory before those at home there. */
  remoteLeadNs: number;
}

/** How much run time beyond its share a contender pays for later; what it had more is forgotten. Assumed. */
const MEMORY_NS = 1e9;

/** Who contends for what. */
export interface Contest {
  /** Who has each place, or -1. */
  readonly holders: Int32Array;
  /** The only place a contender may have, or -1. */
  readonly pinned: Int32Array;
  readonly weights: readonly number[];
  /** What a contender has left of its reserve. */
  reserveLeft(contender: number): number;
  /** Whether the limit of a contender, which has a place, lets it run on. */
  hasBudget(contender: number): boolean;
  /** Counts what the holder of a place has run until now, see {@link Line.run}. */
  count(place: number, nowNs: number): void;
  /** At most so long has the holder of a place run since that was counted. */
  uncountedNs(place: number, nowNs: number): number;
  readonly nodes: number;
  nodeOf(place: number): number;
  /** The node a contender is at home on, or -1 where all nodes are the same to it. */
  homeOf(contender: number): number;
  /** A place on a node, or on any with -1, is free for everybody. */
  isPlaceFree(node: number): boolean;
}

/**
 * The line of those who wait for a place, and the rules by which they take turns. Contenders are virtual processors
 * and places are logical ones, or they are virtual cores and cores. Reserve goes before weight: within the reserve
 * whoever has most of it left is first; beyond it, start-time fair queueing: the least run time over weight.
 */
export class Line {
  private readonly ready: ReadyQueues;
  /** The pinned contender that waits for a place, or -1. */
  private readonly pinnedReady: Int32Array;
  private pinnedWaiting = 0;
  private readonly virtual: VirtualTime;
  private readonly slices: Slices;
  /** 1 for a contender that was within its reserve when it was last served or asked about. */
  private readonly servedReserve: Uint8Array;
  /** While nobody waits, no slice is seen to begin: then they are looked for, and not before this moment. */
  private lookNs = 0;

  constructor(
    private readonly contest: Contest,
    private readonly parameters: LineParameters,
  ) {
    const { weights, holders } = contest;
    this.ready = new ReadyQueues(weights.length, contest.nodes);
    this.pinnedReady = new Int32Array(holders.length).fill(-1);
    this.virtual = new VirtualTime(Float64Array.from(weights, (weight) => 100 / weight));
    this.slices = new Slices(weights.length, parameters.sliceNs);
    this.servedReserve = new Uint8Array(weights.length);
  }

  get waiting(): number {
    return this.ready.size + this.pinnedWaiting;
  }

  /** Somebody can run; `woken` when it slept before, so that it may not save up its share. */
  enter(contender: number, woken: boolean, nowNs: number): void {
    if (nowNs >= this.lookNs && this.waiting === 0) this.look(nowNs);
    if (woken) this.virtual.wake(contender, this.parameters.wakeBonusNs);
    this.stand(contender);
  }

  /** Takes the stand in line that reserve and run time give it now. */
  stand(contender: number): void {
    this.leave(contender);
    this.virtual.hold(contender, MEMORY_NS);
    const place = this.contest.pinned[contender]!;
    if (place >= 0) this.setPinned(place, contender);
    else {
      const { contest, virtual } = this;
      this.ready.add(contender, contest.homeOf(contender), contest.reserveLeft(contender), virtual.of(contender));
    }
  }

  leave(contender: number): void {
    const place = this.contest.pinned[contender]!;
    if (place < 0) this.ready.remove(contender, this.contest.homeOf(contender));
    else if (this.pinnedReady[place] === contender) this.setPinned(place, -1);
  }

  /** Whoever this place would be given next, or -1. */
  first(place: number): number {
    const own = this.pinnedReady[place]!;
    const free = this.firstFree(place);
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
    this.servedReserve[contender] = this.isReserved(contender) ? 1 : 0;
    this.serve(contender);
  }

  run(contender: number, ns: number): void {
    this.virtual.run(contender, ns);
    this.slices.run(contender, ns);
  }

  /** What is left of its slice, `uncountedNs` after what was counted; Infinity while nobody waits. */
  sliceLeft(contender: number, uncountedNs: number): number {
    if (this.waiting === 0) return Number.POSITIVE_INFINITY;
    this.slices.renew(contender, uncountedNs);
    return this.slices.left(contender) - uncountedNs;
  }

  /** Whether the holder of a place may keep it, now that all it ran is counted; then a new slice begins if one is over. */
  keeps(place: number, contender: number): boolean {
    const before = this.servedReserve[contender]!;
    const now = this.isReserved(contender) ? 1 : 0;
    this.servedReserve[contender] = now;
    if (this.waiting === 0) return true;
    if (this.slices.left(contender) < 0) this.slices.renew(contender);
    const hasSlice = this.slices.left(contender) > 0;
    if (hasSlice && now >= before) return true;
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
    const isHolderReserved = this.isReserved(holder);
    if (isHolderReserved !== this.isReserved(woken)) return !isHolderReserved;
    if (isHolderReserved) return false;
    return this.virtual.of(woken) + this.parameters.wakeGranularityNs < this.virtual.of(holder);
  }

  /**
   * The place that one within its reserve takes: its holder is beyond it and had the most, at home before far away; not
   * one marked in `except`; or -1.
   */
  ofLast(contender: number, nowNs: number, except: Uint8Array | null = null): number {
    const { holders } = this.contest;
    let found = -1;
    let isFoundFar = false;
    let most = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < holders.length; place++) {
      const holder = holders[place]!;
      if (holder < 0 || except?.[place] === 1 || this.isReserved(holder)) continue;
      this.contest.count(place, nowNs);
      const isFar = this.isFar(contender, place);
      if (found >= 0 && isFar !== isFoundFar ? isFar : this.virtual.of(holder) <= most) continue;
      most = this.virtual.of(holder);
      found = place;
      isFoundFar = isFar;
    }
    return found;
  }

  isReserved(contender: number): boolean {
    return this.contest.reserveLeft(contender) > 0;
  }

  /** Whoever is first for this place of those who are not pinned: at home on its node, or far behind. */
  private firstFree(place: number): number {
    const { contest, ready } = this;
    let first = ready.first(-1);
    if (contest.nodes === 1) return first;
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
    const reserveB = this.contest.reserveLeft(b);
    if (this.isReserved(a))
      return reserveB <= 0 || this.contest.reserveLeft(a) > reserveB + this.parameters.remoteLeadNs;
    return reserveB <= 0 && this.virtual.after(a, this.parameters.remoteLeadNs) < this.virtual.of(b);
  }

  private goesBefore(a: number, b: number, place: number): boolean {
    const isFarA = this.isFar(a, place);
    if (isFarA !== this.isFar(b, place)) return isFarA ? this.leads(a, b) : !this.leads(b, a);
    const reserveA = this.contest.reserveLeft(a);
    const reserveB = this.contest.reserveLeft(b);
    // Who has reserve left goes before who has not, and more of it before less.
    if (reserveA > 0 || reserveB > 0) return reserveA > reserveB;
    return this.virtual.of(a) < this.virtual.of(b);
  }

  /** A slice begins. */
  private serve(contender: number): void {
    if (this.servedReserve[contender] === 0) this.virtual.serve(contender);
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

  private setPinned(place: number, contender: number): void {
    this.pinnedWaiting += (contender >= 0 ? 1 : 0) - (this.pinnedReady[place]! >= 0 ? 1 : 0);
    this.pinnedReady[place] = contender;
  }
}
