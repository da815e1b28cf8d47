/**
 * Looks for inputs that break what must not break: `npm run fuzz -- SURFACE [--minutes 10] [--seed 1]`. What it finds is kept
 * in test/fuzz/seeds, from where the unit tests replay it.
 *
 * The attacks run on a thread of their own, so that one that never ends, or takes all memory, is noticed and named as well.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { randomOf } from '../machine-host/disk/power-failure.js';
import type { AttackMessage, AttackOrder } from './attack-thread.js';
import { mutated } from './mutate.js';
import { formatInput, type Input } from './surface.js';
import { SURFACES, seedFolder } from './surfaces.js';

/** An attack takes milliseconds. */
const HANGS_AFTER_MS = 30_000;
const MOST_MEMORY_MB = 768;
const MOST_FOUND = 20;
/** What runs TypeScript on this thread does not reach other ones by itself. */
const START = `import('tsx/esm/api').then(({ tsImport }) => tsImport('./attack-thread.ts', ${JSON.stringify(import.meta.url)}))`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const [name = ''] = positionals;
const [minutes, first] = [Number(values.minutes), Number(values.seed)];
const surface = SURFACES[name];
if (surface === undefined || !(minutes > 0) || !Number.isInteger(first)) {
  console.error('usage: npm run fuzz -- SURFACE [--minutes 10] [--seed 1]');
  console.error(`surfaces: ${Object.keys(SURFACES).join(', ')}`);
  process.exit(2);
}

const samples = await surface.samples();
const end = performance.now() + minutes * 60_000;
let done = 0;
let found = 0;
for (let seed = first; performance.now() < end && found < MOST_FOUND; ) {
  const { attacks, fault, input } = await attackFrom(seed);
  done += attacks;
  seed += attacks;
  if (fault === null) continue;
  if (attacks === 0) throw new Error(`the attacks did not begin: ${fault}`);
  found++;
  const failed = seed - 1;
  console.log(`seed ${failed}: ${fault}\nkept as ${keep(failed, input ?? mutated(samples, randomOf(failed)))}`);
}
console.log(`${name}: ${done} attacks from seed ${first} on, ${found} of them found something`);
process.exitCode = found === 0 ? 0 : 1;

interface Outcome {
  attacks: number;
  fault: string | null;
  /** null: nothing was found, or the thread had no time to say with what. */
  input: Input | null;
}

/** Attacks with one seed after the other until one finds something or the time is over. */
function attackFrom(seed: number): Promise<Outcome> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const order: AttackOrder = { surface: name, seed, ms: end - performance.now(), progress };
  const worker = new Worker(START, {
    eval: true,
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  return new Promise((resolve) => {
    const finish = (fault: string | null, input: Input | null = null) => {
      clearInterval(watch);
      void worker.terminate().then(() => resolve({ attacks: Atomics.load(progress, 0), fault, input }));
    };
    let before = -1;
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 0);
      if (now === before && now > 0) finish(`it did not end within ${HANGS_AFTER_MS / 1000} s`);
      before = now;
    }, HANGS_AFTER_MS);
    worker.once('message', ({ found: by }: AttackMessage) => finish(by?.fault ?? null, by?.input));
    worker.once('error', (error) => finish(String(error.stack ?? error)));
  });
}

function keep(seed: number, input: Input): string {
  const folder = seedFolder(name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${seed}.hex`);
  writeFileSync(file, formatInput(input));
  return file;
}
