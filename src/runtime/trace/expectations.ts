import { formatBytes, formatNs, formatPercent, formatRate } from '../../model/format.js';
import type { Comparison, Expectation, ExpectedState, Metric, Statistic, Target } from '../../model/scenario.js';
import type { ExpectationResult } from '../../protocol/run-result.js';
import type { PartitionState } from '../../protocol/snapshot.js';
import type { TimerOwner, Timers } from '../timers.js';
import { Histogram } from './histogram.js';

/** What an expectation may ask of the host. */
export interface Measured {
  timers: Timers;
  /** State of the partitions of a target, by name. */
  states(target: Target): { name: string; state: PartitionState }[];
  /** CPU time of a target since power on, as a share of all LPs: ns x LPs. */
  cpuNs(target: Target): number;
  /** What the partitions of a target have and need of memory now. */
  memory(target: Target): { assignedBytes: number; demandBytes: number }[];
  lpCount: number;
}

/** One statement about a window of virtual time, watched while the host runs and judged at the end. */
export class WatchedExpectation implements TimerOwner {
  private readonly slot: number;
  private readonly latencies = new Histogram();
  private failures = 0;
  private readonly samples: number[] = [];
  private opened = false;
  private closed = false;
  private yielded = false;
  private fromNs = 0;
  private toNs = Number.POSITIVE_INFINITY;
  private atOpen = NOTHING;
  private atClose = NOTHING;
  /** Up to where the samples of a rate go. */
  private sampled = NOTHING;
  private endNs = 0;
  private violation: { atNs: number; seen: string } | null = null;

  constructor(
    private readonly expectation: Expectation,
    private readonly host: Measured,
  ) {
    this.slot = host.timers.add(this);
  }

  /** The host is ready: the windows of the file count from here. */
  begin(readyNs: number): void {
    this.fromNs = readyNs + this.expectation.fromNs;
    if (this.expectation.toNs !== null) this.toNs = readyNs + this.expectation.toNs;
    this.host.timers.arm(this.slot, this.fromNs);
  }

  /** Goes behind everything that happens at the same moment, then opens or closes its window. */
  fire(_argument: number, nowNs: number): void {
    if (!this.yielded) {
      this.yielded = true;
      this.host.timers.arm(this.slot, nowNs);
      return;
    }
    this.yielded = false;
    if (this.opened && nowNs >= this.toNs) {
      this.close();
      return;
    }
    if (this.opened) {
      this.sampleRate();
    } else {
      this.opened = true;
      this.atOpen = this.tally();
      this.sampled = this.atOpen;
      this.checkState();
    }
    this.sampleMemory();
    this.armNext();
  }

  private sampleMemory(): void {
    const { expectation } = this;
    if (!ofMemory(expectation)) return;
    const memory = this.host.memory(expectation.target);
    this.samples.push(
      expectation.metric === 'memory'
        ? memory.reduce((sum, { assignedBytes }) => sum + assignedBytes, 0)
        : Math.max(0, ...memory.map(pressurePercent)),
    );
  }

  /** One more sample of a rate, over the time since the last. */
  private sampleRate(): void {
    if (!ofRate(this.expectation)) return;
    const now = this.tally();
    this.samples.push(this.rate(this.expectation.metric, this.sampled, now));
    this.sampled = now;
  }

  /** What no mean tells is looked at every second, whoever else takes snapshots, and when. */
  private armNext(): void {
    const { expectation } = this;
    const { timers } = this.host;
    const nextNs = ofMemory(expectation) || ofRate(expectation) ? timers.nowNs + SAMPLE_NS : this.toNs;
    if (nextNs < Number.POSITIVE_INFINITY) timers.arm(this.slot, Math.min(nextNs, this.toNs));
  }

  answered(child: string, latencyNs: number): void {
    if (this.open && this.expectation.kind === 'metric' && this.concerns(child)) this.latencies.add(latencyNs);
  }

  /** A request of this child ended with an error. */
  failed(child: string): void {
    if (this.open && this.concerns(child)) this.failures++;
  }

  /** A migration of this child is over, and its guest stood still for so long. */
  stoodStill(child: string, ns: number): void {
    if (this.open && this.measures('blackout') && this.concerns(child)) this.samples.push(ns);
  }

  private concerns(child: string): boolean {
    const { target } = this.expectation;
    return target.kind === 'all' || (target.kind === 'child' && target.name === child);
  }

  stateChanged(): void {
    if (this.open) this.checkState();
  }

  judge(): ExpectationResult {
    const { text } = this.expectation;
    if (!this.opened) return { text, met: false, seen: 'the run ended before its window began', atNs: null };
    if (this.closed) return this.judgeWindow();
    this.close();
    const result = this.judgeWindow();
    const isCut = this.toNs < Number.POSITIVE_INFINITY;
    return isCut ? { ...result, seen: `${result.seen} (the run ended within its window)` } : result;
  }

  private judgeWindow(): ExpectationResult {
    const { text } = this.expectation;
    if (this.expectation.kind === 'state') return this.judgeState();
    const value = this.value();
    if (value === null) return { text, met: false, seen: 'nothing was measured in its window', atNs: this.endNs };
    const { statistic, metric, comparison, value: bound } = this.expectation;
    const met = compare(value, comparison, bound);
    return { text, met, seen: `${statistic} was ${format(value, metric)}`, atNs: met ? null : this.endNs };
  }

