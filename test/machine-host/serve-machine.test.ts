import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TINY_GUEST } from '../../scripts/build-guests.mjs';
import { v86Wasm } from '../../src/cli/boot/v86-wasm.js';
import { serveMachine } from '../../src/machine-host/serve-machine.js';
import type { Child } from '../../src/model/host-model.js';
import type {
  BootCommand,
  DiskContent,
  MachineCommand,
  MachineMessage,
  MachineOutcome,
} from '../../src/protocol/machine.js';
import { cathedral } from '../model/cathedral.js';
import { elf } from '../runtime/machine/elf-file.js';

const MB = 1 << 20;

interface Served {
  outcome: MachineOutcome;
  printed: string;
  notices: string[];
  saved: Uint8Array[];
}

interface Options {
  disks?: DiskContent[];
  change?: (child: Child) => void;
  /** Answers a save. */
  keep?: () => string | null;
  heard?: (message: MachineMessage, send: (command: MachineCommand) => void) => void;
  /** Commands that come before the machine is there. */
  ahead?: MachineCommand[];
}

/** Serves a child that boots this kernel until it has ended. */
function serve(
  what: Uint8Array | BootCommand['start'],
  { disks = [], change, keep = () => null, heard, ahead = [] }: Options = {},
): Promise<Served> {
  const child: Child = {
    ...cathedral().children[0]!,
    name: 'lab',
    kind: 'machine',
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: { kind: 'static', startupBytes: 32 * MB },
    nics: [],
    boots: { kernel: 'guest.bin' },
    disks: disks.map(({ bytes }, slot) => ({
      file: `${slot}.img`,
      bytes: bytes.length,
      format: 'raw',
      allocation: 'fixed',
      physicalDisk: 'raid0',
      controller: 'scsi',
      slot,
    })),
  };
  change?.(child);
  return new Promise((resolve) => {
    const served = { printed: '', notices: [] as string[], saved: [] as Uint8Array[] };
    let send: (command: MachineCommand) => void = () => {};
    serveMachine({
      onCommand: (listener) => {
        send = listener;
      },
      send: (message) => {
        heard?.(message, send);
        if (message.type === 'console') {
          served.printed += new TextDecoder().decode(message.bytes);
          send({ type: 'console taken' });
        }
        if (message.type === 'notice') served.notices.push(message.text);
        if (message.type === 'ended') resolve({ ...served, outcome: message.outcome });
        if (message.type !== 'save') return;
        served.saved.push(message.content);
        send({ type: 'saved', disk: message.disk, error: keep() });
      },
    });
    send({
      type: 'boot',
      child,
      wasm: v86Wasm(),
      start: what instanceof Uint8Array ? { kernel: what, initrd: null } : what,
      disks,
      adapters: [],
      restarts: true,
      verbose: false,
    });
    for (const command of ahead) send(command);
  });
}

const tiny = () => readFileSync(TINY_GUEST);
const disk = (isNew: boolean) => ({ bytes: new Uint8Array(MB), bases: [], isNew });

describe('the thread of a machine child', () => {
  it('boots it, hands on what it prints, and says how it ended', async () => {
    const { outcome, printed, notices } = await serve(tiny());
    assert.equal(outcome.why, 'power off');
    assert.match(printed, /^hypervisor: Microsoft Hv\r\n[\s\S]*done\r\n$/);
    assert.deepEqual(notices, []);
  });

  it('keeps a new disk before it says that the machine has ended, and leaves an untouched one alone', async () => {
    const { saved } = await serve(tiny(), { disks: [disk(true), disk(false)] });
    assert.deepEqual(
      saved.map(({ length }) => length),
      [MB],
    );
  });

  it('says when a disk cannot be kept', async () => {
    const { outcome, notices } = await serve(tiny(), { disks: [disk(true)], keep: () => 'no space left' });
    assert.equal(outcome.why, 'power off');
    assert.deepEqual(notices, ['0.img: what was written since its last flush is lost (no space left)']);
  });

  it('boots it again that restarts, until it is turned off', async () => {
    const resets = elf([0xb0, 0xfe, 0xe6, 0x64, 0xf4]); // out 0x64, 0xfe; hlt
    let restarts = 0;
    const { outcome, notices } = await serve(resets, {
      heard: (message, send) => {
        if (message.type === 'notice' && ++restarts === 2) send({ type: 'turn off' });
      },
    });
    assert.equal(outcome.why, 'turned off');
    assert.deepEqual(notices, ['lab restarts', 'lab restarts']);
  });

  it('refuses what it cannot boot', async () => {
    const script = await serve(new TextEncoder().encode('#!/bin/sh'));
    assert.deepEqual(script.outcome, { why: 'refused', detail: 'guest.bin: it is too short for a kernel' });
    const large = await serve(tiny(), {
      change: (child) => {
        child.memory.startupBytes = 4 * 1024 * MB;
      },
    });
    assert.equal(large.outcome.why, 'refused');
    assert.match(large.outcome.detail ?? '', /at most 2 GB of memory/);
  });

  it('says what of the definition it does not follow', async () => {
    const { notices } = await serve(tiny(), {
      change: (child) => {
        child.processors.count = 2;
      },
    });
    assert.deepEqual(notices, ['it runs with 1 virtual processor instead of 2']);
  });

  it('pauses, saves and goes on elsewhere, whenever it is asked', async () => {
    const dots = elf([0xba, 0xf8, 0x03, 0, 0, 0xb0, 0x2e, 0xee, 0xeb, 0xfd]); // prints dots for ever
    const heard: string[] = [];
    let file: Uint8Array<ArrayBuffer> | null = null;
    const { outcome, saved } = await serve(dots, {
      disks: [disk(true)],
      ahead: [{ type: 'pause' }, { type: 'resume' }, { type: 'snapshot' }],
      heard: (message, send) => {
        if (!['console', 'save', 'used'].includes(message.type)) heard.push(message.type);
        if (message.type !== 'snapshot') return;
        file = message.file;
        send({ type: 'turn off' });
      },
    });
    assert.deepEqual(heard, ['paused', 'resumed', 'paused', 'snapshot', 'ended']);
    assert.equal(outcome.why, 'turned off');
    assert.equal(saved.length, 1, 'the disk is kept with it');

    const goOn = (change: Partial<DiskContent>) =>
      serve(
        { snapshot: file! },
        {
          disks: [{ ...disk(false), ...change }],
          heard: (message, send) => message.type === 'console' && send({ type: 'turn off' }),
        },
      );
    const again = await goOn({});
    assert.equal(again.outcome.why, 'turned off');
    assert.match(again.printed, /^\.+$/);
    const changed = await goOn({ bytes: new Uint8Array(MB).fill(1) });
    assert.match(changed.outcome.detail ?? '', /0\.img was written after the snapshot/);
  });

  it('says that there is nothing to save where nothing runs', async () => {
    const heard: string[] = [];
    await serve(new TextEncoder().encode('#!/bin/sh'), {
      ahead: [{ type: 'snapshot' }],
      heard: (message) => message.type === 'no snapshot' && heard.push(message.reason),
    });
    assert.deepEqual(heard, ['it does not run']);
  });
});
