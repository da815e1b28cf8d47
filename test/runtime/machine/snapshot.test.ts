import assert from 'node:assert/strict';
import fc from 'fast-check';
import { v86Wasm } from '../../../src/cli/boot/v86-wasm.js';
import { v86Platform } from '../../../src/machine-host/platform.js';
import type { BootPlan } from '../../../src/runtime/child/machine/boot-plan.js';
import { MachineChild, type MachineState } from '../../../src/runtime/child/machine/machine-child.js';
import type { V86Platform } from '../../../src/runtime/child/machine/v86-platform.js';
import { SnapshotError } from '../../../src/runtime/child/snapshot/plain-state.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { LookedAtClock } from './looked-at-clock.js';
import { unboundedShare } from './unbounded-share.js';

const MEMORY = 4 << 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Prints the alphabet, counting to 40,000 before each letter, and switches itself off. */
const SPELLER_CODE = [
  [0xb3, 0x41], // mov bl, 'A'
  [0xb9, 0x40, 0x9c, 0, 0], // next: mov ecx, 40000
  [0x49, 0x75, 0xfd], // again: dec ecx; jnz again
  [0x88, 0xd8, 0xba, 0xf8, 0x03, 0, 0, 0xee], // mov al, bl; mov edx, 0x3f8; out dx, al
  [0xfe, 0xc3, 0x80, 0xfb, 0x5b, 0x75, 0xe9], // inc bl; cmp bl, 'Z' + 1; jnz next
  [0xba, 0x04, 0xb0, 0, 0, 0x66, 0xb8, 0, 0x34, 0x66, 0xef, 0xf4], // ACPI: soft off; hlt
].flat();
const SPELLER: BootPlan = {
  segments: [{ address: 0x100000, data: Uint8Array.from(SPELLER_CODE), bytes: SPELLER_CODE.length }],
  entry: 0x100000,
  bootParameters: 0,
  gdt: 0x1000,
};

describe('machine child: saved and restored', () => {
  let platform: V86Platform;

  before(async () => {
    platform = await v86Platform(v86Wasm());
  });

  /** A machine, what it prints, and its end. */
  async function machine(plan: BootPlan | null, printedLetter: () => void = () => {}) {
    let off = () => {};
    const seen = { printed: '' };
    const ended = new Promise<void>((resolve) => {
      off = resolve;
    });
    const child = await MachineChild.create({
      platform,
      memoryBytes: MEMORY,
      plan,
      clock: new LookedAtClock(2e6),
      share: unboundedShare(),
      devices: () => [new Heartbeat()],
      console: (byte) => {
        seen.printed += String.fromCharCode(byte);
        printedLetter();
      },
      report: (event) => {
        if (event.type === 'ended') off();
      },
    });
    return { child, seen, ended };
  }

  /** Runs the speller until it has printed so many letters, and saves it. */
  async function savedAfter(letters: number): Promise<{ state: MachineState; printed: string }> {
    let enough = () => {};
    const reached = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const { child, seen } = await machine(SPELLER, () => {
      if (seen.printed.length === letters) enough();
    });
    await child.start();
    await reached;
    await child.pause();
    const state = await child.save();
    const { printed } = seen;
    await child.turnOff();
    return { state, printed };
  }

  /** What the restored machine prints until its end. */
  async function goOn(state: MachineState): Promise<string> {
    const { child, seen, ended } = await machine(null);
    await child.restore(state);
    await child.resume();
    await ended;
    await child.turnOff();
    return seen.printed;
  }

  it('prints the same, wherever in its life it was saved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: ALPHABET.length - 1 }), async (letters) => {
        const { state, printed } = await savedAfter(letters);
        assert.equal(printed + (await goOn(state)), ALPHABET);
      }),
      { numRuns: 8 },
    );
  });

  it('can be saved again after it was restored, and goes on beside the one that was saved', async () => {
    const first = await savedAfter(3);
    const { child } = await machine(null);
    await child.restore(first.state);
    const again = await child.save();
    await child.turnOff();
    assert.deepEqual(again.host, first.state.host);
    assert.equal(first.printed + (await goOn(again)), ALPHABET);
    assert.equal(first.printed + (await goOn(first.state)), ALPHABET);
  });

  it('refuses or survives a state that somebody has changed', async () => {
    const { state } = await savedAfter(2);
    const jsonBytes = new DataView(state.cpu.buffer).getUint32(12, true);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: jsonBytes }), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const cpu = state.cpu.slice();
        cpu[at] = byte;
        const { child } = await machine(null);
        try {
          await child.restore({ cpu, host: state.host });
        } catch (error) {
          assert.ok(error instanceof SnapshotError, String(error));
        }
        await child.turnOff();
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a state that is cut off, of other memory, or whose pages are missing', async () => {
    const { state } = await savedAfter(2);
    const { child } = await machine(null);
    const refuses = (cpu: Uint8Array<ArrayBuffer>, message: RegExp) =>
      assert.rejects(child.restore({ cpu, host: state.host }), (error: Error) => {
        return error instanceof SnapshotError && message.test(error.message);
      });
    await refuses(new Uint8Array(0), /cut off/);
    await refuses(state.cpu.slice(0, -4096), /another length/);
    const text = Buffer.from(state.cpu);
    const memory = text.indexOf(`[${MEMORY},`);
    const other = state.cpu.slice();
    other.set(Buffer.from(`[${MEMORY - 1},`), memory);
    await refuses(other, /another amount of memory/);
    await child.turnOff();
  });
});
