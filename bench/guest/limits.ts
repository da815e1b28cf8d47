/** Measures how much a guest runs, and gets done, with a part of a core and prints it as JSON: `limits.mjs FILES`. */
import { LOOP, type Mark, markIn, partRun, turnsPerSecond } from './loop.js';
import { type GuestFiles, ownCpuSeconds } from './machine.js';
import { ours } from './ours.js';
import type { LimitFigures } from './report.js';

const LIMITS = [0.5, 0.25, 0.1];
const ROUNDS = 3;
/** At a limit so many seconds of running, so that where a run begins and ends makes little difference. */
const RUN_SECONDS = 3;

interface Limited {
  part: number;
  turnsPerSecond: number;
}

interface Moment {
  mark: Mark;
  cpuSeconds: number;
}

const [files = ''] = process.argv.slice(2);
let moments: Moment[] = [];
let line = '';
const machine = await ours(JSON.parse(files) as GuestFiles, (text) => {
  const lines = (line + text).split('\n');
  line = lines.pop()!;
  for (const mark of lines.map(markIn)) if (mark !== null) moments.push({ mark, cpuSeconds: ownCpuSeconds() });
});
await machine.shell.run(...LOOP);
await loop(1); // compiles it

const whole: number[] = [];
const limited = new Map<number, Limited[]>(LIMITS.map((limit) => [limit, []]));
for (let round = 0; round < ROUNDS; round++) {
  const [from, to] = await loop(1);
  whole.push((to.mark.turns - from.mark.turns) / (to.cpuSeconds - from.cpuSeconds));
  for (const limit of LIMITS) {
    const [{ mark: from }, { mark: to }] = await loop(limit);
    limited.get(limit)!.push({ part: partRun(from, to), turnsPerSecond: turnsPerSecond(from, to) });
  }
}
await machine.close();
const figures = LIMITS.map((limit): LimitFigures => {
  const rounds = limited.get(limit)!;
  return {
    limitPercent: limit * 100,
    runs: median(rounds.map(({ part }) => part)) / limit,
    done: median(rounds.map(({ turnsPerSecond: rate }) => rate)) / limit / median(whole),
  };
});
console.log(JSON.stringify(figures));
process.exit();

/** The first and the last mark; the machine has its whole core again. */
async function loop(limit: number): Promise<[Moment, Moment]> {
  moments = [];
  machine.limit(limit);
  await machine.shell.run(`loop ${Math.round(RUN_SECONDS / limit)}`);
  machine.limit(1);
  return [moments[0]!, moments.at(-1)!];
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
