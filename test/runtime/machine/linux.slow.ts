/** The judge: an unmodified Debian kernel with its own drivers. One boot; run by scripts/test-linux-guest.mjs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GUEST } from '../../../scripts/fetch-linux-guest.mjs';
import { buildMachine, type Machine } from '../../../src/cli/boot/machine.js';
import { openNodeDisk } from '../../../src/cli/boot/node-disk-files.js';
import { ScriptRunner } from '../../../src/cli/boot/script-runner.js';
import { HostMemory } from '../../../src/machine-host/host-memory.js';
import { HostNetwork } from '../../../src/machine-host/host-network.js';
import { wallClock } from '../../../src/machine-host/wall-clock.js';
import type { Child, VirtualDisk } from '../../../src/model/host-model.js';
import { nodeClock } from '../../../src/node/node-clock.js';
import { NetworkVsp } from '../../../src/runtime/parent/vsp/network/network-vsp.js';
import { cathedral } from '../../model/cathedral.js';
import { MemoryStore } from './memory-store.js';

const MEMORY_BYTES = 160 << 20;
const DISK_BYTES = 32 << 20;
/** A time that no clock of this machine can have given the guest. */
const WALL_TIME_MS = Date.UTC(2031, 4, 6, 7, 8, 9);

const SCRIPT = [
  // Linux looks at several disks at once: which letter one gets is chance, its number on the controller is not.
  'disk() { echo /dev/$(ls -d /sys/bus/scsi/devices/*:0:0:$1/block/* | sed s,.*/,,); }',
  'raw=$(disk 0) vhdx=$(disk 1) top=$(disk 2)',
  'echo @@kernel; dmesg',
  'echo @@devices; for d in /sys/bus/vmbus/devices/*; do basename $(readlink $d/driver); done | sort',
  'echo @@clock; cat /sys/devices/system/clocksource/clocksource0/current_clocksource; date +%Y',
  'echo @@disk; mke2fs -q $raw && mount $raw /mnt && dd if=/dev/urandom of=/tmp/data bs=64k count=64 2>/dev/null',
  'cp /tmp/data /mnt/data && echo kept > /mnt/note && umount /mnt && echo 3 > /proc/sys/vm/drop_caches',
  'mount $raw /mnt && cmp /tmp/data /mnt/data && echo same; cat /mnt/note',
  'echo @@trim; rm /mnt/data; sync; fstrim /mnt && echo trimmed; umount /mnt',
  'echo @@vhdx; mke2fs -q $vhdx && mount $vhdx /mnt && cp /tmp/data /mnt/data && umount /mnt',
  'echo 3 > /proc/sys/vm/drop_caches; mount $vhdx /mnt && cmp /tmp/data /mnt/data && echo same',
  'rm /mnt/data; sync; fstrim /mnt && echo trimmed; echo kept > /mnt/note; umount /mnt',
  'echo @@differencing; mount $top /mnt && cat /mnt/note; cp /tmp/data /mnt/data && umount /mnt',
  'echo 3 > /proc/sys/vm/drop_caches; mount $top /mnt && cmp /tmp/data /mnt/data && echo same; umount /mnt',
  'echo @@end; sh -c "exit 42"',
];

