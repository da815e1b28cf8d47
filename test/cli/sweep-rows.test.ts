import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { UsageError } from '../../src/cli/exit.js';
import { type Row, rowOf } from '../../src/cli/sweep/row.js';
import { RowFile } from '../../src/cli/sweep/row-file.js';
import { rowFormat } from '../../src/cli/sweep/row-format.js';
import { notes, summaryTable } from '../../src/cli/sweep/summary.js';
import type { HostModel } from '../../src/model/host-model.js';

const LABELS = ['child web weight', 'hardware memory'];

function row(seed: number, parts: Partial<Row> = {}): Row {
  return {
    sweep: 'abc',
    settings: { 'child web weight': '100', 'hardware memory': '16 GB' },
    seed,
    throughputPerSecond: 400 / 3 + seed,
    p95Ns: 12_345_678,
    hostCpuPercent: 25.5,
    refused: 0,
    waiting: 0,
    met: null,
    note: '',
    traceHash: '0123',
    ...parts,
  };
}

const ROWS = [
  row(1),
  row(2, { p95Ns: null, met: false, note: 'it said "no", twice' }),
  row(3, { met: true, refused: 2 }),
];

describe('the row of a run', () => {
  it('counts every child of a host that is refused', () => {
    const model = { children: [{ name: 'a' }, { name: 'b' }] } as HostModel;
    const reason = { code: 'HV502', message: 'Too large.' };
    const { refused, met, note } = rowOf(row(1), { type: 'refused', reason }, model, null);
    assert.deepEqual({ refused, met, note }, { refused: 2, met: false, note: 'HV502: Too large.' });
  });
});

describe('the file of a sweep', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-rows-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const ending of ['json', 'csv']) {
    const format = rowFormat(`rows.${ending}`, LABELS);
    const whole = format.head + ROWS.map((each, index) => format.row(each, index)).join('') + format.tail;

    it(`tells every whole row of a ${ending} that ends anywhere`, () => {
      fc.assert(
        fc.property(fc.nat(whole.length), (length) => {
          const rows = format.parse(whole.slice(0, length));
          assert.deepEqual(rows, ROWS.slice(0, rows?.length));
        }),
      );
      assert.deepEqual(format.parse(whole), ROWS);
    });

    it(`goes on with a ${ending} whose last row is cut off`, () => {
      const path = join(folder, `cut.${ending}`);
      writeFileSync(path, whole.slice(0, whole.length - format.tail.length - 5));
      const file = RowFile.open(path, LABELS, 'abc', true);
      assert.deepEqual(file.finished, ROWS.slice(0, 2));
      file.append(ROWS[2]!);
      file.close(true);
      assert.equal(readFileSync(path, 'utf8'), whole);
    });

    it(`leaves a ${ending} alone that is not its own`, () => {
      const path = join(folder, `other.${ending}`);
      const refuses = (resume: boolean, sweep: string, message: RegExp) =>
        assert.throws(
          () => RowFile.open(path, LABELS, sweep, resume),
          (error) => error instanceof UsageError && message.test(error.message),
        );
      writeFileSync(path, whole);
      refuses(false, 'abc', /--resume/);
      refuses(true, 'another', /of another definition/);
      assert.equal(readFileSync(path, 'utf8'), whole);
      for (const text of ['{"version": 1}\n', 'name,age\n1,2\n', whole.replace('100', '100"\n"')]) {
        writeFileSync(path, text);
        refuses(true, 'abc', /no output of hvhost sweep/);
        assert.equal(readFileSync(path, 'utf8'), text);
      }
    });
  }

  it('is JSON when it is complete', () => {
    const path = join(folder, 'whole.json');
    const file = RowFile.open(path, LABELS, 'abc', false);
    for (const each of ROWS) file.append(each);
    file.close(true);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), ROWS);
  });

  it('has a known ending and a folder', () => {
    assert.throws(() => RowFile.open(join(folder, 'rows.txt'), LABELS, 'abc', false), /\.json or \.csv/);
    assert.throws(() => RowFile.open(join(folder, 'nowhere/rows.csv'), LABELS, 'abc', false), UsageError);
  });
});

describe('the table of a sweep', () => {
  it('shows mean and standard deviation over the seeds', () => {
    const rates = [90, 100, 110].map((throughputPerSecond, index) => row(index + 1, { throughputPerSecond }));
    const [, , line = ''] = summaryTable(LABELS, [rates]).split('\n');
    assert.match(line, /100 +16 GB +100 ± 10 \/ s +12\.3 ms +25\.5 % +0$/);
  });

  it('leaves out who answered nothing, and says where nothing was expected', () => {
    const table = summaryTable(LABELS, [[row(1, { p95Ns: null })], ROWS.slice(1)]);
    assert.match(table, /–.*–$/m);
    assert.match(table, /1 of 2$/m);
  });

  it('has a note for each point that went wrong', () => {
    assert.deepEqual(notes([[row(1)], ROWS]), [
      'child web weight 100, hardware memory 16 GB, seed 2: it said "no", twice',
    ]);
  });
});
