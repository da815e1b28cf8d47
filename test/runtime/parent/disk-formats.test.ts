import assert from 'node:assert/strict';
import { growingFormat } from '../../../src/model/catalog/disk-formats.js';
import type { VirtualDisk, Workload } from '../../../src/model/host-model.js';
import type { RunResult } from '../../../src/protocol/run-result.js';
import { GrowingFile } from '../../../src/runtime/parent/growing-file.js';
import { RandomStream } from '../../../src/runtime/random.js';
import { child, disk, host, INSTANT, partitionOf, run, withCosts, workload } from '../hosts.js';

const MB = 1024 ** 2;

/** A machine that does nothing but use its disk. */
function use(kind: Partial<VirtualDisk>, work: Partial<Workload>, costs: Record<string, number> = {}): RunResult {
  const model = host({
    children: [
      child('a', {
        disks: [{ ...disk(), ...kind }],
        workload: workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 1e6 }, cpuNs: 1e4, ...work }),
      }),
    ],
  });
  return run(withCosts(model, INSTANT, { 'dynamic-filled': 0 }, costs), { horizonNs: 5e9 }).result;
}

const done = (result: RunResult) => partitionOf(result, 'a').work!.completed;
const writtenEach = (result: RunResult) =>
  (result.total.disks[0]!.writeBytesPerSecond * (result.timeNs - result.readyNs)) / 1e9 / done(result);
const readEach = (result: RunResult) =>
  (result.total.disks[0]!.readBytesPerSecond * (result.timeNs - result.readyNs)) / 1e9 / done(result);
const charged = (result: RunResult, id: string) => result.costs.find((cost) => cost.id === id)?.count ?? 0;
const near = (value: number, expected: number, within = 0.02) =>
  assert.ok(Math.abs(value / expected - 1) < within, `${value} is not about ${expected}`);

const SEQUENTIAL: Partial<Workload> = { writeBytes: MB, sequential: true };

describe('the file of a virtual disk', () => {
  it('is written as the guest writes, where all of it is there', () => {
    for (const allocation of ['fixed', 'pass-through'] as const)
      near(writtenEach(use({ allocation }, SEQUENTIAL)), MB, 0.01);
  });

  it('grows by a block of 2 MB in a dynamic VHD: three writes, and zeroes', () => {
    const result = use({ allocation: 'dynamic' }, SEQUENTIAL, { 'vhd-zeroing': 100_000 });
    near(writtenEach(result), MB + (3 * 4096 + 100_000) / 2);
    near(readEach(result), 4 * 4096);
  });

  it('grows by a block of 32 MB in a dynamic VHDX: two writes, on whole sectors', () => {
    const result = use({ allocation: 'dynamic', format: 'vhdx' }, SEQUENTIAL, { 'vhd-zeroing': 100_000 });
    near(writtenEach(result), MB + (2 * 4096) / 32);
    assert.equal(readEach(result), 0);
  });

  it('does not grow where its blocks are there already', () => {
    const result = use({ allocation: 'dynamic', format: 'vhdx' }, SEQUENTIAL, { 'dynamic-filled': 100 });
    near(writtenEach(result), MB, 0.01);
  });

  it('reads no sector first where the physical disk writes 512 bytes at once', () => {
    assert.equal(readEach(use({ allocation: 'dynamic' }, SEQUENTIAL, { 'ssd-sector': 512 })), 0);
  });

  it('lets reads of a differencing disk fall through to the file it builds on', () => {
    const result = use({ allocation: 'differencing', format: 'vhdx', base: 'base.vhdx' }, { readBytes: 65_536 });
    near(readEach(result), 65_536);
    assert.equal(result.total.disks[0]!.writeBytesPerSecond, 0);
  });

  it('keeps what is written to a differencing disk in blocks of its own', () => {
    const result = use({ allocation: 'differencing', format: 'vhdx', base: 'base.vhdx' }, SEQUENTIAL);
    near(writtenEach(result), MB + (2 * 4096) / 2);
  });

  it('takes the parent less work where there is none, and more where it grows', () => {
    const work = { readBytes: 4096 };
    const counts = (kind: Partial<VirtualDisk>) => {
      const result = use(kind, work);
      const requests = charged(result, 'vsp-storage-request');
      return ['vsp-storage-file', 'vsp-storage-table'].map((id) => charged(result, id) / requests > 0.9);
    };
    assert.deepEqual(counts({ allocation: 'pass-through', format: 'raw' }), [false, false]);
    assert.deepEqual(counts({ allocation: 'fixed' }), [true, false]);
    assert.deepEqual(counts({ allocation: 'dynamic' }), [true, true]);
  });
});

describe('a growing file', () => {
  const file = (filled: number) =>
    new GrowingFile(growingFormat({ ...disk(), allocation: 'dynamic' })!, filled, new RandomStream(1, 'test'));

  it('allocates each block once, however often it is written', () => {
    const empty = file(0);
    assert.equal(empty.write(0, 1), 1);
    assert.equal(empty.write(2 * MB - 1, 2), 1);
    assert.equal(empty.write(0, 4 * MB), 0);
    assert.equal(empty.write(4 * MB, 6 * MB), 3);
  });

  it('has what is read', () => {
    const empty = file(0);
    empty.read(3 * MB, 1);
    assert.equal(empty.write(2 * MB, 2 * MB), 0);
  });

  it('allocates as many blocks as were not there', () => {
    const half = file(0.5);
    let missing = 0;
    for (let block = 0; block < 1000; block++) missing += half.write(block * 2 * MB, 512);
    assert.ok(missing > 440 && missing < 560, `${missing}`);
  });
});
