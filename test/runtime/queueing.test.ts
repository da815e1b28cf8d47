import assert from 'node:assert/strict';
import type { HostModel, Workload } from '../../src/model/host-model.js';
import { child, disk, endless, host, IDEAL, INSTANT, partitionOf, run, withCosts, withLps, workload } from './hosts.js';

/** A host whose parent and hypervisor take nothing, so that only the workload queues. */
function ideal(model: HostModel): HostModel {
  return withCosts(model, IDEAL, INSTANT);
}

const LONG = { horizonNs: 1000e9, snapshotEveryNs: 1000e9 };

function openWork(requestsPerSecond: number, cpuNs: number) {
  return { arrival: { kind: 'open', requestsPerSecond }, cpuNs } as const;
}

/** A child with this many processors. */
function wide(name: string, count: number, work: Workload) {
  return child(name, { processors: { count, reservePercent: 0, limitPercent: 100, weight: 100 }, workload: work });
}

function openChild(requestsPerSecond: number, cpuNs: number, vps = 1) {
  return child('a', {
    processors: { count: vps, reservePercent: 0, limitPercent: 100, weight: 100 },
    workload: workload({ arrival: { kind: 'open', requestsPerSecond }, cpuNs }),
  });
}

describe('queueing', () => {
  for (const load of [0.3, 0.7, 0.9]) {
    it(`waits as M/D/1 does at load ${load} (Pollaczek-Khinchine)`, () => {
      const serviceNs = 1e6;
      const { result } = run(ideal(host({ children: [openChild(load * 1000, serviceNs)] })), {
        horizonNs: 1000e9,
        snapshotEveryNs: 1000e9,
      });
      const work = partitionOf(result, 'a').work!;
      const expected = serviceNs + (load * serviceNs) / (2 * (1 - load));
      const tolerance = load > 0.8 ? 0.06 : 0.01;
      const { mean } = work.latencyNs!;
      assert.ok(Math.abs(mean / expected - 1) < tolerance, `mean ${mean}, theory ${expected}`);
    });
  }

  for (const load of [0.3, 0.7, 0.9]) {
    it(`waits as M/M/1 does at load ${load}`, () => {
      const serviceNs = 1e6;
      const work = workload({ ...openWork(load * 1000, serviceNs), cpuDistribution: 'exponential' });
      const { result } = run(ideal(host({ children: [child('a', { workload: work })] })), LONG);
      const { mean, p95 } = partitionOf(result, 'a').work!.latencyNs!;
      const expected = serviceNs / (1 - load);
      // Means of 300,000 to 900,000 correlated waits: the standard error grows with 1 / (1 - load).
      const tolerance = load > 0.8 ? 0.06 : 0.01;
      assert.ok(Math.abs(mean / expected - 1) < tolerance, `mean ${mean}, theory ${expected}`);
      // Response times are exponential too.
      const quantile = expected * Math.log(20);
      assert.ok(Math.abs(p95 / quantile - 1) < tolerance + 0.02, `p95 ${p95}, theory ${quantile}`);
    });
  }

  for (const [servers, load] of [
    [2, 0.7],
    [4, 0.5],
    [4, 0.8],
  ] as const) {
    it(`waits as M/M/${servers} does at load ${load} (Erlang C)`, () => {
      const serviceNs = 1e6;
      const work = workload({ ...openWork(servers * load * 1000, serviceNs), cpuDistribution: 'exponential' });
      const { result } = run(ideal(withLps(host({ children: [wide('a', servers, work)] }), servers)), LONG);
      const { mean } = partitionOf(result, 'a').work!.latencyNs!;
      const expected = serviceNs + (erlangC(servers, servers * load) * serviceNs) / (servers * (1 - load));
      assert.ok(Math.abs(mean / expected - 1) < 0.02, `mean ${mean}, theory ${expected}`);
    });
  }

  it('shares one processor among children as processor sharing does', () => {
    // Slices of 10 ms against requests of 1 s come close to sharing; a closed network with it has a product form.
    const [clients, demandNs, thinkNs] = [10, 1e9, 8e9];
    const arrival = { kind: 'closed', clients: 1, thinkNs } as const;
    const work = workload({ arrival, cpuNs: demandNs, cpuDistribution: 'exponential' });
    const children = Array.from({ length: clients }, (_, i) => child(`c${i}`, { workload: work }));
    // The standard error of the throughput is 0.45 % over this time.
    const horizon = { horizonNs: 40_000e9, snapshotEveryNs: 40_000e9 };
    const { result } = run(ideal(withLps(host({ children }), 1)), horizon);
    const seen = children.reduce((sum, { name }) => sum + partitionOf(result, name).work!.throughputPerSecond, 0);
    const theory = meanValueAnalysis(clients, demandNs, thinkNs);
    assert.ok(Math.abs(seen / theory - 1) < 0.015, `${seen}, theory ${theory}`);
  });

  it('obeys the utilisation law to the nanosecond', () => {
    const { result } = run(ideal(host({ children: [openChild(400, 2e6)] })), { horizonNs: 20e9 });
    const { work } = partitionOf(result, 'a');
    const charged = result.costs.find(({ id }) => id === 'workload')!;
    const ranNs = (partitionOf(result, 'a').cpuPercent / 100) * 4 * (result.timeNs - result.readyNs);
    assert.equal(charged.totalNs, charged.count * 2e6);
    assert.ok(charged.count - work!.completed <= work!.waiting);
    assert.ok(Math.abs(ranNs - work!.completed * 2e6) <= (work!.waiting + 1) * 2e6 + 1000);
  });

  it("obeys Little's law: requests under way are rate times latency", () => {
    const { result, snapshots } = run(ideal(host({ children: [openChild(800, 1e6)] })), {
      horizonNs: 300e9,
      snapshotEveryNs: 10e6,
    });
    const later = snapshots.filter(({ timeNs }) => timeNs > result.readyNs);
    const seen = later.map(({ partitions }) => partitions[1]?.work?.waiting ?? 0);
    const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
    const work = partitionOf(result, 'a').work!;
    const expected = (work.throughputPerSecond * work.latencyNs!.mean) / 1e9;
    assert.ok(Math.abs(mean / expected - 1) < 0.05, `${mean} under way, ${expected} expected`);
  });

  it('answers a closed network as its exact mean value analysis says', () => {
    const thinkNs = 100e6;
    const demandNs = 5e6;
    // The product form asks for nothing of the think time but its mean.
    const thinkers = [1, 5, 20, 50].flatMap((clients) =>
      (['constant', 'exponential'] as const).map((thinkDistribution) => ({ clients, thinkDistribution })),
    );
    for (const { clients, thinkDistribution } of thinkers) {
      const arrival = { kind: 'closed', clients, thinkNs, thinkDistribution } as const;
      const work = workload({ arrival, cpuNs: demandNs, cpuDistribution: 'exponential' });
      const { result } = run(ideal(host({ children: [child('a', { workload: work })] })), LONG);
      const { throughputPerSecond } = partitionOf(result, 'a').work!;
      const theory = meanValueAnalysis(clients, demandNs, thinkNs);
      assert.ok(
        Math.abs(throughputPerSecond / theory - 1) < 0.02,
        `${clients}, ${thinkDistribution}: ${throughputPerSecond}, theory ${theory}`,
      );
    }
  });

  it('answers constant requests no slower than the analysis of exponential ones and no faster than the bounds', () => {
    const thinkNs = 100e6;
    const demandNs = 5e6;
    for (const clients of [1, 5, 20, 50]) {
      const work = workload({ arrival: { kind: 'closed', clients, thinkNs }, cpuNs: demandNs });
      const { result } = run(ideal(host({ children: [child('a', { workload: work })] })), { horizonNs: 200e9 });
      const { throughputPerSecond } = partitionOf(result, 'a').work!;
      const bound = Math.min(1e9 / demandNs, (clients * 1e9) / (demandNs + thinkNs));
      const theory = meanValueAnalysis(clients, demandNs, thinkNs);
      assert.ok(throughputPerSecond <= bound * 1.001, `${throughputPerSecond} above the bound ${bound}`);
      // Service is constant, not exponential, so the network queues less than its analysis says.
      assert.ok(throughputPerSecond >= theory * 0.99, `${clients}: ${throughputPerSecond}, theory ${theory}`);
    }
  });

  it('gives eight VPs at a limit of 25 % two processors', () => {
    const busy = child('a', {
      processors: { count: 8, reservePercent: 0, limitPercent: 25, weight: 100 },
      workload: workload({ arrival: { kind: 'closed', clients: 16, thinkNs: 0 }, cpuNs: 3e6 }),
    });
    const { result } = run(ideal(withLps(host({ children: [busy] }), 16)), { horizonNs: 10e9 });
    assert.ok(Math.abs(partitionOf(result, 'a').cpuPercent - 12.5) < 0.05);
  });

  it('shares one processor 10, 20 and 70 % by weight', () => {
    const children = [100, 200, 700].map((weight) =>
      child(`w${weight}`, {
        processors: { count: 1, reservePercent: 0, limitPercent: 100, weight },
        workload: endless(),
      }),
    );
    const { result } = run(ideal(withLps(host({ children }), 1)), { horizonNs: 60e9 });
    [10, 20, 70].forEach((expected, i) => {
      const { cpuPercent } = result.total.partitions[i + 1]!;
      assert.ok(Math.abs(cpuPercent - expected) < 0.5, `${cpuPercent} %, expected ${expected} %`);
    });
  });

  it('lets everything crawl at a limit of 1 %', () => {
    const children = Array.from({ length: 4 }, (_, i) =>
      child(`c${i}`, {
        processors: { count: 1, reservePercent: 0, limitPercent: 1, weight: 100 },
        workload: workload({ arrival: { kind: 'closed', clients: 2, thinkNs: 0 }, cpuNs: 1e6, readBytes: 4096 }),
        disks: [disk()],
      }),
    );
    const { result } = run(withCosts(host({ children }), INSTANT), { horizonNs: 20e9 });
    for (const { name, vpPercent } of result.total.partitions.slice(1)) {
      assert.ok(Math.abs(vpPercent - 1) < 0.01, `${name} had ${vpPercent} %`);
    }
  });

  it('is faster with second-level address translation than with shadow page tables, by the published share', () => {
    const ran = (slat: boolean) => {
      const model = host({ children: [openChild(100, 1e6)] });
      const processor = { ...model.hardware.processor, slat };
      const { result } = run({ ...model, hardware: { ...model.hardware, processor } });
      const of = (id: string) => result.costs.find((cost) => cost.id === id)?.totalNs ?? 0;
      return of(slat ? 'memory-slat' : 'memory-shadow') / of('workload');
    };
    assert.equal(ran(true), 0.02);
    assert.equal(ran(false), 0.1);
  });
});

/** Exact mean value analysis of one queueing station with think time (Reiser and Lavenberg 1980). */
function meanValueAnalysis(clients: number, demandNs: number, thinkNs: number): number {
  let queue = 0;
  let perSecond = 0;
  for (let n = 1; n <= clients; n++) {
    const response = demandNs * (1 + queue);
    perSecond = (n * 1e9) / (thinkNs + response);
    queue = (perSecond * response) / 1e9;
  }
  return perSecond;
}

/** The probability that an arrival waits in M/M/c with this offered load (Erlang). */
function erlangC(servers: number, offered: number): number {
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (offered * blocking) / (n + offered * blocking);
  return blocking / (1 - (offered / servers) * (1 - blocking));
}
