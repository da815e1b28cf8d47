import assert from 'node:assert/strict';
import { guestOsName } from '../../../src/runtime/hypervisor/tlfs/guest-os-id.js';
import { Msr } from '../../../src/runtime/hypervisor/tlfs/msr.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { MAX_QUEUED_MESSAGES } from '../../../src/runtime/hypervisor/tlfs/synic.js';
import { type CrashReport, TlfsHypervisor } from '../../../src/runtime/hypervisor/tlfs/tlfs-hypervisor.js';
import { FakeClock, FakeCpu } from './fake-cpu.js';

const LINUX_6_1_176 = 0x8100_0006_01b0_0000n;
const HYPERCALL_PAGE = 0x2000;
const SIMP = 0x3000;
const SIEFP = 0x4000;
const INPUT = 0x5000;
const SINT2 = Msr.Sint0 + 2;
const SLOT2 = SIMP + 2 * 256;

function partition(idleSlackNs = 0) {
  const cpu = new FakeCpu();
  const clock = new FakeClock();
  const posted: { connectionId: number; type: number; payload: Uint8Array }[] = [];
  const signalled: { connectionId: number; flag: number }[] = [];
  const crashes: CrashReport[] = [];
  const hypervisor = new TlfsHypervisor(cpu, {
    clock,
    tscHz: 1e9,
    apicHz: 1e9,
    idleSlackNs,
    ports: {
      postMessage: (connectionId, type, payload) => {
        posted.push({ connectionId, type, payload });
        return HvStatus.Success;
      },
      signalEvent: (connectionId, flag) => {
        signalled.push({ connectionId, flag });
        return connectionId === 7 ? HvStatus.Success : HvStatus.InvalidConnectionId;
      },
    },
    crashed: (report) => crashes.push(report),
  });
  return { cpu, clock, hypervisor, posted, signalled, crashes };
}

function enlightened(idleSlackNs = 0) {
  const all = partition(idleSlackNs);
  const { hypervisor } = all;
  hypervisor.writeMsr(Msr.GuestOsId, LINUX_6_1_176);
  hypervisor.writeMsr(Msr.Hypercall, BigInt(HYPERCALL_PAGE | 1));
  hypervisor.writeMsr(Msr.Simp, BigInt(SIMP | 1));
  hypervisor.writeMsr(Msr.Siefp, BigInt(SIEFP | 1));
  hypervisor.writeMsr(SINT2, 0xf3n);
  hypervisor.writeMsr(Msr.Scontrol, 1n);
  return all;
}

const call = (control: bigint, input = 0n) => ({ control, input, output: 0n });

describe('TLFS: discovery', () => {
  it('says Microsoft Hv with the interface Hv#1', () => {
    const { hypervisor } = partition();
    const { eax, ebx, ecx, edx } = hypervisor.cpuid(0x40000000)!;
    const vendor = Buffer.alloc(12);
    [ebx, ecx, edx].forEach((word, at) => {
      vendor.writeUInt32LE(word >>> 0, at * 4);
    });
    assert.equal(vendor.toString(), 'Microsoft Hv');
    assert.ok(eax >= 0x40000005);
    assert.equal(hypervisor.cpuid(0x40000001)?.eax, 0x31237648);
  });

  it('grants what Linux insists on, and claims neither root nor isolation', () => {
    const { hypervisor } = partition();
    const { eax, ebx } = hypervisor.cpuid(0x40000003)!;
    assert.equal(eax & 0x60, 0x60, 'hypercall MSRs and VP index');
    assert.equal(ebx & ((1 << 12) | (1 << 22)), 0);
  });

  it('leaves the processor its own leaves', () => {
    const { hypervisor } = partition();
    assert.equal(hypervisor.cpuid(1), null);
    assert.equal(hypervisor.cpuid(0x80000000), null);
    assert.deepEqual(hypervisor.cpuid(0x400000ff), { eax: 0, ebx: 0, ecx: 0, edx: 0 });
  });

  it('reads the name of the guest from its identity', () => {
    assert.equal(guestOsName(0n), null);
    assert.equal(guestOsName(LINUX_6_1_176), 'Linux 6.1.176');
    assert.equal(guestOsName(0x0001_0400_0a00_4563n), 'operating system 0x104000a004563');
  });
});

