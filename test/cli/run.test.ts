import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

describe('hvhost run', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-run-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const cathedral = 'examples/cathedral.hvhost';

  it('prints the partitions and what they did', () => {
    const { status, stdout, stderr } = hvhost(['run', cathedral, '--for', '40s']);
    assert.equal(status, 0, stderr);
    for (const name of ['parent', 'web', 'payroll', 'mail']) assert.match(stdout, new RegExp(`^${name} +running`, 'm'));
    assert.equal(stderr, 'Running Cathedral for 40 s of virtual time …\n');
  });

  it('gives the same trace for the same seed and another for another', () => {
    const hash = (seed: string) => {
      const { stdout } = hvhost(['run', cathedral, '--for', '40s', '--seed', seed, '--json', '-']);
      return JSON.parse(stdout).result.traceHash;
    };
    assert.equal(hash('7'), hash('7'));
    assert.notEqual(hash('7'), hash('8'));
  });

  it('takes the host that the scenario is on, where there are several', () => {
    const hosts = 'examples/two-hosts.hvhost';
    const { status, stdout, stderr } = hvhost(['run', hosts, '--scenario', 'Drain', '--for', '1s', '--json', '-']);
    assert.equal(JSON.parse(stdout).host, 'First', `${status} ${stderr}`);
    const wrong = hvhost(['run', hosts, '--scenario', 'Sunday']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /none of its hosts has a scenario 'Sunday'/);
  });

  it('plays a scenario and answers with its expectations', () => {
    const { stdout } = hvhost(['run', cathedral, '--scenario', 'MondayMorning', '--json', '-']);
    const { result } = JSON.parse(stdout);
    assert.equal(Math.round((result.timeNs - result.readyNs) / 1e9), 70);
    assert.equal(result.expectations.length, 2);
    const stopped = result.expectations.find(({ text }: { text: string }) => text.includes('stopped'));
    assert.equal(stopped.met, true, stopped.seen);
  });

  it('writes a page that needs nothing from anywhere, and a trace with events', () => {
    const page = join(folder, 'report.html');
    const trace = join(folder, 'trace.json');
    const { status, stderr } = hvhost(['run', cathedral, '--for', '40s', '--report', page, '--trace', trace]);
    assert.equal(status, 0, stderr);
    const html = readFileSync(page, 'utf8');
    assert.match(html, /Cathedral/);
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
    assert.ok(JSON.parse(readFileSync(trace, 'utf8')).traceEvents.length > 100);
  });

  it('does not run a definition with errors, and says where they are', () => {
    const { status, stdout, stderr } = hvhost(['run', 'examples/does-not-fit.hvhost']);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /does-not-fit\.hvhost:\d+:\d+: error/);
  });

  it('runs other architectures, and notes what has no effect there', () => {
    const path = join(folder, 'other.hvhost');
    const hardware = join(process.cwd(), 'examples/hardware/proliant.hvhost');
    writeFileSync(path, `import "${hardware}"\nhost Other on DL585 {\n    hypervisor kvm\n}\n`);
    const { status, stdout } = hvhost(['run', path, '--for', '1s']);
    assert.equal(status, 0);
    assert.match(stdout, /^Note: KVM has no CPU reserve: that of the parent/m);
  });

  it('says before it runs that a file cannot be written', () => {
    for (const option of ['--json', '--report', '--trace']) {
      const { status, stdout, stderr } = hvhost(['run', cathedral, option, join(folder, 'nowhere', 'result.json')]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^hvhost: .*result\.json: cannot be written \(ENOENT/);
    }
    const refusal = (...options: string[]) => {
      const { status, stdout, stderr } = hvhost(['run', cathedral, '--for', '1s', ...options]);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
      return stderr;
    };
    const file = join(folder, 'both.json');
    assert.match(
      refusal('--json', file, '--trace', file),
      /both\.json: cannot be written \(another result goes there\)/,
    );
    assert.match(
      refusal('--json', join(folder, 'x.hvhost')),
      /x\.hvhost: cannot be written \(it would be a definition\)/,
    );
    for (const option of ['--trace', '--report']) assert.match(refusal(option, '-'), /Write the name of a file/);
    assert.match(hvhost(['bench', cathedral, '--json', folder]).stderr, /cannot be written \(it is a folder\)/);
  });

  it('does not choose among several definitions of a folder', () => {
    for (const command of ['run', 'model', 'bench']) {
      const { status, stdout, stderr } = hvhost([command, 'examples']);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^hvhost: examples: there are \d+ \.hvhost files in it; name one$/m);
    }
  });

  it('exits with 2 for a wrong time, a wrong seed and a name that is not there', () => {
    for (const flags of [
      ['--for', 'long'],
      ['--for', '3 GB'],
      ['--seed', '-1'],
      ['--host', 'Nave'],
      ['--scenario', 'Sunday'],
    ]) {
      const { status, stderr } = hvhost(['run', cathedral, ...flags]);
      assert.equal(status, 2, flags.join(' '));
      assert.notEqual(stderr, '');
    }
  });
});
