import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

describe('hvhost run --counters', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-counters-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (file: string) => hvhost(['run', 'examples/cathedral.hvhost', '--for', '20s', '--counters', file]);

  it('writes a log for Performance Monitor whose rows are as long as its header', () => {
    const file = join(folder, 'counters.csv');
    const { status, stderr } = run(file);
    assert.equal(status, 0, stderr);
    const [header = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    assert.match(
      header,
      /^"\(PDH-CSV 4\.0\) \(UTC\)\(0\)","\\\\Cathedral\\Hyper-V Hypervisor Logical Processor\(Hv LP 0\)\\% Total Run Time"/,
    );
    const length = header.split('","').length;
    assert.ok(rows.length >= 200);
    for (const row of rows) assert.equal(row.split('","').length, length);
  });

  it('writes OpenMetrics, with the children that ran', () => {
    const file = join(folder, 'counters.prom');
    assert.equal(run(file).status, 0);
    const text = readFileSync(file, 'utf8');
    assert.match(
      text,
      /^hvhost_hyperv_virtual_processor_total_run_time_ratio\{host="Cathedral",vm="web"\} 0\.\d+ 17672/m,
    );
    assert.ok(text.endsWith('# EOF\n'));
  });

  it('knows no other format, and writes nothing then', () => {
    const file = join(folder, 'counters.txt');
    const { status, stderr } = run(file);
    assert.equal(status, 2);
    assert.match(stderr, /\.csv.*\.prom/);
    assert.equal(existsSync(file), false);
  });
});
