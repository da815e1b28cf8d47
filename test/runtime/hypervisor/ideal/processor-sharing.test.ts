import assert from 'node:assert/strict';
import { IdealProcessors } from '../../../../src/runtime/hypervisor/ideal-processors.js';
import { type Guest, Suspension, VirtualProcessors } from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { RandomStream } from '../../../../src/runtime/random.js';
import { type TimerOwner, Timers } from '../../../../src/runtime/timers.js';

/** Jobs that there may be at once: more than that are as good as impossible at the loads below. */
const PLACES = 200;
const MEAN_NS = 1e6;
const BATCHES = 30;

/** Jobs come at random to LPs that are shared; every job is a VP. */
class SharedLps implements Guest, TimerOwner {
  /** Of each job, in the order in which they were done: how long it took. */
  readonly sojournsNs: number[] = [];
  readonly sizesNs: number[] = [];
  readonly lps: IdealProcessors;
  readonly timers = new Timers();
  private readonly vps = new VirtualProcessors(PLACES);
  private readonly arrivals = new RandomStream(5, 'arrivals');
  private readonly services = new RandomStream(5, 'services');
  private readonly free = Array.from({ length: PLACES }, (_, vp) => vp);
  private readonly cameNs = new Float64Array(PLACES);
  private readonly sizeNs = new Float64Array(PLACES);
  private readonly slot: number;

  constructor(
    lpCount: number,
    private readonly perNs: number,
    private readonly draw: (stream: RandomStream) => number,
  ) {
    this.lps = new IdealProcessors(this.timers, this.vps, lpCount);
    for (let vp = 0; vp < PLACES; vp++) this.vps.add(vp, 1, { reserve: 0, limit: 1, weight: 100 }, this);
    this.slot = this.timers.add(this);
    this.lps.divide();
    this.timers.seal();
    for (let vp = 0; vp < PLACES; vp++) this.lps.resume(vp, Suspension.Explicit);
    this.fire();
  }

  next(vp: number, nowNs: number): number {
    const size = this.sizeNs[vp]!;
    if (size === 0) return 0;
    if (this.cameNs[vp] === nowNs) return size;
    this.sojournsNs.push(nowNs - this.cameNs[vp]!);
    this.sizesNs.push(size);
    this.sizeNs[vp] = 0;
    this.free.push(vp);
    return 0;
  }

  interrupt(_vp: number, leftNs: number): number {
    return leftNs;
  }

  fire(): void {
    const vp = this.free.pop();
    if (vp !== undefined && this.timers.nowNs > 0) {
      this.cameNs[vp] = this.timers.nowNs;
      this.sizeNs[vp] = Math.max(1, Math.round(this.draw(this.services)));
      this.lps.wake(vp);
    }
    this.timers.arm(this.slot, this.timers.nowNs + Math.max(1, Math.round(this.arrivals.exponential(1 / this.perNs))));
  }

  serve(jobs: number): this {
    while (this.sojournsNs.length < jobs) this.timers.step();
    return this;
  }
}

/** That the mean of what follows one another is as expected: within three half-widths of the interval of batch means. */
function assertMean(values: readonly number[], expected: number): void {
  const size = Math.floor(values.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, b) => average(values.slice(b * size, (b + 1) * size)));
  const mean = average(means);
  const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (BATCHES - 1);
  const halfWidth = 2.045 * Math.sqrt(variance / BATCHES);
  assert.ok(Math.abs(mean - expected) <= 3 * halfWidth, `${mean}, expected ${expected} +- ${halfWidth}`);
  assert.ok(halfWidth < expected / 25, `${halfWidth} is too wide to say anything`);
}

const average = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;

const SERVICES: Record<string, (stream: RandomStream) => number> = {
  exponential: (stream) => stream.exponential(MEAN_NS),
  constant: () => MEAN_NS,
  // Squared coefficient of variation 2.25.
  'few long ones': (stream) => (stream.uniform() < 0.8 ? MEAN_NS / 4 : 4 * MEAN_NS),
};

describe('processor sharing on ideal processors', () => {
  for (const [name, draw] of Object.entries(SERVICES)) {
    it(`is M/G/1-PS: E[S] / (1 - load), whatever the distribution (${name})`, () => {
      const load = 0.7;
      const { sojournsNs } = new SharedLps(1, load / MEAN_NS, draw).serve(250_000);
      assertMean(sojournsNs, MEAN_NS / (1 - load));
    });
  }

  it('makes a job of size x wait x / (1 - load) (Kleinrock 1967)', () => {
    const load = 0.6;
    const { sojournsNs, sizesNs } = new SharedLps(1, load / MEAN_NS, SERVICES.exponential!).serve(250_000);
    for (const times of [0.5, 1, 2]) {
      const near = sojournsNs.filter((_, i) => Math.abs(sizesNs[i]! / (times * MEAN_NS) - 1) < 0.1);
      const sizes = sizesNs.filter((size) => Math.abs(size / (times * MEAN_NS) - 1) < 0.1);
      assertMean(near, average(sizes) / (1 - load));
    }
  });

  it('has the mean sojourn of M/M/c on several LPs: as many jobs are there, whoever is served', () => {
    const lps = 4;
    const load = 0.8;
    const { sojournsNs } = new SharedLps(lps, (lps * load) / MEAN_NS, SERVICES.exponential!).serve(250_000);
    const offered = lps * load;
    let blocking = 1;
    for (let c = 1; c <= lps; c++) blocking = (offered * blocking) / (c + offered * blocking);
    const waits = blocking / (1 - load * (1 - blocking));
    assertMean(sojournsNs, MEAN_NS + (waits * MEAN_NS) / (lps * (1 - load)));
  });
});
