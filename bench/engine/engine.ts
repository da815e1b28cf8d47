/**
 * The dispatcher on HV-1H, three sizes, each in a process of its own: `npm run bench:engine [-- rounds]`. Writes
 * bench/results/engine.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Hv1hFigures } from './hv1h.js';
import { type EngineResults, report } from './report.js';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'out/bench/hv1h.mjs');
const RESULT = join(ROOT, 'bench/results/engine.md');
const SIZES = [
  { children: 100, lps: 64 },
  { children: 100, lps: 32 },
  { children: 1000, lps: 64 },
];

const rounds = Number(process.argv[2] ?? 3);
if (!(rounds >= 1)) {
  console.error('usage: npm run bench:engine [-- rounds]');
  process.exit(2);
}
await build({
  entryPoints: [join(import.meta.dirname, 'hv1h.ts')],
  outfile: PROGRAM,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
});

const results: EngineResults = {
  rows: SIZES.map((size) => ({ ...size, rounds: [] })),
  peers: readFileSync(join(import.meta.dirname, 'peers/measured.md'), 'utf8'),
  computer: `${cpus()[0]?.model ?? 'A processor'}, ${availableParallelism()} logical processors, Node ${process.versions.node}`,
  load: [],
};
// In turn, so that what else the computer does falls on all alike.
for (let round = 0; round < rounds; round++) {
  for (const row of results.rows) {
    results.load.push(loadavg()[0]!);
    const output = execFileSync(process.execPath, [PROGRAM, `${row.children}`, `${row.lps}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    console.log(output.trim());
    row.rounds.push(JSON.parse(output.trim().split('\n').at(-1)!) as Hv1hFigures);
  }
}
writeFileSync(RESULT, report(results));
