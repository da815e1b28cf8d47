import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

const FIXTURE = 'test/language/powershell/fixtures/windows-server-2022.json';

describe('hvhost import', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-import-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('prints a definition that is laid out and checks without errors', () => {
    const { status, stdout, stderr } = hvhost(['import', FIXTURE]);
    assert.deepEqual([status, stderr], [0, '']);
    const path = join(folder, 'host.hvhost');
    assert.deepEqual(hvhost(['import', FIXTURE, '--output', path, '--name', 'Harbour']), {
      status: 0,
      stdout: '',
      stderr: '',
    });
    assert.equal(
      readFileSync(path, 'utf8'),
      stdout.replaceAll('HV-PROD-01-hardware', 'Harbour-hardware').replace('host HV-PROD-01 ', 'host Harbour '),
    );
    assert.equal(hvhost(['format', '--check', path]).status, 0);
    assert.equal(hvhost(['check', path]).status, 0);
  });

  it('says what is wrong with its input, and where, in one line', () => {
    const path = join(folder, 'wrong.json');
    writeFileSync(path, '{ "VMs": [{ "VM": { "Name": "web" }, "Processor": { "Reserve": 150 } }] }');
    assert.deepEqual(hvhost(['import', path]), {
      status: 2,
      stdout: '',
      stderr: `hvhost: ${path}: VMs[0].Processor.Reserve: 150 is not between 0 and 100\n`,
    });
    writeFileSync(path, 'not JSON');
    assert.match(hvhost(['import', path]).stderr, /this is not JSON/);
    const missing = hvhost(['import', join(folder, 'nothing.json')]);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /cannot be read/);
  });
});

describe('hvhost export', () => {
  it('prints a script for a Hyper-V host and refuses others', () => {
    const { status, stdout, stderr } = hvhost(['export', '--format', 'powershell', 'examples/modern.hvhost']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout, readFileSync('test/language/golden/modern.ps1', 'utf8'));
    const old = hvhost(['export', 'examples/cathedral.hvhost']);
    assert.equal(old.status, 2);
    assert.match(old.stderr, /^hvhost: examples\/cathedral\.hvhost: Cathedral runs Hyper-V 2008R2SP1, .*\n$/);
    assert.equal(hvhost(['export', '--format', 'bash', 'examples/modern.hvhost']).status, 2);
  });
});
