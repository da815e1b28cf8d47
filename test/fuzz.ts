/**
 * Looks for inputs that break what must not break, for as long as it is given: `npm run fuzz -- TARGET [minutes] [seed]`.
 * What it finds goes into the list of found seeds of the test beside the target.
 */
import { useHostile } from './machine-host/disk/hostile-image.js';
import { losePower, type Random, randomOf } from './machine-host/disk/power-failure.js';
import { SHAPES, type Shape } from './machine-host/disk/shapes.js';

interface Case {
  title: string;
  run(random: Random): Promise<void>;
}

const disks = (test: (shape: Shape, random: Random) => Promise<void>, format: string): Case[] =>
  SHAPES.filter((shape) => shape.format === format).map((shape) => ({
    title: shape.title,
    run: (random) => test(shape, random),
  }));

/** Each case in turn with the next seed. */
const TARGETS: Record<string, Case[]> = {
  vhd: disks(useHostile, 'vhd'),
  vhdx: disks(useHostile, 'vhdx'),
  'vhd-power': disks(losePower, 'vhd'),
  'vhdx-power': disks(losePower, 'vhdx'),
};

const [target = '', minutes = '10', first = '1'] = process.argv.slice(2);
const cases = TARGETS[target];
if (cases === undefined) {
  console.error(`usage: npm run fuzz -- TARGET [minutes] [seed]; targets: ${Object.keys(TARGETS).join(', ')}`);
  process.exit(2);
}

const end = performance.now() + Number(minutes) * 60_000;
let seed = Number(first);
for (; performance.now() < end; seed++) {
  for (const { title, run } of cases) {
    try {
      await run(randomOf(seed));
    } catch (error) {
      console.log(`${title}, seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    }
  }
}
console.log(`${target}: ${seed - Number(first)} seeds for each of ${cases.length} cases`);
