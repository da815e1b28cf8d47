/**
 * HV-1H as the barest loop that takes turns: round robin in slices, limits as budgets of a period, and nothing else. No
 * weights, reserves, affinity, preemption, accounts of time, trace or audit. What it takes is what no dispatcher of real slices
 * can save: the yardstick for the engine's own.
 *
 *   npx tsx bench/engine/bare-loop.ts [children] [LPs] [seconds] [slice ms] [period ms]
 */
import { IndexedHeap } from '../../src/runtime/indexed-heap.js';
import { cpuSecondsSince, print } from './figures.js';
import { Draws, LIMITS, sizes } from './on-off.js';

const { children, lps, seconds, sliceMs, periodMs } = sizes();
const sliceNs = sliceMs * 1e6;
const periodNs = periodMs * 1e6;
const horizonNs = seconds * 1e9;
const draws = new Draws(children);

/** Moments to come: slice ends of the LPs, then ends of sleep of the children, then the period. */
const moments = new IndexedHeap(lps + children + 1);
const PERIOD = lps + children;
const running = new Int32Array(lps).fill(-1);
const began = new Float64Array(lps);
const leftNs = new Float64Array(children);
const sleepNs = new Float64Array(children);
const budgetNs = new Float64Array(children);
const parked = new Uint8Array(children);
const idle: number[] = [...Array(lps).keys()].reverse();
/** Who waits for an LP, a ring. */
const line = new Int32Array(children + 1);
let head = 0;
let tail = 0;
let events = 0;
let dispatches = 0;
let computes = 0;
let sleeps = 0;

function dispatch(lp: number, child: number, nowNs: number): void {
  dispatches++;
  running[lp] = child;
  began[lp] = nowNs;
  moments.set(lp, nowNs + Math.min(sliceNs, leftNs[child]!, budgetNs[child]!), lp);
}

function ready(child: number, nowNs: number): void {
  if (budgetNs[child]! <= 0) {
    parked[child] = 1;
    return;
  }
  const lp = idle.pop();
  if (lp !== undefined) {
    dispatch(lp, child, nowNs);
    return;
  }
  line[tail] = child;
  tail = tail === children ? 0 : tail + 1;
}

function compute(child: number, nowNs: number): void {
  leftNs[child] = draws.nextNs(child);
  sleepNs[child] = draws.nextNs(child);
  ready(child, nowNs);
}

function sliceEnds(lp: number, nowNs: number): void {
  const child = running[lp]!;
  const ranNs = nowNs - began[lp]!;
  leftNs[child]! -= ranNs;
  budgetNs[child]! -= ranNs;
  if (leftNs[child]! <= 0) {
    computes++;
    moments.set(lps + child, nowNs + sleepNs[child]!, lps + child);
  } else if (budgetNs[child]! <= 0) {
    parked[child] = 1;
  } else {
    line[tail] = child;
    tail = tail === children ? 0 : tail + 1;
  }
  if (head === tail) {
    running[lp] = -1;
    moments.remove(lp);
    idle.push(lp);
    return;
  }
  const next = line[head]!;
  head = head === children ? 0 : head + 1;
  dispatch(lp, next, nowNs);
}

function periodBegins(nowNs: number): void {
  for (let lp = 0; lp < lps; lp++) {
    const child = running[lp]!;
    if (child < 0) continue;
    leftNs[child]! -= nowNs - began[lp]!;
    began[lp] = nowNs;
  }
  for (let child = 0; child < children; child++) budgetNs[child] = LIMITS[child % 4]! * periodNs;
  for (let child = 0; child < children; child++) {
    if (parked[child] === 0) continue;
    parked[child] = 0;
    ready(child, nowNs);
  }
  moments.set(PERIOD, nowNs + periodNs, PERIOD);
}

const start = process.cpuUsage();
periodBegins(0);
for (let child = 0; child < children; child++) compute(child, 0);
while (moments.peekKey() < horizonNs) {
  const who = moments.peek();
  const nowNs = moments.peekKey();
  events++;
  if (who < lps) sliceEnds(who, nowNs);
  else if (who === PERIOD) periodBegins(nowNs);
  else {
    moments.remove(who);
    sleeps++;
    compute(who - lps, nowNs);
  }
}
const cpuSeconds = cpuSecondsSince(start);
print(`bare loop ${children} x ${lps}: computes ${computes}, sleeps ${sleeps}`, {
  events: events + dispatches,
  dispatches,
  cpuSeconds,
});
