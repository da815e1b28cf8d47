/**
 * Machine children, and beside them the same kernel in v86 as it comes and in QEMU: `npm run bench:guest [-- rounds]`. Takes
 * about a minute for each machine and round. Writes bench/results/guest.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { build as buildBundles } from '../../scripts/build.mjs';
import { ensureLinuxGuest, GUEST } from '../../scripts/fetch-linux-guest.mjs';
import { dividedProcessor } from './divided.js';
import type { Figures } from './measure.js';
import { whyNoMemoryFolder } from './memory-folder.js';
import { whyNoQemu } from './qemu.js';
import { type LimitFigures, type Results, report } from './report.js';
import { whyNoStockV86 } from './stock-v86.js';
import { bootTogether, networkMBs } from './together.js';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAMS = join(ROOT, 'out/bench');
const RESULT = join(ROOT, 'bench/results/guest.md');
const TOGETHER = 8;

const rounds = Number(process.argv[2] ?? 3);
const trouble = ensureLinuxGuest();
if (trouble !== null || !(rounds >= 1)) {
  console.error(trouble ?? 'usage: npm run bench:guest [-- rounds]');
  process.exit(2);
}
await buildBundles(['cli', 'boot-thread']);
await build({
  entryPoints: ['measure.ts', 'limits.ts'].map((file) => join(import.meta.dirname, file)),
  outdir: PROGRAMS,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // A bundled CommonJS dependency may call require, which an ES module does not have.
  banner: {
    js: "import { createRequire as benchRequire } from 'node:module'; const require = benchRequire(import.meta.url);",
  },
});

const results: Results = {
  sides: [
    { name: 'ours', title: 'hvhost', missing: null, rounds: [] },
    { name: 'ours-in-memory', title: 'hvhost, disk in memory', missing: whyNoMemoryFolder(), rounds: [] },
    { name: 'ours-bare', title: 'hvhost, bare machine with IDE', missing: whyNoMemoryFolder(), rounds: [] },
    { name: 'stock-v86', title: 'v86 as it comes', missing: whyNoStockV86(), rounds: [] },
    { name: 'qemu', title: 'QEMU TCG', missing: whyNoQemu(), rounds: [] },
  ],
  limits: [],
  divided: [],
  network: null,
  together: null,
  computer: `${cpus()[0]?.model ?? 'A processor'}, ${availableParallelism()} logical processors, Node ${process.versions.node}`,
  load: [],
};
// In turn, so that what else the computer does falls on all alike.
for (let round = 0; round < rounds; round++) {
  for (const side of results.sides) {
    if (side.missing !== null) continue;
    side.rounds.push(said<Figures>('measure.mjs', side.name, JSON.stringify(GUEST)));
    write();
  }
}
results.limits = said<LimitFigures[]>('limits.mjs', JSON.stringify(GUEST));
write();
results.divided = await dividedProcessor();
write();
results.network = await networkMBs();
write();
results.together = { count: TOGETHER, ...(await bootTogether(TOGETHER)) };
write();

/** After each step: who stops it keeps what was measured until then. */
function write(): void {
  results.load.push(loadavg()[0]!);
  writeFileSync(RESULT, report(results));
}

function said<Answer>(program: string, ...args: string[]): Answer {
  const output = execFileSync(process.execPath, [join(PROGRAMS, program), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Answer;
}
