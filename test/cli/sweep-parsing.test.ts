import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/exit.js';
import { crossProduct } from '../../src/cli/sweep/cross-product.js';
import { parseExpectation } from '../../src/cli/sweep/expectation.js';
import { CHILD_SETTINGS, HARDWARE_SETTINGS, PARENT_SETTINGS, WORKLOAD_SETTINGS } from '../../src/cli/sweep/settings.js';
import { parseVariation } from '../../src/cli/sweep/variation.js';
import type { HostModel } from '../../src/model/host-model.js';
import { cathedral } from '../runtime/hosts.js';

const GB = 1024 ** 3;

/** The models that the values of a variation make. */
function varied(text: string, model = cathedral()): HostModel[] {
  return parseVariation(text, model).values.map(({ apply }) => apply(model));
}

function child(model: HostModel, name: string) {
  return model.children.find((candidate) => candidate.name === name)!;
}

describe('hvhost sweep --vary', () => {
  it('sets what it names, and nothing else', () => {
    const model = cathedral();
    const [first, second] = varied('child web weight 100,400', model);
    assert.equal(child(first!, 'web').processors.weight, 100);
    assert.equal(child(second!, 'web').processors.weight, 400);
    assert.deepEqual(child(second!, 'payroll'), child(model, 'payroll'));
    assert.deepEqual(second!.hardware, model.hardware);
  });

  it('knows every setting of the documentation', () => {
    const web = (model: HostModel | undefined) => child(model!, 'web');
    assert.equal(web(varied('child web processors 4')[0]).processors.count, 4);
    assert.equal(web(varied('child web reserve 5 %')[0]).processors.reservePercent, 5);
    assert.equal(web(varied('child web limit 90 %')[0]).processors.limitPercent, 90);
    assert.equal(web(varied('child web memory 4 GB')[0]).memory.startupBytes, 4 * GB);
    const [rate] = varied('workload WebServer requests 90 / min');
    assert.deepEqual(web(rate).workload?.arrival, { kind: 'open', requestsPerSecond: 1.5 });
    assert.equal(web(varied('workload WebServer cpu 3 ms')[0]).workload?.cpuNs, 3e6);
    const [clients] = varied('workload Payroll clients 7');
    assert.deepEqual(child(clients!, 'payroll').workload?.arrival, { kind: 'closed', clients: 7, thinkNs: 500e6 });
    const [think] = varied('workload Payroll think 1 s');
    assert.deepEqual(child(think!, 'payroll').workload?.arrival, { kind: 'closed', clients: 2, thinkNs: 1e9 });
    assert.equal(varied('parent reserve cpu 10 %')[0]?.parent?.reserve.cpuPercent, 10);
    assert.equal(varied('parent reserve memory 4 GB')[0]?.parent?.reserve.policy, 'manual');
    assert.equal(varied('hardware memory 64 GB')[0]?.hardware.memory.bytes, 64 * GB);
    assert.equal(varied('hardware sockets 4')[0]?.hardware.processor.sockets, 4);
    assert.equal(varied('hardware cores 8')[0]?.hardware.processor.coresPerSocket, 8);
  });

  it('gives values without a unit the unit of the last', () => {
    const { label, values } = parseVariation('  child web reserve 0, 10,20 %', cathedral());
    assert.equal(label, 'child web reserve');
    assert.deepEqual(
      values.map(({ text }) => text),
      ['0 %', '10 %', '20 %'],
    );
    const rates = parseVariation('workload WebServer requests 1,2/s', cathedral());
    assert.deepEqual(
      rates.values.map(({ text }) => text),
      ['1 / s', '2 / s'],
    );
  });

  it('lets an automatic reserve follow the memory of the host', () => {
    const model = cathedral();
    model.parent!.reserve = { policy: 'automatic', cpuPercent: 0, memoryBytes: 1 };
    const [small, large] = varied('hardware memory 16,32 GB', model).map(({ parent }) => parent!.reserve.memoryBytes);
    assert.equal(large! - small!, 16 * 30 * 1024 ** 2);
  });

  const wrong: [string, RegExp][] = [
    ['', /write for example/],
    ['web weight 100', /write for example/],
    ['child web wieght 100', /'wieght' cannot be varied.*weight/],
    ['child nobody weight 100', /no child 'nobody' \(there is web/],
    ['child web weight', /'' is no number/],
    ['child web weight 0', /out of range \(1 to 10000\)/],
    ['child web weight 1.5', /no whole number/],
    ['child web weight 100,,200', /'' is no number/],
    ['child web weight 100,100', /twice/],
    ['child web reserve 20', /'20' is no percent \(units: %\)/],
    ['child web reserve 120 %', /out of range/],
    ['child web memory 4 ms', /is no memory/],
    ['child web memory 64 GB', /1 GB to 8 GB/],
    ['workload WebServer clients 4', /vary its requests/],
    ['workload Payroll requests 4 / s', /vary its clients/],
    ['workload Nothing requests 4 / s', /no child runs a workload 'Nothing'/],
    ['hardware disks 4', /memory, sockets, cores/],
    ['parent reserve disk 4 GB', /reserve cpu, reserve memory/],
  ];
  for (const [text, message] of wrong) {
    it(`says what is wrong with '${text}'`, () => {
      const isClear = (error: unknown) => error instanceof UsageError && message.test(error.message);
      assert.throws(() => varied(text), isClear);
    });
  }
});

describe('the documentation of sweeps', () => {
  it('lists everything that can be varied', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/what-if.md'), 'utf8');
    const listed = (subject: string, settings: object) => Object.keys(settings).map((name) => `${subject} ${name}`);
    for (const words of [
      ...listed('child NAME', CHILD_SETTINGS),
      ...listed('workload NAME', WORKLOAD_SETTINGS),
      ...listed('parent', PARENT_SETTINGS),
      ...listed('hardware', HARDWARE_SETTINGS),
    ]) {
      assert.ok(page.includes(`\`${words} `), words);
    }
  });
});

