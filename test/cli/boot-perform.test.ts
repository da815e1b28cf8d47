import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Checkpoints } from '../../src/cli/boot/checkpoints.js';
import { MachineControl } from '../../src/cli/boot/machine-control.js';
import { parseMonitorLine } from '../../src/cli/boot/monitor-command.js';
import { perform } from '../../src/cli/boot/perform.js';
import { webPacking } from '../../src/machine-host/packing.js';
import { writeSnapshot } from '../../src/machine-host/snapshot-file.js';
import type { Child } from '../../src/model/host-model.js';
import type { FreezeOutcome, ScreenFrame } from '../../src/protocol/machine.js';
import { cathedral } from '../model/cathedral.js';

describe('what the prompt asks of a machine', () => {
  let folder = '';
  const child: Child = { ...cathedral().children[0]!, name: 'lab', disks: [] };
  const done: string[] = [];
  let broken = false;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-perform-'));
    done.length = 0;
    frozen = 'frozen';
    broken = false;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  let shown: ScreenFrame | null = null;
  let frozen: FreezeOutcome = 'frozen';
  const machine = {
    freeze: async () => {
      done.push('freeze');
      return frozen;
    },
    pause: async () => void done.push('pause'),
    resume: async () => void done.push('resume'),
    snapshot: async () => {
      done.push('snapshot');
      if (broken) throw new Error('the wand cannot be saved');
      return writeSnapshot(child, { cpu: new Uint8Array(8), host: null }, [], 1000, webPacking);
    },
  };
  const orders = {
    shutDown: () => false,
    saved: () => done.push('saved'),
    revert: (name: string) => done.push(`revert to ${name}`),
    guest: () => 'Linux 6.1',
    neighbours: () => 'db  running, modelled',
    screenshot: async () => shown,
    powerOff: () => done.push('power off'),
    failParent: () => done.push('fail parent'),
  };

  function prompt() {
    const control = new MachineControl(machine, new Checkpoints(join(folder, 'host.hvhost'), 'Cathedral', child));
    return (line: string) => {
      const command = parseMonitorLine(line);
      assert.ok(typeof command === 'object', line);
      return perform(command, control, orders);
    };
  }

  it('keeps the screen as a PNG file, where there is one', async () => {
    const file = join(folder, 'screen.png');
    assert.match((await prompt()(`screenshot ${file}`)).text ?? '', /no screen/);
    const pixels = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255);
    shown = { width: 2, height: 1, left: 0, top: 0, right: 2, bottom: 1, pixels };
    assert.match((await prompt()(`screenshot ${file}`)).text ?? '', /2 x 1 pixels/);
    const written = readFileSync(file);
    assert.equal(written.toString('latin1', 1, 4), 'PNG');
    const at = written.indexOf('IDAT');
    const data = written.subarray(at + 4, at + 4 + written.readUInt32BE(at - 4));
    assert.deepEqual([...inflateSync(data)], [0, 1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('says when the guest wrote on while it was kept', async () => {
    frozen = 'refused';
    assert.match((await prompt()('checkpoint a')).text ?? '', /kept; the guest did not hold/);
  });

  it('tells what is known of the guest', async () => {
    assert.deepEqual(await prompt()('guest'), { text: 'Linux 6.1', stay: true });
  });

  it('keeps a running machine and lets it go on, and leaves a paused one paused', async () => {
    const ask = prompt();
    assert.equal((await ask('checkpoint a')).text, "checkpoint 'a' is kept");
    await ask('pause');
    await ask('checkpoint b');
    assert.deepEqual(done, ['freeze', 'pause', 'snapshot', 'resume', 'pause', 'pause', 'snapshot']);
    assert.match((await ask('checkpoints')).text ?? '', /^1970-01-01T00:00:01\.000Z {2}a\n.* {2}b$/);
    assert.equal((await ask('resume')).stay, false);
  });

  it('lets a machine go on that could not be kept', async () => {
    broken = true;
    await assert.rejects(prompt()('checkpoint a'), /wand/);
    assert.deepEqual(done, ['freeze', 'pause', 'snapshot', 'resume']);
  });

  it('saves to a file and ends the run', async () => {
    const file = join(folder, 'lab.hvsnap');
    await prompt()(`save ${file}`);
    assert.deepEqual(done, ['pause', 'snapshot', 'saved']);
    assert.equal(readFileSync(file).toString('latin1', 0, 6), 'HVSNAP');
  });

  it('reverts only to what is there', async () => {
    const ask = prompt();
    await assert.rejects(ask('revert a'), /there is no checkpoint 'a'/);
    await ask('checkpoint a');
    await ask('revert a');
    assert.equal(done.at(-1), 'revert to a');
  });

  it('says when nothing comes of it', async () => {
    const ask = prompt();
    assert.equal((await ask('resume')).text, 'it is not paused');
    assert.match((await ask('shut down')).text ?? '', /no shutdown service/);
    assert.match((await ask('checkpoints')).text ?? '', /no checkpoints/);
    assert.equal((await ask('power off')).stay, false);
    assert.equal(done.at(-1), 'power off');
    assert.equal((await ask('fail parent')).stay, false);
    assert.equal(done.at(-1), 'fail parent');
  });
});
