import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { COUNTERS } from '../../../../src/runtime/trace/exporters/counter-table.js';
import { perfMonTime, unixSeconds } from '../../../../src/runtime/trace/exporters/epoch.js';
import { perfMonCsv } from '../../../../src/runtime/trace/exporters/perfmon-csv.js';
import { prometheusText } from '../../../../src/runtime/trace/exporters/prometheus.js';
import { snapshots } from './snapshots.js';

describe('performance counters', () => {
  it('are written as a log of Performance Monitor', () => {
    const csv = perfMonCsv('Cathedral', snapshots());
    matchGolden('counters.csv', csv);
    const rows = csv.split('\r\n').map((line) => line.slice(1, -1).split('","'));
    assert.deepEqual(
      rows.map((row) => row.length),
      [...Array(3).fill(rows[0]?.length), 1],
    );
  });

  it('are written as OpenMetrics', () => {
    const text = prometheusText('Cathedral', snapshots());
    matchGolden('counters.prom', text);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const sample = /^[a-z0-9_]+\{([a-z]+="[^"]*",?)*\} \S+ \d+(\.\d+)?$/;
    for (const line of lines) assert.match(line, sample);
    const points = lines.map((line) => line.replace(/\} \S+/, '}'));
    assert.equal(new Set(points).size, points.length, 'a series has two points at one moment');
  });

  it('have unique names that follow the rules of Prometheus', () => {
    const metrics = COUNTERS.map(({ metric }) => metric);
    assert.equal(new Set(metrics).size, metrics.length);
    for (const metric of metrics) assert.match(metric, /^hvhost_[a-z0-9]+(_[a-z0-9]+)*$/);
    const columns = perfMonCsv('Cathedral', snapshots()).split('\r\n')[0]!.split(',');
    assert.equal(new Set(columns).size, columns.length);
  });

  it('are all explained in the documentation, with their standing', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/counters.md'), 'utf8');
    for (const { object, name, metric, standing } of COUNTERS) {
      const row = page.split('\n').find((line) => line.includes(`\`${metric}\``));
      assert.ok(row?.includes(`\`${name}\``) && row.includes(standing), `${object}\\${name} (${standing})`);
    }
  });

  it('are empty where nothing was logged', () => {
    assert.equal(perfMonCsv('Empty', []), '"(PDH-CSV 4.0) (UTC)(0)"\r\n');
    assert.equal(prometheusText('Empty', []), '# EOF\n');
  });

  it('have the time of a calendar, for every moment of the longest run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 * 86_400_000 }), (ms) => {
        const iso = new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
        const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(.*)Z$/.exec(iso) ?? [];
        assert.equal(perfMonTime(ms * 1e6), `${month}/${day}/${year} ${time}`);
        assert.equal(Number(unixSeconds(ms * 1e6)), (Date.UTC(2026, 0, 1) + ms) / 1000);
      }),
    );
  });
});

function matchGolden(name: string, actual: string): void {
  const file = join(import.meta.dirname, 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, actual);
  assert.ok(existsSync(file), `${file} is missing; run with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(file, 'utf8'));
}
