import assert from 'node:assert/strict';
import { Msr } from '../../../src/runtime/hypervisor/tlfs/msr.js';
import { FakeGuest, words } from '../../runtime/machine/fake-guest.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

const Step = {
  Post: 0,
  Hypercall: 1,
  WriteMsr: 2,
  ReadMsr: 3,
  Messages: 4,
  Offers: 5,
  Time: 6,
  Monitors: 7,
} as const;
const MONITOR_PAGE = 0x6000;
const SIMP = 0x3000;
const SIEFP = 0x4000;
const HYPERCALL_LOCKED = 2n;
const ALL_MSRS = Object.values(Msr);

/** Messages, hypercalls, MSRs and triggers in any order, before and between those of a well-behaved guest. */
export const vmbus: Surface = {
  samples: () => [
    [
      post(14, 0, 0x00050003, 0, 2, 0, 0, 0, 0, 0),
      post(3, 0),
      post(8, 0, 1, 77, 56 | (1 << 16), 6 * 4096, 0, 20, 0, 21, 0, 22, 0, 23, 0, 24, 0, 25, 0),
      Uint8Array.of(Step.Messages),
      post(5, 0, 1, 1, 77, 0, 3, ...new Array(30).fill(0)),
      post(22, 0, 1, 0),
      post(7, 0, 1),
      post(11, 0, 1, 77),
      post(13, 0, 1),
      post(16, 0),
    ],
    [
      post(14, 0, 0x00050003, 0, 2, 0, 0, 0, MONITOR_PAGE, 0),
      post(3, 0),
      Uint8Array.from([Step.Monitors, ...words(8, 0x0000000f, 0)]),
      Uint8Array.from([Step.Monitors, ...words(0, 0x0000000f, 0, 0xffffffff, 0xffffffff)]),
      Uint8Array.from([Step.Monitors, ...words(576, 0x00010001)]),
      Uint8Array.of(Step.Time, 1),
      Uint8Array.of(Step.Time, 10),
    ],
    [post(8, 0, 2, 78, 408 | (1 << 16), 50 * 4096, 0, ...frames(20, 26)), post(9, 0, 1, 78, ...frames(46, 24))],
    [
      Uint8Array.from([Step.Hypercall, ...words(0x5c, 0, 0x5000, 0)]),
      Uint8Array.from([Step.Hypercall, ...words(0x1005d, 0, 0x10001, 0)]),
      Uint8Array.of(Step.Offers),
      Uint8Array.of(Step.Time, 0xff),
    ],
    [
      ...ALL_MSRS.map((msr) => Uint8Array.from([Step.WriteMsr, ...words(msr, 0x3001, 0)])),
      ...ALL_MSRS.map((msr) => Uint8Array.from([Step.ReadMsr, ...words(msr)])),
      Uint8Array.from([Step.WriteMsr, ...words(Msr.Stimer0Config, 0x2000b, 0)]),
      Uint8Array.from([Step.WriteMsr, ...words(Msr.Stimer0Config + 1, 1000, 0)]),
      Uint8Array.of(Step.Time, 1),
    ],
  ],

  attack(input) {
    const guest = new FakeGuest();
    guest.server.offer(monitored(new Echo()));
    guest.server.offer(new Echo('aaaaaaaa-bbbb-cccc-ddee-ff0011223345'));
    guest.connect(undefined, MONITOR_PAGE);
    for (const part of input) step(guest, new InputReader(part));
    assert.ok(guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    goesOn(guest);
  },
};

/** Its guest may signal by a trigger. */
function monitored(device: Echo): Echo {
  return Object.assign(device, { monitorLatencyNs: 100_000 });
}

function step(guest: FakeGuest, reader: InputReader): void {
  const { hypervisor } = guest;
  switch (reader.byte() % 8) {
    case Step.Post:
      guest.post(reader.rest().subarray(0, 240));
      break;
    case Step.Hypercall:
      hypervisor.hypercall({ control: reader.long(), input: reader.long(), output: reader.long() });
      break;
    case Step.WriteMsr:
      writeMsr(guest, reader.word(), reader.long());
      break;
    case Step.ReadMsr:
      hypervisor.readMsr(reader.word());
      break;
    case Step.Messages:
      guest.messages();
      break;
    case Step.Offers:
      guest.server.offer(monitored(new Echo(`aaaaaaaa-bbbb-cccc-ddee-ff00112233${10 + (reader.byte() % 80)}`)));
      break;
    case Step.Monitors:
      guest.cpu.memory.write(MONITOR_PAGE + (reader.word() % 2112), reader.rest().subarray(0, 1024));
      break;
    default:
      guest.clock.timeNs += reader.byte() * 1e6;
      hypervisor.expireTimers();
      guest.server.lookAtMonitors(guest.clock.timeNs);
  }
}

/** A guest that locks its hypercall page while it is disabled has none for good, as documented: no kernel goes on there. */
function writeMsr({ hypervisor }: FakeGuest, msr: number, value: bigint): void {
  hypervisor.writeMsr(msr, msr === Msr.Hypercall ? value & ~HYPERCALL_LOCKED : value);
}

/** Another kernel that starts in the same partition finds everything in order. */
function goesOn(guest: FakeGuest): void {
  const { hypervisor, cpu } = guest;
  for (let timer = Msr.Stimer0Config; timer <= Msr.Stimer3Count; timer++) hypervisor.writeMsr(timer, 0n);
  hypervisor.writeMsr(Msr.GuestOsId, 1n);
  hypervisor.writeMsr(Msr.Hypercall, 0x2001n);
  hypervisor.writeMsr(Msr.Simp, BigInt(SIMP | 1));
  hypervisor.writeMsr(Msr.Siefp, BigInt(SIEFP | 1));
  hypervisor.writeMsr(Msr.Sint0 + 2, 0xf3n);
  hypervisor.writeMsr(Msr.Scontrol, 1n);
  cpu.memory.write(SIMP, new Uint8Array(8192));
  hypervisor.writeMsr(Msr.Eom, 0n);
  guest.messages();
  guest.connect(undefined, MONITOR_PAGE);
  assertGoesOn(guest.open(2));
}

function post(...message: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([Step.Post, ...words(...message)]);
}

function frames(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => [first + index, 0]).flat();
}
