/** An unmodified Debian kernel that is paused, saved and restored: one boot; run by scripts/test-linux-guest.mjs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { GUEST } from '../../../scripts/fetch-linux-guest.mjs';
import { nodePacking } from '../../../src/cli/boot/node-packing.js';
import { ScriptRunner } from '../../../src/cli/boot/script-runner.js';
import { v86Wasm } from '../../../src/cli/boot/v86-wasm.js';
import { buildMachine, type Machine, type MachineStart } from '../../../src/machine-host/machine.js';
import { readSnapshot, writeSnapshot } from '../../../src/machine-host/snapshot-file.js';
import { wallClock } from '../../../src/machine-host/wall-clock.js';
import type { Child } from '../../../src/model/host-model.js';
import { cathedral } from '../../model/cathedral.js';
import { MemoryStore } from './memory-store.js';

const MB = 1 << 20;
/** How much later it is in the world when the guest goes on. */
const AWAY_MS = 3 * 365 * 24 * 3600e3;

describe('machine child: Debian, saved and restored', () => {
  const store = new MemoryStore(32 * MB);
  let console = '';
  const heard = () => {};
  let feed: (text: string) => void = () => {};
  let aheadMs = 0;
  let pausedNs = 0;
  let machine: Machine;
  let snapshot: Uint8Array<ArrayBuffer>;

  const build = (start: MachineStart) =>
    buildMachine({
      child: linuxChild(),
      wasm: v86Wasm(),
      start,
      stores: [store],
      adapters: [],
      clock: { nowNs: () => wallClock.nowNs() + pausedNs, wallTimeMs: () => wallClock.wallTimeMs() + aheadMs },
      console: (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        console += text;
        feed(text);
        heard();
      },
      report: () => {},
      shutdownAnswered: () => {},
      guestTold: () => {},
    });

  /** Types lines into the shell; what was printed until the last was done. */
  async function type(lines: string[], shellIsThere = true): Promise<string> {
    const from = console.length;
    await new Promise<number>((done) => {
      const runner = new ScriptRunner(lines, (text) => machine.child.sendConsole(Buffer.from(text)), done);
      feed = (text) => runner.feed(text);
      if (shellIsThere) runner.shellIsThere();
    });
    return console.slice(from).replaceAll('\r', '');
  }

  before(async () => {
    machine = await build({ kernel: readFileSync(GUEST.kernel), initrd: readFileSync(GUEST.initrd) });
    await machine.child.start();
    await type(['mke2fs -q /dev/sda && mount /dev/sda /mnt', 'echo before > /mnt/note', 'sync'], false);
  });

  after(() => machine?.turnOff());

  it('counts time from the reference TSC page', async () => {
    const source = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
    assert.match(await type([`cat ${source}`]), /^hyperv_clocksource_tsc_page$/m);
  });

  it('stands still while it is paused, and its time with it', async () => {
    const uptime = async () => Number(/^(\d+\.\d+) /m.exec(await type(['cat /proc/uptime']))?.[1]);
    const ranFrom = performance.now();
    const before = await uptime();
    await machine.child.pause();
    const printed = console;
    await writeSnapshotNow();
    // Longer than all the rest takes on a computer however slow.
    pausedNs += 3600e9;
    assert.equal(console, printed);
    await machine.child.resume();
    const passed = (await uptime()) - before;
    assert.ok(passed >= 0 && passed <= (performance.now() - ranFrom) / 1000 + 0.1, `${passed} s passed`);
  });

  it('goes on in another machine: shell, files, disk, clock and heartbeat', async () => {
    await type(['exec 3> /mnt/late; echo half >&3']);
    await machine.child.pause();
    await writeSnapshotNow();
    await machine.turnOff();
    aheadMs = AWAY_MS;
    machine = await build({ state: () => readSnapshot(snapshot, linuxChild(), nodePacking, null) });
    const { beats } = machine.heartbeat;
    await machine.child.resume();
    const year = new Date(wallClock.wallTimeMs() + AWAY_MS).getUTCFullYear();
    const seen = await type([
      'cat /mnt/note; echo whole >&3; exec 3>&-; sync; echo 3 > /proc/sys/vm/drop_caches; cat /mnt/late',
      `until [ $(date +%Y) = ${year} ]; do sleep 1; done; echo clock is right`,
      'umount /mnt && mount /dev/sda /mnt && cat /mnt/late && umount /mnt; sleep 3',
    ]);
    assert.match(seen, /^before$[\s\S]*^half\nwhole$[\s\S]*^half\nwhole$/m);
    assert.match(seen, /^clock is right$/m);
    assert.ok(machine.heartbeat.beats > beats);
    assert.equal(machine.heartbeat.state, 'ok');
    assert.equal(machine.storage?.counters.errors, 0);
    assert.doesNotMatch(await type(['dmesg | tail -20']), /I\/O error|timed out|lockup|rcu.*stall/i);
  });

  async function writeSnapshotNow(): Promise<void> {
    snapshot = await writeSnapshot(linuxChild(), await machine.child.save(), [''], 0, nodePacking);
  }
});

function linuxChild(): Child {
  const child = cathedral().children[0]!;
  return {
    ...child,
    name: 'lab',
    kind: 'machine',
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: { kind: 'static', startupBytes: 128 * MB },
    disks: [{ ...child.disks[0]!, file: 'disk.img', bytes: 32 * MB }],
    nics: [],
    integrationServicesOff: [],
    boots: { kernel: GUEST.kernel, initrd: GUEST.initrd },
  };
}
