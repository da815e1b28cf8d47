import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Architecture, HostModel } from '../../src/model/host-model.js';
import type { RunResult } from '../../src/protocol/run-result.js';
import type { RunEvent } from '../../src/protocol/snapshot.js';
import {
  cathedral,
  child,
  disk,
  endless,
  host,
  INSTANT,
  nic,
  partitionOf,
  run,
  scenario,
  withCosts,
  withLps,
  workload,
} from './hosts.js';

const ALL: Architecture[] = ['hyper-v', 'esxi', 'xen', 'kvm', 'hosted'];

function on(architecture: Architecture, model: HostModel): HostModel {
  const hypervisor = { ...model.hypervisor, architecture, release: architecture === 'hyper-v' ? '2008R2' : null };
  return { ...model, hypervisor, parent: architecture === 'esxi' ? null : model.parent };
}

function costOf(result: RunResult, id: string): number {
  return result.costs.find((cost) => cost.id === id)?.totalNs ?? 0;
}

/** CPU time beside the work itself and booting, for each request. */
function overheadNs(architecture: Architecture, model: HostModel): number {
  const { result } = run(on(architecture, model), { horizonNs: 20e9 });
  const total = result.costs.reduce((sum, { totalNs }) => sum + totalNs, 0);
  const work = costOf(result, 'workload') + costOf(result, 'guest-boot');
  const completed = result.total.partitions.reduce((sum, { work: done }) => sum + (done?.completed ?? 0), 0);
  return (total - work) / completed;
}

function line({ timeNs, partition, category, title, detail }: RunEvent): string {
  return [(timeNs / 1e9).toFixed(3), partition ?? 'host', category, title, detail ?? ''].join(' | ');
}

