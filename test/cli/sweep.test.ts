import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Row } from '../../src/cli/sweep/row.js';
import { hvhost, ROOT } from './hvhost.js';

const FILE = 'examples/cathedral.hvhost';
const SMALL = `
hardware Box {
    memory 4 GB ecc
    disk ssd 500 GB ssd
}
host Small on Box {
    parent "Windows Server 2025" core {
        reserve cpu 0 %, memory 2 GB
    }
    child idle "Windows Server 2025" {
        memory 512 MB
    }
}
`;

describe('hvhost sweep', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-sweep-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const rowsOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Row[];
  const sorted = (rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort();

  it('shows what a value changes, and writes every run', () => {
    const out = join(folder, 'rates.json');
    const vary = ['--vary', 'workload WebServer requests 100,300 / s', '--vary', 'hardware cores 2,4'];
    const { status, stdout, stderr } = hvhost(['sweep', FILE, ...vary, '--for', '40s', '--seeds', '2', '--out', out]);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    assert.match(stdout, /^workload WebServer requests +hardware cores +Requests +p95 +Host CPU +Refused$/m);
    assert.equal(stdout.match(/ ± .* \/ s/g)?.length, 4);
    const rows = rowsOf(out);
    assert.equal(rows.length, 8);
    const rate = (requests: string) =>
      rows.find(({ settings }) => settings['workload WebServer requests'] === requests)?.throughputPerSecond ?? 0;
    assert.ok(rate('300 / s') > 1.5 * rate('100 / s'));
  });

  it('measures what hvhost run measures', () => {
    const out = join(folder, 'same.json');
    const vary = ['--vary', 'child web weight 200', '--seeds', '1', '--for', '40s', '--measure', 'web'];
    assert.equal(hvhost(['sweep', FILE, ...vary, '--out', out]).status, 0);
    const { total } = JSON.parse(hvhost(['run', FILE, '--for', '40s', '--json', '-']).stdout).result;
    const { work } = total.partitions.find(({ name }: { name: string }) => name === 'web');
    const [row] = rowsOf(out);
    assert.equal(row?.throughputPerSecond, work.throughputPerSecond);
    assert.equal(row?.p95Ns, work.latencyNs.p95);
  });

  it('goes on after a kill in the middle, and ends with the same rows', async () => {
    const args = ['sweep', FILE, '--vary', 'child web weight 100,200,400', '--for', '40s', '--seeds', '4'];
    const whole = join(folder, 'whole.json');
    assert.equal(hvhost([...args, '--out', whole]).status, 0);

    const path = join(mkdtempSync(join(folder, 'cut-')), 'cut.json');
    await stopAfterRows(3, [...args, '--threads', '1', '--out', path], path, 'SIGKILL');
    const before = readFileSync(path, 'utf8');
    assert.throws(() => JSON.parse(before), 'it was killed after the end');
    const kept = before.split(',\n{').length - 1;

    assert.equal(hvhost([...args, '--out', path]).status, 2, 'it would write over the rows');
    const { status, stderr } = hvhost([...args, '--out', path, '--resume']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(sorted(rowsOf(path)), sorted(rowsOf(whole)));
    assert.ok(kept >= 2 && readFileSync(path, 'utf8').startsWith(before.split(',\n{').slice(0, kept).join(',\n{')));
  });

  it('goes on after Ctrl-C, too', async () => {
    const args = ['sweep', FILE, '--vary', 'child web weight 100,200,400', '--for', '40s', '--seeds', '4'];
    const path = join(mkdtempSync(join(folder, 'stop-')), 'stop.csv');
    assert.equal(await stopAfterRows(3, [...args, '--threads', '1', '--out', path], path, 'SIGINT'), 130);
    const kept = readFileSync(path, 'utf8');
    assert.equal(hvhost([...args, '--out', path, '--resume']).status, 0);
    const whole = readFileSync(path, 'utf8');
    assert.ok(whole.startsWith(kept));
    assert.equal(whole.trimEnd().split('\n').length, 1 + 12);
  });

  it('finds the most copies of a child that meet what is expected', () => {
    const most = ['--most', 'children like web', '--expect', 'latency p95 < 100 ms after 10 s'];
    const { status, stdout, stderr } = hvhost(['sweep', FILE, ...most, '--for', '40s', '--seeds', '1']);
    assert.equal(status, 0, stderr);
    const found = Number(/At most (\d+) child/.exec(stdout)?.[1]);
    assert.ok(found >= 1 && found <= 8, stdout);
    assert.match(stdout, new RegExp(`^ *${found} .*1 of 1$`, 'm'));
    assert.match(stdout, new RegExp(`^ *${found + 1} .*0 of 1$`, 'm'));
    assert.match(stdout, /Taken for granted/);
  });

  it('counts as many as are started where nothing is expected', () => {
    // 2 GB are left beside the parent, and each child takes 512 MB and 32 MB of overhead.
    const file = join(folder, 'small.hvhost');
    writeFileSync(file, SMALL);
    const { status, stdout } = hvhost(['sweep', file, '--most', 'children like idle', '--seeds', '1']);
    assert.equal(status, 0);
    assert.match(stdout, /At most 3 children like 'idle' fit\./);
    assert.match(stdout, /copies of idle 4, seed 1: HV401/);
  });

  it('does not take for started what the time was too short for', () => {
    const { status, stdout } = hvhost(['sweep', FILE, '--most', 'children like web', '--for', '1ms', '--seeds', '1']);
    assert.equal(status, 1);
    assert.match(stdout, /not started yet/);
  });

  it('fails where not even one copy is good', () => {
    const most = ['--most', 'children like web', '--expect', 'latency p95 < 1 us', '--for', '40s', '--seeds', '1'];
    const { status, stdout } = hvhost(['sweep', FILE, ...most]);
    assert.equal(status, 1);
    assert.match(stdout, /Not even one 'web'/);
  });

  const wrong: [string[], RegExp][] = [
    [[], /--vary .* or --most/],
    [['--vary', 'child web weight 1', '--most', 'children like web'], /either/],
    [['--vary', 'child web wieght 1'], /'wieght' cannot be varied/],
    [['--vary', 'child web weight 1', '--expect', 'latency p95 < 1 ms'], /--expect goes with --most/],
    [['--vary', 'child web weight 1', '--resume'], /--out/],
    [['--vary', 'child web weight 1', '--out', 'x.txt'], /\.json or \.csv/],
    [['--vary', 'child web weight 1', '--seeds', '0'], /whole number/],
    [['--vary', 'child web weight 1', '--threads', 'all'], /whole number/],
    [['--vary', 'child web weight 1', '--measure', 'nobody'], /no child 'nobody'/],
    [['--vary', 'child web weight 1', '--scenario', 'Sunday'], /no scenario 'Sunday'/],
    [['--most', 'web'], /children like web/],
    [['--most', 'children like nobody'], /no child 'nobody'/],
    [['--most', 'children like web', '--expect', 'latency < 4 GB'], /is no time/],
  ];
  for (const [args, message] of wrong) {
    it(`answers one clear error to ${args.join(' ') || 'nothing to do'}`, () => {
      const { status, stdout, stderr } = hvhost(['sweep', FILE, ...args]);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }
});

/** Starts the command line and sends it a signal once its file has some rows; its exit code. */
async function stopAfterRows(rows: number, args: string[], path: string, signal: NodeJS.Signals): Promise<number> {
  const running = spawn(process.execPath, [join(ROOT, 'dist/cli.mjs'), ...args], { cwd: ROOT, stdio: 'ignore' });
  const ended = once(running, 'exit');
  for await (const _ of watch(dirname(path))) {
    if (existsSync(path) && readFileSync(path, 'utf8').split('\n').length > rows + 1) break;
  }
  running.kill(signal);
  const [code] = await ended;
  return code;
}
