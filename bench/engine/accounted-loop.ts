/**
 * HV-1H as a program written for nothing else, that keeps what the engine's dispatcher has to keep: everybody's weight in a line
 * sorted by run time, a bonus for who wakes, budgets, the time in each state, of each LP and of each switch, and the hash of the
 * trace. One loop over flat columns; no reserves, no division of periods, no affinity, SMT, NUMA, groups or pins, one policy. What
 * it takes more than `bare-loop.ts` is the price of accounts; what the engine takes more than it, the price of being general.
 *
 *   npx tsx bench/engine/accounted-loop.ts [children] [LPs] [seconds] [slice ms] [period ms]
 */
import { VpState } from '../../src/runtime/hypervisor/virtual-processors.js';
import { NearlySortedQueue } from '../../src/runtime/nearly-sorted-queue.js';
import { Tournament } from '../../src/runtime/tournament.js';
import { TraceHash } from '../../src/runtime/trace/trace-hash.js';
import { cpuSecondsSince, print } from './figures.js';
import { Draws, LIMITS, sizes } from './on-off.js';

const { children, lps, seconds, sliceMs, periodMs } = sizes();
const sliceNs = sliceMs * 1e6;
const periodNs = periodMs * 1e6;
const horizonNs = seconds * 1e9;
const WAKE_BONUS_NS = 10e6;
const MEMORY_NS = 1e9;
const draws = new Draws(children);

/** Ends of slices and bursts, by LP; ends of sleep, by child, and after them the period. */
const ends = new Tournament(lps);
const wakes = new Tournament(children + 1);
const hash = new TraceHash();
const line = new NearlySortedQueue(children);
const idle: number[] = [...Array(lps).keys()].reverse();
const parked = new Uint8Array(children);

const running = new Int32Array(lps).fill(-1);
const last = new Int32Array(lps).fill(-1);
const markNs = new Float64Array(lps);
const busyNs = new Float64Array(lps);

const leftNs = new Float64Array(children);
const sleepNs = new Float64Array(children);
const sliceLeftNs = new Float64Array(children);
const limitLeftNs = new Float64Array(children);
const budgetEndNs = new Float64Array(children);
const baseNs = new Float64Array(children);
const sinceBaseNs = new Float64Array(children);
const inverseWeight = new Float64Array(children).fill(1);
const runNs = new Float64Array(children);
const state = new Uint8Array(children);
const stateSinceNs = new Float64Array(children);
const inStateNs = new Float64Array(4 * children);

let hostNs = 0;
let periodEndNs = 0;
let switches = 0;
let events = 0;
let dispatches = 0;
let computes = 0;
let sleeps = 0;

function virtualTime(child: number): number {
  return baseNs[child]! + sinceBaseNs[child]! * inverseWeight[child]!;
}

function enter(child: number, next: VpState, nowNs: number): void {
  inStateNs[state[child]! * children + child]! += nowNs - stateSinceNs[child]!;
  stateSinceNs[child] = nowNs;
  state[child] = next;
}

function refill(child: number, nowNs: number): void {
  if (nowNs < budgetEndNs[child]!) return;
  if (nowNs >= periodEndNs) periodEndNs = (Math.floor(nowNs / periodNs) + 1) * periodNs;
  budgetEndNs[child] = periodEndNs;
  limitLeftNs[child] = LIMITS[child % 4]! * periodNs;
}

function runOn(lp: number, child: number, nowNs: number): void {
  const mostNs = Math.min(sliceLeftNs[child]!, leftNs[child]!, limitLeftNs[child]!, budgetEndNs[child]! - nowNs);
  ends.set(lp, nowNs + mostNs);
}

function dispatch(lp: number, child: number, nowNs: number): void {
  dispatches++;
  running[lp] = child;
  enter(child, VpState.Running, nowNs);
  markNs[lp] = nowNs;
  if (last[lp] !== child) switches++;
  last[lp] = child;
  sliceLeftNs[child] = sliceNs;
  hostNs = Math.max(hostNs, virtualTime(child));
  refill(child, nowNs);
  runOn(lp, child, nowNs);
}