describe('TLFS: MSRs', () => {
  it('keeps the hypercall page off until the guest says what it is', () => {
    const { cpu, hypervisor } = partition();
    hypervisor.writeMsr(Msr.Hypercall, BigInt(HYPERCALL_PAGE | 1));
    assert.equal(hypervisor.readMsr(Msr.Hypercall)! & 1n, 0n);
    hypervisor.writeMsr(Msr.GuestOsId, LINUX_6_1_176);
    hypervisor.writeMsr(Msr.Hypercall, BigInt(HYPERCALL_PAGE | 1));
    assert.deepEqual(cpu.memory.read(HYPERCALL_PAGE, 4), cpu.hypercallCode);
    hypervisor.writeMsr(Msr.GuestOsId, 0n);
    assert.equal(hypervisor.readMsr(Msr.Hypercall), 0n);
  });

  it('does not move a locked hypercall page', () => {
    const { hypervisor } = partition();
    hypervisor.writeMsr(Msr.GuestOsId, LINUX_6_1_176);
    hypervisor.writeMsr(Msr.Hypercall, BigInt(HYPERCALL_PAGE | 3));
    hypervisor.writeMsr(Msr.Hypercall, 0x9001n);
    assert.equal(hypervisor.readMsr(Msr.Hypercall), BigInt(HYPERCALL_PAGE | 3));
  });

  it('refuses pages outside of memory, low vectors and writes to read-only registers', () => {
    const { cpu, hypervisor } = enlightened();
    assert.equal(hypervisor.writeMsr(Msr.Simp, BigInt(cpu.memory.bytes) | 1n), 'fault');
    assert.equal(hypervisor.writeMsr(Msr.Siefp, 0xffff_ffff_f001n), 'fault');
    assert.equal(hypervisor.writeMsr(SINT2, 5n), 'fault');
    assert.equal(hypervisor.writeMsr(SINT2, 0x10005n), 'done', 'masked, so the vector does not matter');
    assert.equal(hypervisor.writeMsr(Msr.TimeRefCount, 1n), 'fault');
    assert.equal(hypervisor.writeMsr(0x40000fff, 1n), 'unknown');
    assert.equal(hypervisor.readMsr(0x40000fff), null);
  });

  it('gives a page back as it was when an overlay goes elsewhere or away, and keeps what is in the overlay', () => {
    const { cpu, hypervisor } = partition();
    for (const [index, msr] of [Msr.Simp, Msr.Siefp, Msr.ReferenceTsc].entries()) {
      const [first, second] = [0x10000 + index * 0x2000, 0x11000 + index * 0x2000];
      cpu.memory.write(first, Uint8Array.of(1, 2, 3));
      cpu.memory.write(second, Uint8Array.of(4, 5, 6));
      hypervisor.writeMsr(msr, BigInt(first | 1));
      cpu.memory.write(first + 100, Uint8Array.of(7));
      hypervisor.writeMsr(msr, BigInt(second | 1));
      assert.deepEqual([...cpu.memory.read(first, 3)], [1, 2, 3]);
      if (msr !== Msr.ReferenceTsc) assert.deepEqual([...cpu.memory.read(second + 100, 1)], [7]);
      hypervisor.writeMsr(msr, 0n);
      assert.deepEqual([...cpu.memory.read(second, 3)], [4, 5, 6]);
    }
  });

  it('lets a guest compute reference time out of its time stamp counter, until it sets that', () => {
    const { cpu, clock, hypervisor } = partition();
    cpu.timeStampCounter = 500_000n;
    clock.timeNs = 2_000_000;
    hypervisor.writeMsr(Msr.ReferenceTsc, 0x9001n);
    const page = () => new DataView(cpu.memory.read(0x9000, 24).slice().buffer);
    const computed = (counter: bigint) =>
      ((counter * page().getBigUint64(8, true)) >> 64n) + page().getBigInt64(16, true);
    for (const passedNs of [0, 1_000, 123_456_700, 3600e9]) {
      clock.timeNs = 2_000_000 + passedNs;
      const difference = computed(500_000n + BigInt(passedNs)) - hypervisor.readMsr(Msr.TimeRefCount)!;
      assert.ok(difference >= -1n && difference <= 1n, `${difference} after ${passedNs} ns`);
    }
    assert.equal(page().getUint32(0, true), 1);
    assert.equal(hypervisor.writeMsr(Msr.TimeStampCounter, 0n), 'unknown', 'it is the processor that sets it');
    assert.equal(page().getUint32(0, true), 0, 'the page is not valid any more');
  });

  it('counts reference time in units of 100 ns from the start of the partition', () => {
    const { clock, hypervisor } = partition();
    clock.timeNs = 12_345;
    assert.equal(hypervisor.readMsr(Msr.TimeRefCount), 123n);
  });

  it('fires a timer when its count is reached and not before', () => {
    const { cpu, clock, hypervisor } = partition();
    hypervisor.writeMsr(Msr.Stimer0Config, (1n << 12n) | (0xedn << 4n) | 8n);
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 20n);
    clock.timeNs = 1_000;
    assert.equal(hypervisor.expireTimers(), 1_000);
    clock.timeNs = 2_000;
    hypervisor.expireTimers();
    assert.deepEqual(cpu.vectors, [0xed]);
  });

  it('reports a crash with the text the guest left', () => {
    const { cpu, hypervisor, crashes } = enlightened();
    cpu.memory.write(0x8000, Buffer.from('Kernel panic\x00\x07\n'));
    hypervisor.writeMsr(Msr.CrashP0 + 3, 0x8000n);
    hypervisor.writeMsr(Msr.CrashP0 + 4, 15n);
    hypervisor.writeMsr(Msr.CrashControl, (1n << 63n) | (1n << 62n));
    assert.equal(crashes[0]?.text, 'Kernel panic\n');
    hypervisor.writeMsr(Msr.CrashP0 + 3, 0xffff_ffff_ffffn);
    assert.equal(hypervisor.writeMsr(Msr.CrashControl, (1n << 63n) | (1n << 62n)), 'done');
    assert.deepEqual([crashes.length, crashes[1]?.text], [2, ''], 'a crash, wherever its text is');
  });
});

