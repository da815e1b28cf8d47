import assert from 'node:assert/strict';
import { PAGE_BYTES, SystemMemory } from '../../../src/runtime/hardware/system-memory.js';
import { FULL_LP, Partition } from '../../../src/runtime/hypervisor/partition.js';
import {
  CallCode,
  CHILD_PRIVILEGES,
  mayCall,
  Privilege,
  ROOT_PRIVILEGES,
} from '../../../src/runtime/hypervisor/tlfs/privileges.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { VirtualProcessors, VpState } from '../../../src/runtime/hypervisor/virtual-processors.js';
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

describe('states of a partition', () => {
  const PHASES = ['uninitialized', 'active', 'finalized', 'deleted'] as const;
  type Phase = (typeof PHASES)[number];
  const property = { reserve: 0, cap: FULL_LP, weight: 100 };

  /** A fresh partition that its manager has brought there; one that is active has a pool, a VP and memory. */
  function broughtTo(phase: Phase): Partition {
    const { made } = partition();
    if (phase === 'uninitialized') return made;
    made.initialize();
    if (phase === 'active') {
      made.deposit(5);
      made.createVp(0, 4);
      made.mapGpaPages(5);
      return made;
    }
    made.finalize();
    if (phase === 'deleted') made.delete();
    return made;
  }

  /** Every call of partition management, the phases that take it, and where it leads. */
  const CALLS: [name: string, call: (made: Partition) => HvStatus, taken: Phase[], leadsTo?: Phase][] = [
    ['HvCallSetPartitionProperty', (made) => made.setCpuProperties(property), ['uninitialized', 'active']],
    ['HvCallInitializePartition', (made) => made.initialize(), ['uninitialized'], 'active'],
    ['HvCallDepositMemory', (made) => made.deposit(1), ['uninitialized', 'active']],
    ['HvCallCreateVp', (made) => made.createVp(0, 4), ['active']],
    ['HvCallDeleteVp', (made) => made.deleteVp(), ['active']],
    ['HvCallMapGpaPages', (made) => made.mapGpaPages(1), ['active']],
    ['HvCallUnmapGpaPages', (made) => made.unmapGpaPages(1), ['active']],
    ['HvCallFinalizePartition', (made) => made.finalize(), ['active'], 'finalized'],
    ['HvCallWithdrawMemory', (made) => made.withdraw(), ['active', 'finalized']],
    ['HvCallDeletePartition', (made) => made.delete(), ['finalized'], 'deleted'],
  ];
  for (const [name, call, taken, leadsTo] of CALLS) {
    for (const phase of PHASES) {
      const isTaken = taken.includes(phase);
      it(`${isTaken ? 'take' : 'refuse'} ${name} when it is ${phase}`, () => {
        const made = broughtTo(phase);
        assert.equal(made.phase, phase);
        assert.equal(call(made), isTaken ? HvStatus.Success : HvStatus.InvalidPartitionState);
        assert.equal(made.phase, isTaken ? (leadsTo ?? phase) : phase);
      });
    }
  }

  it('show nothing to who may not manage partitions: access denied, whatever the phase', () => {
    const { memory } = partition();
    assert.equal(Partition.create(CHILD_PRIVILEGES, 'p', memory), HvStatus.AccessDenied);
    assert.ok(Partition.create(ROOT_PRIVILEGES, 'p', memory) instanceof Partition);
    for (const phase of PHASES) {
      const made = new Partition('p', memory, null, undefined, CHILD_PRIVILEGES);
      made.phase = phase;
      for (const [name, call] of CALLS) assert.equal(call(made), HvStatus.AccessDenied, name);
    }
  });

  it('need one privilege for the pool and another for everything else', () => {
    const may = (privileges: bigint) => {
      const made = new Partition('p', partition().memory, null, undefined, privileges);
      return [made.initialize(), made.deposit(1)];
    };
    assert.deepEqual(may(Privilege.CreatePartitions), [HvStatus.Success, HvStatus.AccessDenied]);
    assert.deepEqual(may(Privilege.AccessMemoryPool), [HvStatus.AccessDenied, HvStatus.Success]);
  });

  it('know no VP to delete where none was created', () => {
    const { made } = partition();
    made.initialize();
    assert.equal(made.deleteVp(), HvStatus.InvalidVpIndex);
  });
});

describe('states of a VP', () => {
  const { Suspended, Waiting, Ready, Running } = VpState;
  const ALLOWED: [from: VpState, to: VpState][] = [
    [Suspended, Ready],
    [Suspended, Waiting],
    [Waiting, Ready],
    [Waiting, Waiting],
    [Waiting, Suspended],
    [Ready, Running],
    [Ready, Suspended],
    [Running, Ready],
    [Running, Waiting],
    [Running, Suspended],
  ];
  for (const from of Object.values(VpState)) {
    for (const to of Object.values(VpState)) {
      const allowed = ALLOWED.some(([a, b]) => a === from && b === to);
      it(`${from} is ${allowed ? '' : 'not '}followed by ${to}`, () => {
        const vps = new VirtualProcessors(1);
        vps.add(0, 1, { reserve: 0, limit: 1, weight: 100 }, { next: () => 0, interrupt: () => 0 });
        vps.state[0] = from;
        if (allowed) vps.enter(0, to, 5);
        else assert.throws(() => vps.enter(0, to, 5), /cannot follow/);
        assert.equal(vps.state[0], allowed ? to : from);
      });
    }
  }
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
