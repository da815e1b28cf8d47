import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { HOSTILE_GUEST, TINY_GUEST } from '../../../scripts/build-guests.mjs';
import { v86Wasm } from '../../../src/cli/boot/v86-wasm.js';
import { v86Platform } from '../../../src/machine-host/platform.js';
import { wallClock } from '../../../src/machine-host/wall-clock.js';
import { planBoot } from '../../../src/runtime/child/machine/boot-plan.js';
import { readKernel } from '../../../src/runtime/child/machine/kernel-image.js';
import {
  MachineChild,
  type MachineDevice,
  type MachineEvent,
} from '../../../src/runtime/child/machine/machine-child.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { NetworkVsp } from '../../../src/runtime/parent/vsp/network/network-vsp.js';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { MemoryStore } from './memory-store.js';
import { OWN } from './network-guest.js';
import { unboundedShare } from './unbounded-share.js';

const MEMORY = 16 << 20;

/** Statuses are those of TLFS 6.0b, NTSTATUS, NVSP, and of SCSI as SRB status, sense key and additional sense code. */
const ANSWERS = [
  'hypercall without a hypercall page: 00000008',
  'hypercall page of a guest without identity: 00200000',
  'hypercall page outside of memory: 00200000',
  'read-only MSR written: 00000000',
  'message page outside of memory: 00000000',
  'event page just behind memory: 00000000',
  'interrupt source with a reserved vector: 00010000',
  'timer with a reserved vector: 00000000',
  'MSR written by a user program, vector of the fault: 0000000d',
  'unknown hypercall: 00000002',
  'reserved bits: 00000003',
  'repetitions of a simple hypercall: 00000003',
  'message in registers: 00000003',
  'unaligned input: 00000004',
  'input over the end of its page: 00000004',
  'input outside of memory: 00000005',
  'input far outside of memory: 00000005',
  'message too long: 00000005',
  'message of the hypervisor: 00000005',
  'message to nobody: 00000012',
  'signal to no channel: 00000012',
  'offers before a version is agreed: 00000000',
  'flood of messages: 00000013',
  'messages until then: 00000202',
  'version agreed: 00000001',
  'page behind the end of memory: c0000001',
  'page at the end of the address space: c0000001',
  '4 GB: c0000001',
  'nothing: c0000001',
  'two ranges: c0000001',
  'page of its own: 00000000',
  'handle used twice: c0000001',
  'page for a channel that is not there: 00000000',
  'more of what is complete: 00000000',
  'teardown of nothing: 00000000',
  'channel opened on no pages: c0000001',
  'channel opened on one page: c0000001',
  'heartbeat opened: 00000000',
  'ring with a wild index: 00000000',
  'signal to a broken channel: 00000000',
  'SCSI controller opened: 00000000',
  'read beyond the disk: 00840521',
  'write far beyond the disk: 00840521',
  'read of more than its buffer: 00840524',
  'unknown command: 00840520',
  'disk that is not there: 00200000',
  'read of the first sector: 00010000',
  'read into memory that is not there: 00000000',
  'network adapter opened: 00000000',
  'NVSP version: 00000001',
  'send buffer that is not there: 00000002',
  'two pages shared: 00000000',
  'send buffer: 00000001',
  'RNDIS message longer than its section: 00000005',
  'RNDIS message longer than itself: 00000005',
  'RNDIS frame before its message: 00000001',
  'RNDIS message in a section that is not there: 00000000',
  'done',
];

/** Runs a guest of our own until it switches itself off; the lines that it printed, and what happened. */
async function run(guest: string, devices: MachineDevice[]): Promise<{ printed: string[]; events: MachineEvent[] }> {
  let printed = '';
  const events: MachineEvent[] = [];
  let off = () => {};
  const ended = new Promise<void>((resolve) => {
    off = resolve;
  });
  const kernel = await readKernel(readFileSync(guest), async () => null);
  const machine = await MachineChild.create({
    platform: await v86Platform(v86Wasm()),
    memoryBytes: MEMORY,
    plan: planBoot({ kernel, initrd: null, commandLine: '', memoryBytes: MEMORY }),
    clock: wallClock,
    share: unboundedShare(),
    devices: () => devices,
    console: (byte) => {
      printed += String.fromCharCode(byte);
    },
    report: (event) => {
      events.push(event);
      if (event.type === 'ended') off();
    },
  });
  await machine.start();
  await ended;
  await machine.turnOff();
  return { printed: printed.split('\r\n').slice(0, -1), events };
}

const BROKEN = [
  ['heartbeat', /indices 4294967288 and 0 do not fit a ring/],
  ['SCSI controller', /names memory that is not there/],
  ['network adapter 00-15-5D-00-00-01', /is outside the partition's memory/],
] as const;

describe('machine child: a hostile guest', () => {
  const store = new MemoryStore(64 * 1024);
  const failures: unknown[] = [];
  const network = new NetworkVsp('7f3c1a00-0001-4000-8000-00155d000001', OWN);
  let hostile: { printed: string[]; events: MachineEvent[] };
  let neighbour: { printed: string[]; events: MachineEvent[] };

  before(async () => {
    const disk = { lun: 0, serial: 'HVHOST-0', store };
    const storage = new StorageVsp('00000000-0001-8899-0000-000000000000', [disk], (_, error) => failures.push(error));
    [hostile, neighbour] = await Promise.all([
      run(HOSTILE_GUEST, [storage, network, new Heartbeat()]),
      run(TINY_GUEST, [new Heartbeat()]),
    ]);
  });

  it('gets the documented answer to every attack', () => {
    assert.deepEqual(hostile.printed, ANSWERS);
  });

  it('breaks the channels that it attacks, each with its reason, and reaches its own end', () => {
    const broken = hostile.events.filter((event) => event.type === 'channel broken');
    assert.equal(broken.length, BROKEN.length);
    for (const [index, [device, reason]] of BROKEN.entries()) {
      assert.equal(broken[index]?.device, device);
      assert.match(broken[index]?.reason ?? '', reason);
    }
    assert.deepEqual(hostile.events.at(-1), { type: 'ended', how: 'power off' });
  });

  it('reaches no disk outside of its bounds, and changes nothing on it', () => {
    assert.deepEqual(failures, []);
    assert.ok(store.data.every((byte) => byte === 0));
    assert.equal(network.counters.malformed, 1);
    assert.equal(network.counters.sentFrames, 0);
  });

  it('leaves the child beside it alone', () => {
    assert.equal(neighbour.printed.at(-1), 'done');
    assert.ok(neighbour.printed.includes('heartbeat: answered'));
    assert.deepEqual(
      neighbour.events.map(({ type }) => type),
      ['connected', 'channel opened', 'ended', 'channel closed'],
    );
  });
});