describe('architecture', () => {
  for (const architecture of ALL) {
    it(`answers every request once on ${architecture}, by paravirtual and emulated devices`, () => {
      const work = workload({
        arrival: { kind: 'closed', clients: 3, thinkNs: 20e6 },
        readBytes: 700_000,
        writeBytes: 4096,
        sendBytes: 100_000,
      });
      const children = (['enlightened', 'legacy', 'xen'] as const).map((kind) =>
        child(kind, {
          kind,
          processors: { count: 2, reservePercent: 5, limitPercent: 90, weight: 50 },
          disks: [disk('ide')],
          nics: [nic(kind === 'legacy' ? 'legacy' : 'synthetic')],
          workload: work,
        }),
      );
      const model = on(architecture, withCosts(host({ children }), INSTANT));
      const { result } = run(model, { horizonNs: 20e9 });
      for (const { name, work: done } of result.total.partitions.filter(({ role }) => role === 'child')) {
        assert.ok(done!.completed > 100, `${name} completed ${done!.completed}`);
        assert.ok(done!.waiting <= 3);
      }
      assert.equal(run(model, { horizonNs: 20e9 }).result.traceHash, result.traceHash);
      assert.equal(
        result.total.partitions.some(({ role }) => role === 'parent'),
        architecture !== 'esxi',
      );
    });

    it(`survives stopping, pausing and failing at any moment on ${architecture}`, () => {
      const verbs = ['start', 'pause', 'resume', 'fail', 'start', 'turn-off', 'start', 'stop'] as const;
      const steps = verbs.map((verb, i) => ({
        atNs: i * 1_234_567_891,
        action: { kind: 'life' as const, verb, target: { kind: 'all' as const } },
      }));
      const work = { ...endless(), readBytes: 8192, writeBytes: 4096, sendBytes: 20_000 };
      const children = (['enlightened', 'legacy'] as const).map((kind) =>
        child(kind, {
          kind,
          disks: [disk('ide')],
          nics: [nic(kind === 'legacy' ? 'legacy' : 'synthetic')],
          workload: work,
        }),
      );
      const model = withLps(withCosts(host({ children, scenarios: [scenario({ steps })] }), INSTANT), 2);
      const { result } = run(on(architecture, model), { scenario: 'S', horizonNs: 12e9, snapshotEveryNs: 50e6 });
      assert.equal(partitionOf(result, 'enlightened').state, 'stopped');
    });

    if (architecture === 'hyper-v') continue;
    it(`brings up the cathedral on ${architecture}, step by step`, () => {
      const { snapshots } = run(on(architecture, cathedral()), { horizonNs: 60e9 });
      const text = `${snapshots
        .flatMap(({ events }) => events)
        .map(line)
        .join('\n')}\n`;
      const file = new URL(`golden/boot-${architecture}.txt`, import.meta.url);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  it('has no parent to lose on esxi', () => {
    const steps = [
      { atNs: 0, action: { kind: 'life' as const, verb: 'start' as const, target: { kind: 'all' as const } } },
      { atNs: 5e9, action: { kind: 'life' as const, verb: 'fail' as const, target: { kind: 'parent' as const } } },
    ];
    const model = withCosts(host({ children: [child('a')], scenarios: [scenario({ steps })] }), INSTANT);
    const played = (architecture: Architecture) => run(on(architecture, model), { scenario: 'S' });
    const { result, snapshots } = played('esxi');
    assert.equal(partitionOf(result, 'a').state, 'running');
    const refusal = snapshots.flatMap(({ events }) => events).find(({ title }) => title.startsWith('refused'));
    assert.equal(refusal?.title, 'refused: fail parent');
    for (const architecture of ALL.filter((each) => each !== 'esxi'))
      assert.equal(partitionOf(played(architecture).result, 'a').state, 'failed', architecture);
  });

  it('takes from reserve, limit and weight what exists there, and says so', () => {
    const busy = (name: string, parts: { limitPercent?: number; weight?: number }, count = 1) =>
      child(name, {
        processors: { count, reservePercent: 0, limitPercent: 100, weight: 100, ...parts },
        workload: { ...endless(), arrival: { kind: 'closed', clients: 4 * count, thinkNs: 0 } },
      });
    const ratio = (architecture: Architecture, children: HostModel['children']) => {
      const model = withLps(withCosts(host({ children }), INSTANT), 1);
      const { result } = run(on(architecture, model), { horizonNs: 60e9 });
      const [a, b] = children.map(({ name }) => partitionOf(result, name).cpuPercent);
      return { ratio: a! / b!, notes: result.notes };
    };
    const near = (actual: number, expected: number, what = '') =>
      assert.ok(Math.abs(actual / expected - 1) < 0.06, `${what}: ${actual}, expected ${expected}`);
    const weighted = [busy('a', { weight: 300 }), busy('b', {})];
    for (const architecture of ['hyper-v', 'esxi', 'xen', 'kvm'] as const)
      near(ratio(architecture, weighted).ratio, 3, architecture);
    const hosted = ratio('hosted', weighted);
    near(hosted.ratio, 1);
    assert.ok(hosted.notes.some((note) => note.includes('no limit or weight: those of a had no effect')));
    const limited = [busy('a', { limitPercent: 20 }), busy('b', {})];
    for (const architecture of ['hyper-v', 'esxi', 'xen', 'kvm'] as const)
      near(ratio(architecture, limited).ratio, 0.25, architecture);
  });

  it('weighs each VP on hyper-v, esxi and xen, the whole domain on kvm', () => {
    const busy = (name: string, count: number) =>
      child(name, {
        processors: { count, reservePercent: 0, limitPercent: 100, weight: 100 },
        workload: { ...endless(), arrival: { kind: 'closed', clients: 4 * count, thinkNs: 0 } },
      });
    const ratio = (architecture: Architecture) => {
      const children = [busy('one', 2), busy('two', 4)];
      const model = withLps(withCosts(host({ children }), INSTANT), 4);
      const { result } = run(on(architecture, model), { horizonNs: 60e9 });
      return partitionOf(result, 'two').cpuPercent / partitionOf(result, 'one').cpuPercent;
    };
    assert.ok(Math.abs(ratio('hyper-v') - 2) < 0.1, `${ratio('hyper-v')}`);
    assert.ok(Math.abs(ratio('esxi') - 2) < 0.1, `${ratio('esxi')}`);
    assert.ok(Math.abs(ratio('xen') - 2) < 0.1, `${ratio('xen')}`);
    assert.ok(Math.abs(ratio('kvm') - 1) < 0.1, `${ratio('kvm')}`);
  });

  it('pays for its way to the device: least in the hypervisor, most through a process of a host system', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 500 }, readBytes: 4096, sendBytes: 4096 });
    const model = withCosts(
      host({ children: [child('a', { disks: [disk()], nics: [nic()], workload: work })] }),
      INSTANT,
    );
    const [hyperV, esxi, xen, kvm, hosted] = ALL.map((architecture) => overheadNs(architecture, model));
    assert.ok(esxi! < hyperV! && hyperV! < xen! && xen! < hosted!, `${[hyperV, esxi, xen, kvm, hosted]}`);
    assert.ok(esxi! < kvm! && kvm! < hosted!, `${[hyperV, esxi, xen, kvm, hosted]}`);
  });

  it('predicts what a request costs on its way out of a Xen guest from its hypercall and its switch', () => {
    // Calibrated on: hypercall 1,228, VM switch 10,534. Predicted: I/O latency out, published as 11,262 cycles.
    const work = workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 10e6 }, readBytes: 4096 });
    const model = withCosts(host({ children: [child('a', { disks: [disk()], workload: work })] }), INSTANT);
    const { result } = run(on('xen', model), { horizonNs: 10e9, trace: true });
    const slices = result.trace!.filter(({ startNs }) => startNs > result.readyNs + 1e9);
    const kick = slices.find(({ track, name }) => track.startsWith('a/') && name === 'hypercall')!;
    const served = slices.find(({ startNs, name }) => startNs > kick.startNs && name === 'VSP storage of a')!;
    const onLp = slices.find(
      ({ track, name, startNs }) => track.startsWith('Logical') && name.startsWith('parent') && startNs >= kick.startNs,
    )!;
    assert.ok(served.startNs >= kick.startNs + kick.durationNs && onLp.startNs === kick.startNs + kick.durationNs);
    const switchNs = costOf(result, 'xen-switch') / result.costs.find(({ id }) => id === 'xen-switch')!.count;
    const cycles = kick.durationNs + switchNs;
    assert.ok(Math.abs(cycles / 11_262 - 1) < 0.06, `${cycles} cycles, published 11,262`);
  });

  it('emulates a register in user mode for 3.3 times what the kernel takes, where the VP does it itself', () => {
    const work = workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 10e6 }, readBytes: 4096 });
    const legacy = child('a', { kind: 'legacy', disks: [disk('ide')], workload: work });
    const { result } = run(on('kvm', withCosts(host({ children: [legacy] }), INSTANT)), { horizonNs: 10e9 });
    const ratio = (costOf(result, 'user-access') + costOf(result, 'vm-exit')) / costOf(result, 'vm-exit');
    assert.ok(Math.abs(ratio - 3.3) < 0.01, `${ratio}`);
  });

  it('keeps a limit as a rate or as a budget, as the file says, and says which in the boot log', () => {
    const limited = child('a', {
      processors: { count: 1, reservePercent: 0, limitPercent: 25, weight: 100 },
      workload: workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 90_000_000 }, cpuNs: 10_000_000 }),
    });
    const as = (limits: 'budget' | 'rate') => {
      const base = withCosts(host({ children: [limited] }), INSTANT);
      const { result, snapshots } = run({ ...base, hypervisor: { ...base.hypervisor, limits } }, { horizonNs: 5e9 });
      const events = snapshots.flatMap((snapshot) => snapshot.events.map(({ detail }) => detail));
      return { p50: result.total.partitions[1]!.work!.latencyNs!.p50, events };
    };
    const budget = as('budget');
    const rate = as('rate');
    assert.ok(budget.p50 < 15e6, `10 ms fit the budget of 12.5 ms, but took ${budget.p50}`);
    assert.ok(rate.p50 > 36e6, `10 ms at a quarter of the speed took ${rate.p50}`);
    assert.ok(budget.events.includes('limits are budgets of 50 ms'));
    assert.ok(rate.events.includes('limits are rates, kept within 1 ms'));
  });

  it('tells of each VP in which state its time went', () => {
    const endless = workload({ arrival: { kind: 'closed', clients: 8, thinkNs: 0 }, cpuNs: 5_000_000 });
    const processors = { count: 2, reservePercent: 0, limitPercent: 25, weight: 100 };
    const { result } = run(withCosts(host({ children: [child('a', { processors, workload: endless })] }), INSTANT), {
      horizonNs: 5e9,
    });
    for (const times of result.total.partitions[1]!.vpTimes) {
      assert.ok(Math.abs(times.runningPercent - 25) < 0.5, 'it runs within its limit');
      assert.ok(Math.abs(times.waitingPercent - 75) < 1, 'and waits for the rest');
      const sum = times.runningPercent + times.readyPercent + times.waitingPercent + times.suspendedPercent;
      assert.ok(sum > 99.9 && sum <= 100 + 1e-9, `${sum} %`);
    }
  });
});