describe('machine child: Debian on our Hyper-V', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-linux-'));
  const host = {
    ...cathedral(),
    switches: [{ name: 'Stage', kind: 'internal' as const }],
    hypervisor: { ...cathedral().hypervisor, release: '2022' as const },
    children: [linuxChild()],
  };
  const network = new HostNetwork(host);
  const events: string[] = [];
  let console = '';
  let machine: Machine;
  let runner: ScriptRunner;
  let status: number;
  let aheadNs = 0;
  let base: Buffer;
  let told: ReadonlyMap<string, string> = new Map();
  let powerOff = () => {};
  let pulled = () => {};
  const { processorNs } = nodeClock();
  const poweredOff = new Promise<void>((resolve) => {
    powerOff = resolve;
  });

  before(async () => {
    let finish: (status: number) => void = () => {};
    let allTold = () => {};
    const finished = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const guestTold = new Promise<void>((resolve) => {
      allTold = resolve;
    });
    runner = new ScriptRunner(SCRIPT, (text) => machine.child.sendConsole(Buffer.from(text)), finish);
    base = await makeBase(folder);
    machine = await buildMachine({
      child: host.children[0]!,
      folder,
      state: null,
      adapters: network.adapters(host.children[0]!),
      clock: {
        nowNs: () => wallClock.nowNs() + aheadNs,
        wallTimeMs: () => WALL_TIME_MS + wallClock.nowNs() / 1e6,
        processorNs,
      },
      console: (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        console += text;
        runner.feed(text);
      },
      report: (event) => {
        events.push(event.type);
        if (event.type === 'ended' && event.how === 'power off') powerOff();
      },
      shutdownAnswered: (answer) => events.push(`shutdown ${answer}`),
      memoryUsed: (use) => seat.hear(use),
      guestTold: (values) => {
        told = values;
        allTold();
      },
    });
    const seat = new HostMemory(host, wallClock.nowNs).join(host.children[0]!, (pages) =>
      machine.memory?.assign(pages),
    );
    plugIn(machine.networks[0]!);
    await machine.child.start();
    status = await finished;
    await guestTold;
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function plugIn(adapter: NetworkVsp): void {
    pulled();
    const port = network.plug(host.children[0]!, 0, () => adapter.wake());
    pulled = () => port.unplug();
    adapter.plug(port);
  }

  /** Types more lines once the script is through; what was printed meanwhile. */
  async function type(...lines: string[]): Promise<string> {
    const from = console.length;
    await new Promise<number>((done) => {
      runner = new ScriptRunner(lines, (text) => machine.child.sendConsole(Buffer.from(text)), done);
      runner.feed('# '); // the shell is there already
    });
    return console.slice(from).replaceAll('\r', '');
  }

  /** What was printed between two marks, without the echo of what was typed. */
  function section(mark: string): string {
    const printed = console.replaceAll('\r', '').replaceAll('\u001b[6n', '');
    return printed.split(`\n@@${mark}\n`)[1]?.split('\n@@')[0] ?? '';
  }

  it('is detected by the kernel, which speaks VMBus 5.3 with us', () => {
    assert.match(section('kernel'), /Hypervisor detected: Microsoft Hyper-V/);
    assert.match(section('kernel'), /hv_vmbus: Vmbus version:5\.3/);
    assert.equal(machine.child.guestOs?.startsWith('Linux 6.'), true);
  });

  it('gets the drivers of the guest bound to every device', () => {
    assert.deepEqual(section('devices').match(/^(hv|hyperv)_\w+$/gm), [
      'hv_balloon',
      'hv_netvsc',
      'hv_storvsc',
      'hv_utils',
      'hv_utils',
      'hv_utils',
      'hv_utils',
      'hv_utils',
      'hyperv_keyboard',
    ]);
  });

  it('is the clock of the guest, and sets it', () => {
    assert.match(section('clock'), /^hyperv_clocksource_tsc_page$/m);
    assert.match(section('clock'), /^2031$/m);
  });

  it('keeps a file system over a remount', () => {
    assert.match(section('disk'), /^same$/m);
    assert.match(section('disk'), /^kept$/m);
    const image = readFileSync(join(folder, 'disk.img'));
    assert.equal(image.readUInt16LE(1024 + 56), 0xef53, 'the file holds an ext2 file system');
    assert.ok((machine.storage?.counters.flushes ?? 0) > 0);
    assert.equal(machine.storage?.counters.errors, 0);
  });

  it('keeps a file system on a dynamic VHDX, and on a differencing one on top of another', () => {
    assert.match(section('vhdx'), /^same$[\s\S]*^trimmed$/m);
    assert.match(section('differencing'), /^of the base$[\s\S]*^same$/m);
  });

  it('takes TRIM', () => {
    assert.match(section('trim'), /^trimmed$/m);
    assert.ok((machine.storage?.counters.trims ?? 0) > 0);
  });

  it('hears the heartbeat and what the guest says of itself', () => {
    assert.equal(machine.heartbeat.state, 'ok');
    assert.equal(told.get('ProcessorArchitecture'), 'i686');
    assert.match(told.get('OSVersion') ?? '', /^6\./);
  });

  it('sees a disk that is plugged in and pulled out while it runs', async () => {
    const store = new MemoryStore(4 << 20);
    machine.storage?.attach({ lun: 3, serial: 'EXTRA', store });
    const seen = await type('until [ -b /dev/sdd ]; do sleep 1; done', 'echo data > /dev/sdd; sync; echo there');
    assert.match(seen, /^there$/m);
    assert.equal(Buffer.from(store.data.subarray(0, 5)).toString(), 'data\n');
    machine.storage?.detach(3);
    assert.match(await type('while [ -b /dev/sdd ]; do sleep 1; done', 'echo gone'), /^gone$/m);
  });

  it('holds its file systems still for a checkpoint, and goes on', async () => {
    await type('mount $raw /mnt');
    assert.equal(await machine.freeze(), 'frozen');
    const from = console.length;
    machine.child.sendConsole(Buffer.from('echo more > /mnt/more && echo wri""tten\n'));
    await machine.child.pause();
    assert.doesNotMatch(console.slice(from), /written/);
    await machine.child.resume();
    const seen = await type('cat /mnt/more', 'umount /mnt', 'kill $(pidof hv_vss_daemon)', 'sleep 1');
    assert.match(seen, /^more$/m);
    assert.equal(await machine.freeze(), 'refused', 'nobody listens in the guest');
  });

  it('gets no more of a processor than its limit, and as much done in it', async function () {
    if (processorNs === undefined) {
      say('this system does not tell the processor time of a thread (/proc/thread-self/schedstat): not measured');
      return this.skip();
    }
    const turns = 30_000;
    const loop = async (share: number) => {
      machine.share.grant(share);
      const [fromNs, spentNs] = [wallClock.nowNs(), processorNs() ?? 0];
      await type(`i=0; while [ $i -lt ${turns} ]; do i=$((i+1)); done`);
      const costNs = (processorNs() ?? 0) - spentNs;
      return { share: costNs / (wallClock.nowNs() - fromNs), turnsPerNs: turns / costNs };
    };
    await loop(1); // its code is compiled then
    const done: number[] = [];
    // Who else uses the computer slows one of the two down; what the limit itself costs is there each time.
    for (let time = 0; time < 5 && !done.some((part) => part >= 0.75); time++) {
      const whole = await loop(1);
      const half = await loop(0.5);
      // A loaded computer gives less than the half, never more; what is beside the guest on this thread takes a little.
      assert.ok(half.share <= 0.55, `${half.share} of a processor`);
      done.push(half.turnsPerNs / whole.turnsPerNs);
    }
    machine.share.grant(1);
    assert.ok(
      done.some((part) => part >= 0.75),
      `${done} of the work`,
    );
  });

  it('gives up memory that it does not need, and gets it back when it does', async () => {
    const total = "sed -n 's/MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo";
    const all = Number(/^(\d{5,})$/m.exec(await type(total))?.[1]);
    // The driver keeps its first report back for 45 s unless it is told otherwise, and a 32-bit one for the five
    // minutes after which the kernel's count of ticks first wraps around.
    aheadNs = 301e9;
    const smaller = `until [ $(${total}) -lt ${all - (16 << 10)} ]; do sleep 1; done`;
    await type('echo 0 > /sys/module/hv_balloon/parameters/pressure_report_delay', smaller);
    assert.ok((machine.memory?.assignedPages ?? 0) * 4096 < MEMORY_BYTES - (16 << 20));
    const larger = `until [ $(${total}) -gt ${all - (8 << 10)} ]; do sleep 1; done`;
    await type('mount -t tmpfs -o size=100m tmp /mnt', 'dd if=/dev/zero of=/mnt/much bs=1M count=60', larger);
    await type('umount /mnt');
  });

  it('gets an address, a name and answers from the parent', async () => {
    const seen = await type(
      'udhcpc -i eth0 -q -n',
      'hostname; nslookup cathedral; ping -c 2 cathedral',
      'nslookup nobody',
    );
    assert.match(seen, /lease of 192\.168\.137\.10 obtained from 192\.168\.137\.1/);
    assert.match(seen, new RegExp(`^${host.children[0]!.name}$`, 'm'));
    assert.match(seen, /Address: 192\.168\.137\.1$/m);
    assert.match(seen, /2 packets received, 0% packet loss/);
    assert.match(seen, /NXDOMAIN/);
  });

  it('loses an adapter that is pulled out, and finds one that is put in, while it runs', async () => {
    const [adapter] = machine.networks;
    machine.child.rescind(adapter!);
    assert.match(await type('while [ -e /sys/class/net/eth0 ]; do sleep 1; done', 'echo gone'), /^gone$/m);
    const other = new NetworkVsp('7f3c1a00-0002-4000-8000-000000000001', 0x0015_5d00_0f0f);
    machine.child.offer(other);
    const seen = await type('until [ -e /sys/class/net/eth0 ]; do sleep 1; done', 'ip link show eth0');
    assert.match(seen, /00:15:5d:00:0f:0f/);
    machine.child.rescind(other);
    assert.match(await type('while [ -e /sys/class/net/eth0 ]; do sleep 1; done', 'echo gone'), /^gone$/m);
  });

  it('is signalled by the monitor page, without a hypercall, where it offers that', async () => {
    const signals = () => machine.child.traffic.hypercalls.find(({ name }) => name === 'HvCallSignalEvent')?.count ?? 0;
    const adapter = Object.assign(
      new NetworkVsp('7f3c1a00-0003-4000-8000-000000000001', network.adapters(host.children[0]!)[0]!),
      { monitorLatencyNs: 100 },
    );
    plugIn(adapter);
    machine.child.offer(adapter);
    const monitor = `cat /sys/bus/vmbus/devices/${adapter.instanceId}/monitor_id`;
    const there = await type('until [ -e /sys/class/net/eth0 ]; do sleep 1; done', monitor, 'udhcpc -i eth0 -q -n');
    assert.match(there, /^0$/m, 'it is the first with a monitor');
    assert.match(there, /lease of 192\.168\.137\.10/);
    const before = signals();
    const seen = await type('ping -c 100 -A 192.168.137.1');
    assert.match(seen, /100 packets received, 0% packet loss/);
    // Other devices signal meanwhile: the slower the computer, the more often.
    assert.ok(signals() - before < 50, `${signals() - before} hypercalls for 100 questions`);
  });

  it('reads keys from its keyboard', async () => {
    const dump = `hexdump -v -e '16/1 "%02x" "\\n"'`;
    const event = 'sed -n "/serio2/,/^$/s/.*\\(event[0-9]*\\).*/\\1/p" /proc/bus/input/devices';
    let done = false;
    const read = type(`dd if=/dev/input/$(${event}) bs=16 count=3 2>/dev/null | ${dump}`).finally(() => {
      done = true;
    });
    // What is typed before somebody reads is lost.
    while (!done) {
      machine.type({ code: 0x1e, prefix: 'none', up: false });
      machine.type({ code: 0x1e, prefix: 'none', up: true });
      await new Promise((next) => setTimeout(next, 200));
    }
    // struct input_event: the time, then type 1 (EV_KEY), code 30 (KEY_A), value 1 (down) or 0 (up).
    assert.match(await read, /^[0-9a-f]{16}01001e000[01]000000$/m);
  });

  it('shows its console on its screen', async () => {
    assert.equal(machine.screen.frame(true), null, 'no driver, no picture');
    await type('for module in /modules/screen/*.ko; do insmod $module; done', 'echo HELLO > /dev/tty1');
    const litPixels = () => {
      const frame = machine.screen.frame(true);
      if (frame === null || !('pixels' in frame)) return 0;
      assert.deepEqual([frame.width, frame.height], [1024, 768]);
      return frame.pixels.filter((value, at) => at % 4 === 0 && value > 100).length;
    };
    // Its kernel draws when it comes to it.
    while (litPixels() <= 100) await type('sleep 1');
  });

  it('lets a device go that is rescinded', async () => {
    machine.child.rescind(machine.keyValues);
    const id = machine.keyValues.instanceId;
    assert.match(await type(`while [ -e /sys/bus/vmbus/devices/${id} ]; do sleep 1; done`, 'echo gone'), /^gone$/m);
  });

  it('gives back the status of the last line', () => {
    assert.equal(status, 42);
  });

  it('shuts down gracefully and powers off', async () => {
    assert.equal(machine.shutdown.request(), true);
    await poweredOff;
    assert.ok(events.includes('shutdown accepted'));
    assert.deepEqual(
      events.filter((event) => event === 'channel broken' || event === 'message ignored'),
      [],
    );
  });

  it('leaves VHDX files that are closed, without what was trimmed, and a base as it was', async () => {
    await machine.close();
    const dynamic = await openNodeDisk(vhdx('disk.vhdx', 1), folder);
    assert.deepEqual(dynamic.info().unfinished, []);
    const inFile = dynamic.info().blocks?.inFile ?? 99;
    assert.ok(inFile < 8, `${inFile} blocks of 1 MB: what was written and removed takes room`);
    await dynamic.close();
    const top = await openNodeDisk(vhdx('top.vhdx', 2, 'base.vhdx'), folder);
    assert.ok((top.info().blocks?.inFile ?? 0) >= 4);
    await top.close();
    assert.equal(Buffer.compare(readFileSync(join(folder, 'base.vhdx')), base), 0);
  });
});

function linuxChild(): Child {
  const child = cathedral().children[0]!;
  return {
    ...child,
    kind: 'machine',
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: {
      kind: 'dynamic',
      startupBytes: MEMORY_BYTES,
      minimumBytes: 64 << 20,
      maximumBytes: MEMORY_BYTES,
      bufferPercent: 20,
      priority: 50,
    },
    disks: [
      {
        file: 'disk.img',
        bytes: DISK_BYTES,
        format: 'raw',
        allocation: 'fixed',
        physicalDisk: 'raid0',
        controller: 'scsi',
        slot: 0,
      },
      vhdx('disk.vhdx', 1),
      vhdx('top.vhdx', 2, 'base.vhdx'),
    ],
    nics: [{ switch: 'Stage', kind: 'synthetic', vlan: null }],
    integrationServicesOff: [],
    boots: { kernel: GUEST.kernel, initrd: GUEST.initrd },
  };
}

function vhdx(file: string, slot: number, base?: string): VirtualDisk {
  const allocation = base === undefined ? 'dynamic' : 'differencing';
  const place = { physicalDisk: 'raid0', controller: 'scsi' } as const;
  return { file, bytes: DISK_BYTES, format: 'vhdx', allocation, base, ...place, slot };
}

/** A VHDX with a file system of the host's own making, and a note in it. */
async function makeBase(folder: string): Promise<Buffer> {
  mkdirSync(join(folder, 'content'));
  writeFileSync(join(folder, 'content', 'note'), 'of the base\n');
  const raw = join(folder, 'base.img');
  const tool = ['-q', '-t', 'ext2', '-d', join(folder, 'content'), raw, `${DISK_BYTES >> 20}M`];
  execFileSync('mke2fs', tool, { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
  const disk = await openNodeDisk(vhdx('base.vhdx', 0), folder);
  await disk.write(0, readFileSync(raw));
  await disk.close();
  return readFileSync(join(folder, 'base.vhdx'));
}

/** For the reader of the report; `console` is the guest's in this suite. */
function say(text: string): void {
  process.stdout.write(`      (${text})\n`);
}
