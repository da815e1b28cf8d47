/** Debian on a bare machine: a child that says `legacy` sees neither a hypervisor nor VMBus. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GUEST } from '../../../scripts/fetch-linux-guest.mjs';
import { buildMachine, type Machine } from '../../../src/cli/boot/machine.js';
import { ScriptRunner } from '../../../src/cli/boot/script-runner.js';
import { wallClock } from '../../../src/machine-host/wall-clock.js';
import type { Child, VirtualDisk } from '../../../src/model/host-model.js';
import { cathedral } from '../../model/cathedral.js';

const DISK_BYTES = 16 << 20;
const SCRIPT = [
  'echo @@kernel; dmesg | grep -i -E "hypervisor|ata_piix|tsc:"; grep -c hypervisor /proc/cpuinfo; ls /sys/bus',
  'until [ -b /dev/sda ]; do sleep 1; done',
  'echo @@disk; basename $(readlink /sys/bus/pci/devices/0000:00:1e.0/driver); cat /sys/block/sda/size',
  'mke2fs -q /dev/sda && mount /dev/sda /mnt && dd if=/dev/urandom of=/tmp/data bs=64k count=16 2>/dev/null',
  'cp /tmp/data /mnt/data && umount /mnt && echo 3 > /proc/sys/vm/drop_caches',
  'mount /dev/sda /mnt && cmp /tmp/data /mnt/data && echo same; umount /mnt',
  'echo @@screen; echo keys=$(head -n 1 /dev/tty1)',
  'echo @@end; sh -c "exit 7"',
];

describe('machine child: Debian on a bare machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-legacy-'));
  const failures: string[] = [];
  let console = '';
  let machine: Machine;
  let status: number;

  before(async () => {
    let finish: (status: number) => void = () => {};
    const finished = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const runner = new ScriptRunner(SCRIPT, (text) => machine.child.sendConsole(Buffer.from(text)), finish);
    machine = await buildMachine({
      child: legacyChild(),
      folder,
      state: null,
      adapters: [],
      clock: wallClock,
      console: (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        console += text;
        runner.feed(text);
      },
      report: (event) => failures.push(JSON.stringify(event)),
      shutdownAnswered: () => {},
      guestTold: () => {},
    });
    await machine.child.start();
    // What is typed before somebody reads is lost.
    const typing = setInterval(() => typeKeys(machine), 300);
    status = await finished;
    clearInterval(typing);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function section(mark: string): string {
    const printed = console.replaceAll('\r', '').replaceAll('\u001b[6n', '');
    return printed.split(`\n@@${mark}\n`)[1]?.split('\n@@')[0] ?? '';
  }

  it('sees no hypervisor and no VMBus', () => {
    assert.doesNotMatch(section('kernel'), /Hypervisor detected/);
    assert.match(section('kernel'), /^0$/m, 'no flag of its processor says so');
    assert.doesNotMatch(section('kernel'), /^vmbus$/m);
    assert.deepEqual(failures, []);
  });

  it('shows characters on its screen and takes keys from its PS/2 keyboard', () => {
    assert.match(section('screen'), /^keys=.*ok$/m);
    const screen = machine.screen.frame(true);
    assert.ok(screen !== null && 'lines' in screen);
    assert.deepEqual([screen.columns, screen.lines.length], [80, 25]);
    const text = screen.lines.map((runs) =>
      runs
        .map((run) => run.text)
        .join('')
        .trimEnd(),
    );
    assert.ok(text.includes('ok'), 'what was typed is echoed on it');
    assert.notEqual(screen.cursor, null);
  });

  it('keeps a file system on its IDE disk, which is a file in any format', async () => {
    assert.match(section('disk'), /^ata_piix$/m);
    assert.match(section('disk'), new RegExp(`^${DISK_BYTES / 512}$`, 'm'));
    assert.match(section('disk'), /^same$/m);
    assert.equal(status, 7);
    await machine.close();
    assert.equal(readFileSync(join(folder, 'disk.vhd')).toString('latin1', 0, 8), 'conectix');
  });
});

/** "ok" and Enter. */
function typeKeys(machine: Machine): void {
  for (const code of [0x18, 0x25, 0x1c]) {
    machine.type({ code, prefix: 'none', up: false });
    machine.type({ code, prefix: 'none', up: true });
  }
}

function legacyChild(): Child {
  const disk: VirtualDisk = {
    file: 'disk.vhd',
    bytes: DISK_BYTES,
    format: 'vhd',
    allocation: 'dynamic',
    physicalDisk: 'raid0',
    controller: 'ide',
    slot: 0,
  };
  return {
    ...cathedral().children[0]!,
    kind: 'machine',
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: { kind: 'static', startupBytes: 128 << 20 },
    disks: [disk],
    nics: [],
    boots: { kernel: GUEST.kernel, initrd: GUEST.initrd, bare: true },
  };
}