  private measures(metric: Metric): boolean {
    return this.expectation.kind === 'metric' && this.expectation.metric === metric;
  }

  private get open(): boolean {
    return this.opened && !this.closed;
  }

  private close(): void {
    this.closed = true;
    this.endNs = this.host.timers.nowNs;
    this.atClose = this.tally();
    // A second that the window cuts short is no sample, unless there is no other.
    const last = this.atClose.timeNs - this.sampled.timeNs;
    if (last >= SAMPLE_NS || (last > 0 && this.samples.length === 0)) this.sampleRate();
  }

  private tally(): Tally {
    return {
      timeNs: this.host.timers.nowNs,
      cpuNs: this.measures('cpu') ? this.host.cpuNs(this.expectation.target) : 0,
      answered: this.latencies.count,
      failed: this.failures,
    };
  }

  /** Between two moments: requests per second, or percent of the host. */
  private rate(metric: Metric, from: Tally, to: Tally): number {
    const ns = to.timeNs - from.timeNs;
    if (metric === 'throughput') return ((to.answered - from.answered) * 1e9) / ns;
    if (metric === 'failures') return ((to.failed - from.failed) * 1e9) / ns;
    return (100 * (to.cpuNs - from.cpuNs)) / (ns * this.host.lpCount);
  }

  private value(): number | null {
    if (this.expectation.kind !== 'metric') return null;
    const { metric, statistic } = this.expectation;
    if (metric === 'latency') return this.latencies.count === 0 ? null : ofHistogram(this.latencies, statistic);
    if (this.endNs <= this.fromNs) return null;
    if (statistic === 'mean' && isRate(metric)) return this.rate(metric, this.atOpen, this.atClose);
    return this.samples.length === 0 ? null : ofSamples(this.samples, statistic);
  }

  private checkState(): void {
    const { expectation } = this;
    if (expectation.kind !== 'state' || this.violation) return;
    const wrong = this.host.states(expectation.target).find(({ state }) => !isIn(state, expectation.state));
    if (wrong) this.violation = { atNs: this.host.timers.nowNs, seen: `'${wrong.name}' was ${wrong.state}` };
  }

  private judgeState(): ExpectationResult {
    const { text } = this.expectation;
    if (this.violation) return { text, met: false, seen: this.violation.seen, atNs: this.violation.atNs };
    const state = this.expectation.kind === 'state' ? this.expectation.state : '';
    return { text, met: true, seen: `${state} all the time`, atNs: null };
  }
}

/** What has been counted up to a moment. */
interface Tally {
  timeNs: number;
  cpuNs: number;
  answered: number;
  failed: number;
}

const NOTHING: Tally = { timeNs: 0, cpuNs: 0, answered: 0, failed: 0 };
const SAMPLE_NS = 1e9;

type MetricExpectation = Extract<Expectation, { kind: 'metric' }>;

function ofMemory(expectation: Expectation): expectation is MetricExpectation {
  return expectation.kind === 'metric' && (expectation.metric === 'memory' || expectation.metric === 'pressure');
}

/** Of a rate that is sampled: its mean needs no samples. */
function ofRate(expectation: Expectation): expectation is MetricExpectation {
  return expectation.kind === 'metric' && isRate(expectation.metric) && expectation.statistic !== 'mean';
}

function isRate(metric: Metric): boolean {
  return metric === 'cpu' || metric === 'throughput' || metric === 'failures';
}

/** What a partition needs of memory as a percentage of what it has. */
function pressurePercent({ assignedBytes, demandBytes }: { assignedBytes: number; demandBytes: number }): number {
  return assignedBytes > 0 ? (100 * demandBytes) / assignedBytes : 0;
}

/** Does the state of a partition answer to a word of the language? */
function isIn(state: PartitionState, word: ExpectedState): boolean {
  // A guest that stands still on its way is at work again in a moment: that is what `blackout` measures.
  if (word === 'running' && state === 'migrating') return true;
  if (word !== 'stopped') return state === word;
  return state === 'off' || state === 'stopped' || state === 'failed' || state === 'refused';
}

function compare(value: number, comparison: Comparison, bound: number): boolean {
  if (comparison === '<') return value < bound;
  if (comparison === '<=') return value <= bound;
  return comparison === '>' ? value > bound : value >= bound;
}

function ofHistogram(histogram: Histogram, statistic: Statistic): number {
  if (statistic === 'mean') return histogram.mean;
  return statistic === 'max' ? histogram.max : histogram.percentile(Number(statistic.slice(1)));
}

function ofSamples(samples: readonly number[], statistic: Statistic): number {
  if (statistic === 'mean') return samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const sorted = [...samples].sort((a, b) => a - b);
  const percent = statistic === 'max' ? 100 : Number(statistic.slice(1));
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

function format(value: number, metric: Metric): string {
  if (metric === 'latency' || metric === 'blackout') return formatNs(Math.round(value));
  if (metric === 'throughput' || metric === 'failures') return formatRate(value);
  return metric === 'memory' ? formatBytes(value) : formatPercent(value);
}
