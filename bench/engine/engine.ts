/**
 * The engine's dispatcher and timers beside others on the same work, each in a process of its own, in turn:
 * `npm run bench:engine [-- rounds]`. Writes bench/results/engine.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Figures } from './figures.js';
import { compileSimgrid, runSimgrid, SIMGRID } from './peers/simgrid.js';
import { type Program, report } from './report.js';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'out/bench');
const RESULT = join(ROOT, 'bench/results/engine.md');
/** SimGrid takes so long for the largest that it runs only a part of the hour. */
const SIZES = [
  { children: 100, lps: 64, simgridSeconds: 3600 },
  { children: 100, lps: 32, simgridSeconds: 3600 },
  { children: 1000, lps: 64, simgridSeconds: 120 },
];

/** Examples, and for how long they run once the host is up. */
const DEFINITIONS = [
  { name: 'cathedral', seconds: 600 },
  { name: 'modern', seconds: 60 },
  { name: 'network', seconds: 60 },
];

const rounds = Number(process.argv[2] ?? 3);
if (!(rounds >= 1)) {
  console.error('usage: npm run bench:engine [-- rounds]');
  process.exit(2);
}
await build({
  entryPoints: [
    ...['hv1h.ts', 'hv1h-ideal.ts', 'bare-loop.ts', 'accounted-loop.ts'],
    ...['mm8.ts', 'definition.ts', 'peers/simjs-mm8.ts'],
  ].map((file) => join(import.meta.dirname, file)),
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
const simgrid = compileSimgrid(join(OUT, 'simgrid-hv1h'));
if (simgrid === null) console.log('no SimGrid here (libsimgrid-dev, g++): it is left out');

const programs: Program[] = SIZES.flatMap(({ children, lps, simgridSeconds }): Program[] => {
  const size = `${children} x ${lps}`;
  const both = [`${children}`, `${lps}`];
  return [
    { work: size, who: 'hvhost', run: () => runHere('hv1h.mjs', both), figures: [] },
    { work: size, who: 'ideal', run: () => runHere('hv1h-ideal.mjs', both), figures: [] },
    { work: size, who: 'bare loop', run: () => runHere('bare-loop.mjs', both), figures: [] },
    { work: size, who: 'accounted loop', run: () => runHere('accounted-loop.mjs', both), figures: [] },
    ...(simgrid === null
      ? []
      : SIMGRID.map(({ name, options }) => ({
          work: size,
          who: name,
          run: () => runSimgrid(simgrid, children, lps, simgridSeconds, options),
          figures: [],
        }))),
  ];
});
programs.push(
  { work: 'M/M/8', who: 'hvhost', run: () => runHere('mm8.mjs', []), figures: [] },
  ...DEFINITIONS.map(({ name, seconds }) => ({
    work: name,
    who: 'hvhost',
    run: () => runHere('definition.mjs', [join(ROOT, `examples/${name}.hvhost`), `${seconds}`]),
    figures: [],
  })),
  { work: 'M/M/8', who: 'simjs', run: () => runHere('peers/simjs-mm8.mjs', []), figures: [] },
);

const load: number[] = [];
// In turn, so that what else the computer does falls on all alike.
for (let round = 0; round < rounds; round++) {
  for (const program of programs) {
    load.push(loadavg()[0]!);
    const figures = program.run();
    program.figures.push(figures);
    console.log(`${program.work}, ${program.who}: ${figures.cpuSeconds.toFixed(2)} CPU seconds`);
  }
}
const computer = `${cpus()[0]?.model ?? 'A processor'}, ${availableParallelism()} logical processors, Node ${process.versions.node}`;
writeFileSync(
  RESULT,
  report({
    programs,
    sizes: SIZES.map(({ children, lps }) => `${children} x ${lps}`),
    definitions: DEFINITIONS,
    computer,
    load,
  }),
);

function runHere(file: string, args: string[]): Figures {
  const output = execFileSync(process.execPath, [join(OUT, file), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Figures;
}
