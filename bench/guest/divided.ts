import { bootChildren, type ScriptedChild } from './children.js';
import { LOOP, type Mark, markIn, partRun, turnsPerSecond } from './loop.js';
import { cpuSecondsOf } from './machine.js';
import type { DividedFigures } from './report.js';

const SECONDS = 30;
/** Until the demand of both is known, and the loop is compiled. */
const SETTLES_SECONDS = 5;

const CASES: Pick<DividedFigures, 'says' | 'promised'>[] = [
  { says: ['weight 300', 'weight 100'], promised: 3 },
  // Of equal weights, who has no reserve gets what is left.
  { says: ['reserve 75 %', 'reserve 0 %'], promised: 3 },
];

/** Two children that want the same logical processor at once: how much each runs and gets done, seen in the guest. */
export async function dividedProcessor(): Promise<DividedFigures[]> {
  const figures: DividedFigures[] = [];
  for (const { says, promised } of CASES) figures.push({ says, promised, ...(await measured(says)) });
  return figures;
}

interface Moment {
  mark: Mark;
  atMs: number;
  cpuSeconds: number;
}

async function measured(says: [string, string]): Promise<Pick<DividedFigures, 'runs' | 'done' | 'corePercent'>> {
  const marks: Record<string, Moment[]> = { first: [], second: [] };
  let read = 0;
  const script = [...LOOP, `loop ${SECONDS}`, ''].join('\n');
  const child = (name: string, index: 0 | 1): ScriptedChild => ({ name, script, says: `processors 1 ${says[index]}` });
  await bootChildren(
    [child('first', 0), child('second', 1)],
    (printed, pid) => {
      const end = printed.lastIndexOf('\n') + 1;
      for (const line of printed.slice(read, end).split('\n')) {
        const mark = markIn(line);
        if (mark !== null)
          marks[line.slice(0, line.indexOf(' '))]?.push({
            mark,
            atMs: performance.now(),
            cpuSeconds: cpuSecondsOf(pid),
          });
      }
      read = end;
    },
    'one',
  );
  const [first, second] = [marks['first']!, marks['second']!];
  const from = Math.max(first[0]!.atMs, second[0]!.atMs) + SETTLES_SECONDS * 1000;
  const to = Math.min(first.at(-1)!.atMs, second.at(-1)!.atMs);
  const within = (all: Moment[]) => all.filter(({ atMs }) => atMs >= from && atMs <= to);
  const [ofFirst, ofSecond] = [within(first), within(second)];
  const [begin, end] = [ofFirst[0]!, ofFirst.at(-1)!];
  const times = (of: (from: Mark, to: Mark) => number) =>
    of(begin.mark, end.mark) / of(ofSecond[0]!.mark, ofSecond.at(-1)!.mark);
  return {
    runs: times(partRun),
    done: times(turnsPerSecond),
    corePercent: ((end.cpuSeconds - begin.cpuSeconds) / (end.atMs - begin.atMs)) * 1e5,
  };
}