describe('TLFS: hypercalls', () => {
  it('answers with the documented status', () => {
    const { cpu, hypervisor, posted } = enlightened();
    const post = (gpa: number, control = 0x5cn) => Number(hypervisor.hypercall(call(control, BigInt(gpa))));
    assert.equal(post(INPUT, 0x7fffn), HvStatus.InvalidHypercallCode);
    assert.equal(post(INPUT, 0x5cn | (1n << 16n)), HvStatus.InvalidHypercallInput, 'posting is never fast');
    assert.equal(post(INPUT, 0x5cn | (1n << 32n)), HvStatus.InvalidHypercallInput, 'it does not repeat');
    assert.equal(post(INPUT + 4), HvStatus.InvalidAlignment);
    assert.equal(post(INPUT + 4096 - 8), HvStatus.InvalidAlignment, 'crosses a page');
    assert.equal(post(cpu.memory.bytes), HvStatus.InvalidParameter);
    cpu.memory.writeU32(INPUT + 12, 241);
    assert.equal(post(INPUT), HvStatus.InvalidParameter, 'more than 240 bytes');
    cpu.memory.writeU32(INPUT + 12, 3);
    cpu.memory.writeU32(INPUT + 8, 0x80000001);
    assert.equal(post(INPUT), HvStatus.InvalidParameter, "the hypervisor's own message type");
    cpu.memory.writeU32(INPUT + 8, 0);
    assert.equal(post(INPUT), HvStatus.InvalidParameter, 'the type of an empty slot');
    assert.deepEqual(posted, []);

    cpu.memory.write(INPUT, Uint8Array.from([4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9, 10]));
    assert.equal(post(INPUT), HvStatus.Success);
    assert.deepEqual(posted, [{ connectionId: 4, type: 1, payload: Uint8Array.of(7, 8, 9) }]);
  });

  it('signals events fast and through memory', () => {
    const { cpu, hypervisor, signalled } = enlightened();
    const fast = 0x5dn | (1n << 16n);
    assert.equal(hypervisor.hypercall(call(fast, (3n << 32n) | 7n)), BigInt(HvStatus.Success));
    assert.equal(hypervisor.hypercall(call(fast, 8n)), BigInt(HvStatus.InvalidConnectionId));
    cpu.memory.write(INPUT, Uint8Array.of(7, 0, 0, 0, 5, 0, 0, 0));
    assert.equal(hypervisor.hypercall(call(0x5dn, BigInt(INPUT))), BigInt(HvStatus.Success));
    assert.deepEqual(signalled, [
      { connectionId: 7, flag: 3 },
      { connectionId: 8, flag: 0 },
      { connectionId: 7, flag: 5 },
    ]);
  });

  it('are denied before the hypercall page is on', () => {
    assert.equal(partition().hypervisor.hypercall(call(0x5cn)), BigInt(HvStatus.OperationDenied));
  });
});

