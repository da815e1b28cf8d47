import assert from 'node:assert/strict';
import { PAGE_BYTES, SystemMemory } from '../../../src/runtime/hardware/system-memory.js';
import { FULL_LP, Partition } from '../../../src/runtime/hypervisor/partition.js';
import { CallCode, CHILD_PRIVILEGES, mayCall, Privilege } from '../../../src/runtime/hypervisor/tlfs/privileges.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { FakeGuest } from '../machine/fake-guest.js';

function partition(pages = 100): { memory: SystemMemory; made: Partition } {
  const memory = new SystemMemory(pages * PAGE_BYTES, 1);
  return { memory, made: new Partition('p', memory) };
}

describe('partition', () => {
  it('lives from created to deleted and leaves no page behind', () => {
    const { memory, made } = partition();
    assert.equal(made.setCpuProperties({ reserve: FULL_LP / 2, cap: FULL_LP, weight: 200 }), HvStatus.Success);
    assert.equal(made.initialize(), HvStatus.Success);
    assert.equal(made.deposit(10), HvStatus.Success);
    assert.equal(made.createVp(0, 4), HvStatus.Success);
    assert.equal(made.mapGpaPages(80), HvStatus.Success);
    assert.equal(memory.freePages, 10);
    assert.equal(made.finalize(), HvStatus.Success);
    assert.equal(made.delete(), HvStatus.InvalidPartitionState, 'its pool is not withdrawn');
    assert.equal(made.withdraw(), HvStatus.Success);
    assert.equal(made.delete(), HvStatus.Success);
    assert.equal(memory.freePages, 100);
  });

  it('allows nothing out of turn', () => {
    const { made } = partition();
    const wrong = HvStatus.InvalidPartitionState;
    assert.equal(made.createVp(0, 4), wrong);
    assert.equal(made.mapGpaPages(1), wrong);
    assert.equal(made.finalize(), wrong);
    assert.equal(made.delete(), wrong);
    made.initialize();
    assert.equal(made.initialize(), wrong);
    made.finalize();
    assert.equal(made.deposit(1), wrong);
    assert.equal(made.setCpuProperties({ reserve: 0, cap: FULL_LP, weight: 100 }), wrong);
  });

  it('refuses properties out of their range and a reserve above the cap', () => {
    const { made } = partition();
    const set = (reserve: number, cap: number, weight: number) => made.setCpuProperties({ reserve, cap, weight });
    assert.equal(set(0, FULL_LP, 0), HvStatus.PropertyValueOutOfRange);
    assert.equal(set(0, FULL_LP, 10_001), HvStatus.PropertyValueOutOfRange);
    assert.equal(set(0, FULL_LP + 1, 100), HvStatus.PropertyValueOutOfRange);
    assert.equal(set(FULL_LP, FULL_LP / 2, 100), HvStatus.InvalidParameter);
  });

  it('creates no VP without a pool or beyond the processors that can be reserved', () => {
    const { made } = partition();
    made.setCpuProperties({ reserve: FULL_LP, cap: FULL_LP, weight: 100 });
    made.initialize();
    assert.equal(made.createVp(0, 2), HvStatus.InsufficientMemory);
    made.deposit(1);
    assert.equal(made.createVp(0.5, 2), HvStatus.Success);
    assert.equal(made.createVp(0.5, 2), HvStatus.OperationDenied);
  });

  it('says when memory is short', () => {
    const { made } = partition(10);
    made.initialize();
    assert.equal(made.mapGpaPages(11), HvStatus.InsufficientMemory);
    assert.equal(made.deposit(11), HvStatus.InsufficientMemory);
  });
});

describe('hypercalls of a child', () => {
  it('get access denied for what only the root may do, by its privilege flags', () => {
    const guest = new FakeGuest();
    const call = (code: number) =>
      Number(guest.hypervisor.hypercall({ control: BigInt(code), input: 0x5000n, output: 0n }));
    const { PostMessage, SignalEvent, ...managing } = CallCode;
    for (const [name, code] of Object.entries(managing)) assert.equal(call(code), HvStatus.AccessDenied, name);
    assert.notEqual(call(PostMessage), HvStatus.AccessDenied);
    assert.notEqual(call(SignalEvent), HvStatus.AccessDenied);
    assert.equal(call(0x3fff), HvStatus.InvalidHypercallCode);
  });

  it('are those that its CPUID leaf announces', () => {
    const leaf = new FakeGuest().hypervisor.cpuid(0x40000003)!;
    assert.equal(BigInt(leaf.ebx), CHILD_PRIVILEGES >> 32n);
    assert.equal(mayCall(CallCode.CreatePartition, CHILD_PRIVILEGES | Privilege.CreatePartitions), true);
  });
});
