import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assembleGuest, HOSTILE_GUEST, TINY_GUEST } from '../../../scripts/build-guests.mjs';
import { v86Wasm } from '../../../src/cli/boot/v86-wasm.js';
import { v86Platform } from '../../../src/machine-host/platform.js';
import { wallClock } from '../../../src/machine-host/wall-clock.js';
import { type BootPlan, planBoot } from '../../../src/runtime/child/machine/boot-plan.js';
import { readKernel } from '../../../src/runtime/child/machine/kernel-image.js';
import {
  MachineChild,
  type MachineDevice,
  type MachineEvent,
} from '../../../src/runtime/child/machine/machine-child.js';
import { V86Cpu } from '../../../src/runtime/child/machine/v86-cpu.js';
import { V86Mismatch, type V86Platform } from '../../../src/runtime/child/machine/v86-platform.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { Shutdown } from '../../../src/runtime/parent/vsp/integration/shutdown.js';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { MemoryStore } from './memory-store.js';
import { unboundedShare } from './unbounded-share.js';

const MEMORY = 16 << 20;

async function tinyGuest(): Promise<BootPlan> {
  const kernel = await readKernel(readFileSync(TINY_GUEST), async () => null);
  return planBoot({ kernel, initrd: null, commandLine: '', memoryBytes: MEMORY });
}

/** A guest of a few bytes of machine code. */
function code(...bytes: number[]): BootPlan {
  const segment = { address: 0x100000, data: Uint8Array.from(bytes), bytes: bytes.length };
  return { segments: [segment], entry: 0x100000, bootParameters: 0, gdt: 0x1000 };
}

/** Runs a guest on v86 until it ends; everything it printed. */
async function run(
  plan: BootPlan,
  events: MachineEvent[],
  platform?: V86Platform,
  devices: MachineDevice[] = [],
): Promise<string> {
  let printed = '';
  let off = () => {};
  const ended = new Promise<void>((resolve) => {
    off = resolve;
  });
  const machine = await MachineChild.create({
    platform: platform ?? (await v86Platform(v86Wasm())),
    memoryBytes: MEMORY,
    plan,
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
  return printed;
}

describe('machine child: the tiny guest', () => {
  it('finds Microsoft Hv, reads a block, answers a heartbeat and switches itself off, on a real processor core', async () => {
    const events: MachineEvent[] = [];
    const store = new MemoryStore(64 * 1024);
    store.data.set([0xef, 0xbe, 0xad, 0xde]);
    const disk = { lun: 0, serial: 'HVHOST-0', store };
    const heartbeat = new Heartbeat();
    const devices = [
      new StorageVsp('00000000-0001-8899-0000-000000000000', [disk], () => {}),
      heartbeat,
      new Shutdown(() => {}),
    ];
    assert.deepEqual((await run(await tinyGuest(), events, undefined, devices)).split('\r\n'), [
      'hypervisor: Microsoft Hv',
      'hypercall page: enabled',
      'vmbus: version 5.3',
      'offer: ba6163d9 SCSI controller',
      'offer: 57164f39 Heartbeat',
      'offer: 0e0b6031 Shutdown',
      'all offers delivered',
      'scsi: protocol 6.2',
      'block 0: starts with deadbeef',
      'heartbeat: answered',
      'reference time: runs',
      'done',
      '',
    ]);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['connected', 'channel opened', 'channel opened', 'ended', 'channel closed', 'channel closed'],
    );
    assert.equal(heartbeat.beats, 1);
  });

  it('is content with a host that offers nothing', async () => {
    const printed = (await run(await tinyGuest(), [])).split('\r\n');
    assert.deepEqual(printed.slice(3), ['all offers delivered', 'reference time: runs', 'done', '']);
  });

  it('ends alone when it does what no processor survives, or asks for a reset', async () => {
    const ends: MachineEvent[] = [];
    await run(code(0x0f, 0x0b), ends); // an invalid instruction, and no table of handlers
    await run(code(0xb0, 0xfe, 0xe6, 0x64, 0xf4), ends); // out 0x64, 0xfe; hlt
    assert.deepEqual(ends, [
      { type: 'ended', how: 'triple fault' },
      { type: 'ended', how: 'reset' },
    ]);
  });

  it('stands still while it is paused, and goes on', async () => {
    let printed = 0;
    let heard = () => {};
    const machine = await MachineChild.create({
      platform: await v86Platform(v86Wasm()),
      memoryBytes: MEMORY,
      plan: code(0xba, 0xf8, 0x03, 0, 0, 0xb0, 0x2e, 0xee, 0xeb, 0xfd), // prints dots for ever
      clock: wallClock,
      share: unboundedShare(),
      devices: () => [],
      console: () => {
        printed++;
        heard();
      },
      report: () => {},
    });
    const more = () =>
      new Promise<void>((resolve) => {
        heard = resolve;
      });
    const first = more();
    await machine.start();
    await first;
    await machine.pause();
    const before = printed;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(printed, before);
    const again = more();
    await machine.resume();
    await again;
    await machine.turnOff();
  });

  it('ends, and not its host, when the emulator fails', async () => {
    const platform = await v86Platform(v86Wasm());
    const failing: V86Platform = {
      ...platform,
      instantiate: (wasm, imports) => {
        imports.env['io_port_write8'] = () => {
          throw new TypeError('a device is broken');
        };
        return platform.instantiate(wasm, imports);
      },
    };
    const events: MachineEvent[] = [];
    await run(code(0xe6, 0x80, 0xf4), events, failing); // out 0x80, al; hlt
    const [ended] = events;
    assert.equal(ended?.type === 'ended' && ended.how, 'emulator failure');
    assert.match(ended?.type === 'ended' ? (ended.detail ?? '') : '', /a device is broken/);
  });

  it('is refused on any other build of v86', async () => {
    const platform = await v86Platform(v86Wasm());
    const wasm = platform.wasm.slice();
    wasm[1000] = wasm[1000]! ^ 1;
    const other = { ...platform, wasm };
    const options = {
      platform: other,
      memoryBytes: MEMORY,
      nowNs: () => 0,
      hostClock: { nowNs: () => 0 },
      share: unboundedShare(),
      console: () => {},
      ended: () => {},
    };
    await assert.rejects(V86Cpu.create(options), (error: Error) => {
      return error instanceof V86Mismatch && /v86 0\.5\.462, exactly/.test(error.message);
    });
  });

  it('is the binary that its source makes, as the hostile one is', function () {
    for (const binary of [TINY_GUEST, HOSTILE_GUEST]) {
      const made = assembleGuest(binary);
      if (made === null) {
        console.log('      (not checked: there is no GNU as for 32-bit x86 here)');
        this.skip();
      }
      assert.deepEqual(made, readFileSync(binary));
    }
  });
});