describe('the combinations of a sweep', () => {
  const points = (...texts: string[]) => {
    const model = cathedral();
    return crossProduct(
      model,
      texts.map((text) => parseVariation(text, model)),
    );
  };

  it('are all of them, the last value changing fastest', () => {
    const all = points('child web weight 100,200', 'hardware cores 2,4');
    const settings = all.map((point) => Object.values(point.settings).join(' '));
    assert.deepEqual(settings, ['100 2', '100 4', '200 2', '200 4']);
    assert.equal(child(all[2]!.model, 'web').processors.weight, 200);
    assert.equal(all[2]!.model.hardware.processor.coresPerSocket, 2);
  });

  it('do not vary one thing twice', () => {
    assert.throws(() => points('child web weight 1', 'child web weight 2'), /varied twice/);
  });

  it('make sense together', () => {
    assert.throws(
      () => points('child web reserve 10,60 %', 'child web limit 50,80 %'),
      /reserve 60 % with a limit of 50 %/,
    );
  });

  it('are not millions', () => {
    const many = Array.from({ length: 200 }, (_, index) => index + 1).join();
    assert.throws(() => points(`child web weight ${many}`, `child payroll weight ${many}`), /40000 combinations/);
  });
});

describe('hvhost sweep --expect', () => {
  it('reads what the language reads', () => {
    assert.deepEqual(parseExpectation('latency p95 < 40 ms between 30 s and 1 min')('web-2'), {
      text: 'web-2 latency p95 < 40 ms between 30 s and 1 min',
      kind: 'metric',
      target: { kind: 'child', name: 'web-2' },
      metric: 'latency',
      statistic: 'p95',
      comparison: '<',
      value: 40e6,
      fromNs: 30e9,
      toNs: 60e9,
    });
    const throughput = parseExpectation('throughput >= 300 / s after 20 s')('web');
    assert.ok(throughput.kind === 'metric' && throughput.statistic === 'mean' && throughput.value === 300);
    assert.deepEqual([throughput.fromNs, throughput.toNs], [20e9, null]);
    assert.equal(parseExpectation('cpu max<20%')('web').toNs, null);
  });

  for (const text of [
    '',
    'web latency p95 < 40 ms',
    'latency p96 < 40 ms',
    'latency p95 < 40',
    'latency < 40 MB',
    'cpu < 5 % between 9 s and 3 s',
  ]) {
    it(`says what is wrong with '${text}'`, () => {
      assert.throws(() => parseExpectation(text), UsageError);
    });
  }
});