describe('TLFS: SynIC', () => {
  const message = (letter: number) => ({ type: 1, sender: 0n, payload: Uint8Array.of(letter) });

  it('has one slot, flags what waits behind it and delivers on end of message', () => {
    const { cpu, hypervisor } = enlightened();
    for (const letter of [65, 66]) assert.equal(hypervisor.synic.post(2, message(letter)), HvStatus.Success);
    assert.deepEqual(cpu.vectors, [0xf3]);
    assert.equal(cpu.memory.readU32(SLOT2), 1);
    assert.deepEqual(Array.from(cpu.memory.read(SLOT2 + 4, 2)), [1, 1], 'one byte, message pending');
    hypervisor.writeMsr(Msr.Eom, 0n);
    assert.deepEqual(cpu.vectors, [0xf3], 'the slot was not emptied');

    cpu.memory.writeU32(SLOT2, 0);
    hypervisor.writeMsr(Msr.Eom, 0n);
    assert.equal(cpu.memory.read(SLOT2 + 16, 1)[0], 66);
    assert.equal(cpu.memory.read(SLOT2 + 5, 1)[0], 0, 'nothing waits any more');
    assert.deepEqual(cpu.vectors, [0xf3, 0xf3]);
  });

  it('holds a bounded number of messages for a guest that does not read', () => {
    const { hypervisor } = enlightened();
    let accepted = 0;
    while (hypervisor.synic.post(2, message(65)) === HvStatus.Success) accepted++;
    assert.equal(accepted, MAX_QUEUED_MESSAGES + 1);
  });

  it('drops messages while it is off, and does not interrupt through a masked SINT', () => {
    const { cpu, hypervisor } = enlightened();
    hypervisor.writeMsr(SINT2, 0x100f3n);
    assert.equal(hypervisor.synic.post(2, message(65)), HvStatus.Success);
    hypervisor.writeMsr(Msr.Scontrol, 0n);
    assert.equal(hypervisor.synic.post(2, message(66)), HvStatus.InvalidSynicState);
    assert.equal(hypervisor.synic.signal(2, 1), HvStatus.InvalidSynicState);
    assert.deepEqual(cpu.vectors, []);
  });

  it('sets event flags and interrupts only when one was clear', () => {
    const { cpu, hypervisor } = enlightened();
    hypervisor.synic.signal(2, 37);
    hypervisor.synic.signal(2, 37);
    assert.equal(cpu.memory.readU32(SIEFP + 2 * 256 + 4), 1 << 5);
    assert.deepEqual(cpu.vectors, [0xf3]);
    assert.equal(hypervisor.synic.signal(2, 2048), HvStatus.InvalidParameter);
  });
});

