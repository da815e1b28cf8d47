import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

describe('hvhost check', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-check-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('passes the host of the article', () => {
    const { status, stdout } = hvhost(['check', 'examples/cathedral.hvhost']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /1 file checked: 0 errors/);
  });

  it('explains what does not fit, with place, code and the line itself', () => {
    const { status, stdout } = hvhost(['check', 'examples/does-not-fit.hvhost']);
    assert.equal(status, 1);
    assert.match(stdout, /^examples\/does-not-fit\.hvhost:\d+:\d+: error HV401: .*does not start/m);
    assert.match(stdout, /^ +\d+ \| .*\n +\| +\^+$/m);
  });

  it('gives the same problems as JSON and as SARIF', () => {
    const json = JSON.parse(hvhost(['check', '--format', 'json', 'examples/does-not-fit.hvhost']).stdout);
    const sarif = JSON.parse(hvhost(['check', '--format', 'sarif', 'examples/does-not-fit.hvhost']).stdout);
    const [run] = sarif.runs;
    assert.equal(sarif.version, '2.1.0');
    assert.equal(run.results.length, json.problems.length);
    assert.ok(json.problems.length > 3);
    const rules = new Set(run.tool.driver.rules.map((rule: { id: string }) => rule.id));
    for (const result of run.results) {
      assert.ok(result.ruleId === undefined || rules.has(result.ruleId), result.ruleId);
      assert.ok(result.locations[0].physicalLocation.region.startLine > 0);
    }
  });

  it('reads each file of a folder once, without packages and without following linked folders', () => {
    const root = join(folder, 'linked');
    mkdirSync(join(root, 'node_modules/lib'), { recursive: true });
    for (const name of ['a.hvhost', 'node_modules/lib/b.hvhost']) writeFileSync(join(root, name), '');
    symlinkSync('..', join(root, 'node_modules/up'));
    symlinkSync('.', join(root, 'self'));
    symlinkSync('loop.hvhost', join(root, 'loop.hvhost'));
    const { status, stdout } = hvhost(['check', root, join(root, 'a.hvhost'), `${root}/./a.hvhost`]);
    assert.equal(status, 0);
    assert.equal(stdout, '1 file checked: 0 errors\n');
  });

  it('says of what is no definition that it is none, and passes over folders that are called like one', () => {
    const failure = (path: string) => {
      const { status, stderr } = hvhost(['check', path]);
      assert.equal(status, 2, stderr);
      return stderr;
    };
    assert.match(failure(write('notes.txt', 'host')), /^hvhost: .*notes\.txt: a definition is a file whose name ends/);
    assert.match(failure(join(folder, 'nowhere.hvhost')), /^hvhost: .*nowhere\.hvhost: no such file or folder$/m);
    mkdirSync(join(folder, 'deep/er.hvhost'), { recursive: true });
    assert.match(failure(join(folder, 'deep')), /^hvhost: .*deep: there is no \.hvhost file in it$/m);
    write('deep/er.hvhost/fine.hvhost', '');
    assert.match(hvhost(['check', join(folder, 'deep')]).stdout, /1 file checked: 0 errors/);
  });

  it('says of an imported folder that it cannot be read', () => {
    mkdirSync(join(folder, 'folder.hvhost'), { recursive: true });
    const { status, stdout } = hvhost(['check', write('importing.hvhost', 'import "folder.hvhost"\n')]);
    assert.equal(status, 1);
    assert.match(stdout, /importing\.hvhost:1:8: error HV110/);
  });

  it('checks every definition below a folder', () => {
    const { stdout } = hvhost(['check', 'examples']);
    assert.match(stdout, /\d+ files checked/);
  });

  it('reports a missing import once, at its place', () => {
    const path = write('lonely.hvhost', 'import "nowhere.hvhost"\n');
    const { status, stdout } = hvhost(['check', path]);
    assert.equal(status, 1);
    assert.match(stdout, /lonely\.hvhost:1:8: error/);
    assert.match(stdout, /1 error/);
  });

  it('survives binary noise', () => {
    const path = write('noise.hvhost', '');
    writeFileSync(path, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)));
    const { status, stderr } = hvhost(['check', path]);
    assert.equal(status, 1);
    assert.equal(stderr, '');
  });

  it('exits with 2 for what cannot be read and for wrong usage', () => {
    for (const args of [
      ['check', 'no-such-file.hvhost'],
      ['check'],
      ['check', '--format', 'xml', 'examples'],
      ['chekc'],
    ]) {
      const { status, stderr, stdout } = hvhost(args);
      assert.equal(status, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.notEqual(stderr, '');
    }
  });
});
