import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { junitReport } from '../../src/cli/tests/junit.js';
import type { Outcome } from '../../src/cli/tests/outcome.js';
import { specReport } from '../../src/cli/tests/spec.js';
import { tapReport } from '../../src/cli/tests/tap.js';
import { hvhost, ROOT } from './hvhost.js';

const OUTCOMES: Outcome[] = [
  {
    file: 'a.hvhost',
    host: 'Nave',
    scenario: 'Monday',
    refused: null,
    readyNs: 300e9,
    expectations: [
      { text: 'web latency p95 < 40 ms', met: true, seen: 'p95 was 12 ms', atNs: null },
      { text: 'web "x" <y> running #1', met: false, seen: 'stopped & gone', atNs: 303e9 },
    ],
  },
  { file: 'b.hvhost', host: 'Crypt', scenario: 'Calm', refused: null, readyNs: 0, expectations: [] },
  { file: 'c.hvhost', host: 'Attic', scenario: 'Odd', refused: 'kvm does not run yet', readyNs: 0, expectations: [] },
];

const place = { path: 'd.hvhost', line: 3, column: 5, endLine: 3, endColumn: 6, severity: 'error' } as const;
const BROKEN: Outcome = {
  file: 'd.hvhost',
  errors: [
    { ...place, code: 'HV201', message: 'No unit.' },
    { ...place, line: 4, code: 'HV004', message: 'Empty.' },
  ],
};

describe('reports of scenarios', () => {
  it('reads as a specification', () => {
    const text = specReport(OUTCOMES, false);
    assert.match(text, /^Monday on Nave \(a\.hvhost\)\n {2}✓ web latency p95 < 40 ms\n {6}p95 was 12 ms\n {2}✗ /);
    assert.match(text, /2 passed, 2 failed$/);
  });

  it('counts in TAP', () => {
    const lines = tapReport(OUTCOMES).split('\n');
    assert.deepEqual(lines.slice(0, 3), ['TAP version 13', '1..4', 'ok 1 - Nave Monday: web latency p95 < 40 ms']);
    assert.ok(lines.includes('not ok 2 - Nave Monday: web "x" <y> running \\#1'));
    assert.ok(lines.includes('  message: "stopped & gone, at 3 s"'));
  });

  it('escapes what XML would misread', () => {
    const xml = junitReport(OUTCOMES);
    assert.match(xml, /<testsuite name="Nave Monday" tests="2" failures="1" errors="0">/);
    assert.match(xml, /name="web &#34;x&#34; &#60;y&#62; running #1"/);
    assert.match(xml, /<failure message="stopped &#38; gone, at 3 s"\/>/);
  });

  it('tells of files that have errors, in every format', () => {
    const errors = 'd.hvhost:3:5: HV201 No unit.';
    const xml = junitReport([BROKEN, ...OUTCOMES]);
    assert.match(
      xml,
      /<testsuite name="d\.hvhost" tests="1" failures="0" errors="1">\n {4}<testcase name="the file has/,
    );
    assert.ok(xml.includes(`<error message="${errors}&#10;d.hvhost:4:5: HV004 Empty."/>`), xml);
    assert.match(tapReport([BROKEN]), /^1\.\.1\nnot ok 1 - d\.hvhost: the file has no errors$/m);
    assert.match(
      specReport([BROKEN, ...OUTCOMES], false),
      /^d\.hvhost\n {2}✗ the file has no errors\n {6}d[\s\S]*3 failed$/,
    );
  });
});

describe('hvhost test', () => {
  it('plays the scenario of the example', () => {
    const { status, stdout } = hvhost(['test', 'examples/cathedral.hvhost']);
    assert.match(stdout, /^MondayMorning on Cathedral/);
    assert.match(stdout, /✓ all children stopped after 60 s/);
    assert.equal(status, stdout.includes('✗') ? 1 : 0);
  });

  it('plays the scenarios of the others where a file has errors, and fails', () => {
    const broken = hvhost(['test', 'examples/does-not-fit.hvhost', 'examples/cathedral.hvhost']);
    assert.equal(broken.status, 1);
    assert.match(broken.stderr, /does-not-fit\.hvhost:\d+:\d+: error/);
    assert.match(broken.stdout, /^MondayMorning on Cathedral \(examples\/cathedral\.hvhost\)$/m);
    const alone = hvhost(['test', '--format', 'junit', 'examples/does-not-fit.hvhost']);
    assert.equal(alone.status, 1);
    assert.match(alone.stdout, /<testsuite name="examples\/does-not-fit\.hvhost" tests="1" failures="0" errors="1">/);
  });

  it('plays a scenario once, by the file that declares it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hvhost-tests-'));
    try {
      const hardware = join(ROOT, 'examples/hardware/twin-epyc.hvhost');
      cpSync(hardware, join(folder, 'twin-epyc.hvhost'));
      const host = 'host A on TwinEpyc { hypervisor hyper-v 2022 parent "Windows Server 2022" core }';
      const early = 'scenario Early on A { at 1 s start all }';
      writeFileSync(join(folder, 'a.hvhost'), `import "twin-epyc.hvhost" ${host} ${early}`);
      writeFileSync(join(folder, 's.hvhost'), 'import "a.hvhost" scenario Late on A { at 1 s start all }');
      const titles = (...paths: string[]) =>
        hvhost(['test', ...paths], folder)
          .stdout.match(/^\w+ on A \(.*\)$/gm)
          ?.join(', ');
      assert.equal(titles('.'), 'Early on A (a.hvhost), Late on A (s.hvhost)');
      assert.equal(titles('s.hvhost'), 'Early on A (s.hvhost), Late on A (s.hvhost)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says when there is nothing to test', () => {
    assert.equal(hvhost(['test', 'examples/hardware/proliant.hvhost']).status, 2);
  });
});