describe('TLFS: synthetic timers', () => {
  const DIRECT = (1n << 12n) | (0xedn << 4n);
  const AUTO = 1n << 3n;

  it('fires a one-shot timer in direct mode once', () => {
    const { cpu, clock, hypervisor } = enlightened();
    hypervisor.writeMsr(Msr.Stimer0Config, DIRECT | AUTO);
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 1000n);
    clock.timeNs = 99_900;
    assert.equal(hypervisor.expireTimers(), 100);
    clock.timeNs = 100_000;
    assert.equal(hypervisor.expireTimers(), null);
    assert.equal(hypervisor.readMsr(Msr.Stimer0Config)! & 1n, 0n);
    assert.deepEqual(cpu.vectors, [0xed]);
  });

  it('keeps the period of a periodic timer', () => {
    const { cpu, clock, hypervisor } = enlightened();
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 10_000n);
    hypervisor.writeMsr(Msr.Stimer0Config, DIRECT | 3n);
    clock.timeNs = 1_000_300;
    assert.equal(hypervisor.expireTimers(), 999_700);
    clock.timeNs = 2_000_000;
    hypervisor.expireTimers();
    assert.deepEqual(cpu.vectors, [0xed, 0xed]);
  });

  it('sends a message where a SINT is named, and none where it is not', () => {
    const { cpu, clock, hypervisor } = enlightened();
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 50n);
    hypervisor.writeMsr(Msr.Stimer0Config, 1n);
    assert.equal(hypervisor.readMsr(Msr.Stimer0Config), 0n, 'SINT 0 cannot be enabled');
    hypervisor.writeMsr(Msr.Stimer0Config, (2n << 16n) | 1n);
    clock.timeNs = 6_000;
    hypervisor.expireTimers();
    assert.equal(cpu.memory.readU32(SLOT2), 0x80000010);
    const payload = new DataView(cpu.memory.read(SLOT2 + 16, 24).buffer);
    assert.equal(payload.getBigUint64(8, true), 50n);
    assert.equal(payload.getBigUint64(16, true), 60n);
  });

  it('skips the ticks for which a guest does not take the message, and leaves room for those of others', () => {
    const { cpu, clock, hypervisor } = enlightened();
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 1_000n);
    hypervisor.writeMsr(Msr.Stimer0Config, (2n << 16n) | 3n);
    for (let tick = 1; tick <= 2 * MAX_QUEUED_MESSAGES; tick++) {
      clock.timeNs = tick * 100_000;
      assert.equal(hypervisor.expireTimers(), 100_000);
    }
    assert.equal(hypervisor.synic.post(2, { type: 1, sender: 0n, payload: new Uint8Array(8) }), HvStatus.Success);
    const taken: number[] = [];
    for (let type = cpu.memory.readU32(SLOT2); type !== 0; type = cpu.memory.readU32(SLOT2)) {
      taken.push(type);
      cpu.memory.writeU32(SLOT2, 0);
      hypervisor.writeMsr(Msr.Eom, 0n);
    }
    assert.deepEqual(taken, [0x80000010, 0x80000010, 1]);
    clock.timeNs += 100_000;
    hypervisor.expireTimers();
    assert.equal(cpu.memory.readU32(SLOT2), 0x80000010);
  });

  it('refuses direct mode with a vector below 16', () => {
    const { hypervisor } = enlightened();
    assert.equal(hypervisor.writeMsr(Msr.Stimer0Config, (1n << 12n) | (3n << 4n) | 1n), 'fault');
  });

  it('lets an idle guest sleep longer, a busy one not', () => {
    const { cpu, clock, hypervisor } = enlightened(1_000_000);
    hypervisor.writeMsr(Msr.Stimer0Config, DIRECT | AUTO);
    clock.timeNs = 8_000_000;
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 80_000n);
    cpu.halted = true;
    assert.equal(hypervisor.expireTimers(), 1_000_000);
    cpu.halted = false;
    assert.equal(hypervisor.expireTimers(), null);
    assert.deepEqual(cpu.vectors, [0xed]);
  });

  it('is late by a quarter of its wait at most for a guest that was just at work', () => {
    const { cpu, clock, hypervisor } = enlightened(1_000_000);
    hypervisor.writeMsr(Msr.Stimer0Config, DIRECT | AUTO);
    clock.timeNs = 8_000_000;
    hypervisor.expireTimers();
    hypervisor.writeMsr(Msr.Stimer0Config + 1, 80_100n);
    cpu.halted = true;
    clock.timeNs = 8_012_000;
    assert.equal(hypervisor.expireTimers(), 1_000, 'it waited for 12 us, so up to 3 us are no matter');
    clock.timeNs = 8_014_000;
    assert.equal(hypervisor.expireTimers(), null);
    assert.deepEqual(cpu.vectors, [0xed]);
  });
});