function stand(child: number, nowNs: number): void {
  enter(child, VpState.Ready, nowNs);
  const mostNs = hostNs + MEMORY_NS * inverseWeight[child]!;
  if (virtualTime(child) > mostNs) {
    baseNs[child] = mostNs;
    sinceBaseNs[child] = 0;
  }
  line.add(child, virtualTime(child));
}

function ready(child: number, nowNs: number): void {
  refill(child, nowNs);
  if (limitLeftNs[child]! <= 0) {
    parked[child] = 1;
    return;
  }
  const lp = idle.pop();
  if (lp === undefined) stand(child, nowNs);
  else dispatch(lp, child, nowNs);
}

function compute(child: number, nowNs: number): void {
  leftNs[child] = draws.nextNs(child);
  sleepNs[child] = draws.nextNs(child);
  if (virtualTime(child) < hostNs - WAKE_BONUS_NS) {
    baseNs[child] = hostNs - WAKE_BONUS_NS;
    sinceBaseNs[child] = 0;
  }
  ready(child, nowNs);
}

function ran(lp: number, child: number, nowNs: number): void {
  const ns = nowNs - markNs[lp]!;
  markNs[lp] = nowNs;
  busyNs[lp]! += ns;
  runNs[child]! += ns;
  leftNs[child]! -= ns;
  sinceBaseNs[child]! += ns;
  sliceLeftNs[child]! -= ns;
  limitLeftNs[child]! -= ns;
}

/** Whether the child may keep its LP. */
function keeps(child: number): boolean {
  const rival = line.peek();
  if (sliceLeftNs[child]! > 0) return true;
  if (rival >= 0 && virtualTime(rival) < virtualTime(child)) return false;
  sliceLeftNs[child] = sliceNs;
  return true;
}

function runEnds(lp: number, nowNs: number): void {
  const child = running[lp]!;
  ran(lp, child, nowNs);
  if (leftNs[child]! <= 0) {
    computes++;
    enter(child, VpState.Waiting, nowNs);
    wakes.set(child, nowNs + sleepNs[child]!);
  } else {
    refill(child, nowNs);
    if (limitLeftNs[child]! <= 0) {
      enter(child, VpState.Waiting, nowNs);
      parked[child] = 1;
    } else if (keeps(child)) {
      runOn(lp, child, nowNs);
      return;
    } else stand(child, nowNs);
  }
  const next = line.peek();
  if (next < 0) {
    running[lp] = -1;
    ends.set(lp, Number.POSITIVE_INFINITY);
    idle.push(lp);
    return;
  }
  line.remove(next);
  dispatch(lp, next, nowNs);
}

function periodBegins(nowNs: number): void {
  wakes.set(children, nowNs + periodNs);
  for (let child = 0; child < children; child++) {
    if (parked[child] === 0) continue;
    parked[child] = 0;
    ready(child, nowNs);
  }
}

const start = process.cpuUsage();
periodBegins(0);
for (let child = 0; child < children; child++) compute(child, 0);
for (;;) {
  const isEnd = ends.leastKey() <= wakes.leastKey();
  const nowNs = isEnd ? ends.leastKey() : wakes.leastKey();
  if (nowNs >= horizonNs) break;
  events++;
  const slot = isEnd ? ends.first() : lps + wakes.first();
  hash.add(nowNs, slot);
  if (isEnd) runEnds(slot, nowNs);
  else if (slot === lps + children) periodBegins(nowNs);
  else {
    wakes.set(slot - lps, Number.POSITIVE_INFINITY);
    sleeps++;
    compute(slot - lps, nowNs);
  }
}
const cpuSeconds = cpuSecondsSince(start);
const utilisation = busyNs.reduce((sum, ns) => sum + ns, 0) / (lps * horizonNs);
print(
  `accounted loop ${children} x ${lps}: computes ${computes}, sleeps ${sleeps}, utilisation ${utilisation.toFixed(5)}, ` +
    `switches ${switches}, trace ${hash.toString()}`,
  { events: events + dispatches, dispatches, cpuSeconds },
);
