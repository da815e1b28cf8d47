import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

describe('hvhost format', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-format-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('finds what is not formatted, formats it, and is then content', () => {
    const path = join(folder, 'untidy.hvhost');
    writeFileSync(path, 'workload   W{requests 4/s\n\n\n\ncpu 2ms}');
    assert.equal(hvhost(['format', '--check', path]).status, 1);
    assert.equal(hvhost(['format', path]).status, 0);
    assert.match(readFileSync(path, 'utf8'), /^workload W \{\n {4}requests 4 \/ s\n/);
    assert.deepEqual(hvhost(['format', '--check', path]), { status: 0, stdout: '', stderr: '' });
  });

  it('leaves a file that does not parse as it is', () => {
    const path = join(folder, 'broken.hvhost');
    const text = 'host {{{ nobody   knows';
    writeFileSync(path, text);
    assert.equal(hvhost(['format', path]).status, 1);
    assert.equal(readFileSync(path, 'utf8'), text);
  });

  it('leaves a file that is not UTF-8 as it is', () => {
    const path = join(folder, 'latin.hvhost');
    const text = Buffer.from('// Caf\xe9\nworkload   W { requests 4 / s }\n', 'latin1');
    writeFileSync(path, text);
    const { status, stderr } = hvhost(['format', path]);
    assert.equal(status, 1);
    assert.match(stderr, /latin\.hvhost: not formatted/);
    assert.deepEqual(readFileSync(path), text);
  });

  it('finds the examples in order', () => {
    const { status, stdout } = hvhost(['format', '--check', 'examples']);
    assert.equal(status, 0, stdout);
  });
});

describe('hvhost model', () => {
  it('prints the model that the engine reads', () => {
    const { status, stdout } = hvhost(['model', 'examples/cathedral.hvhost']);
    assert.equal(status, 0);
    const model = JSON.parse(stdout);
    assert.equal(model.version, 1);
    assert.deepEqual(
      model.children.map((child: { kind: string }) => child.kind),
      ['enlightened', 'legacy', 'xen'],
    );
  });
});

describe('hvhost help', () => {
  it('is worth reading and goes to stdout', () => {
    const { status, stdout } = hvhost(['--help']);
    assert.equal(status, 0);
    for (const word of ['check', 'run', 'format', 'model', 'Exit codes', 'Examples'])
      assert.match(stdout, new RegExp(word));
    for (const command of ['check', 'run', 'format', 'model']) assert.equal(hvhost([command, '--help']).status, 0);
    assert.match(hvhost(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
