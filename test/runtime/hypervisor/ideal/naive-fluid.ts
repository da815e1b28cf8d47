import type { Habit } from '../habitual-guests.js';
import { waterFilling } from '../water-filling.js';

/** What VPs that compute and sleep in turns have run, in ns, and how often they were done, by `untilNs`. */
export interface Outcome {
  ranNs: number[];
  computes: number[];
}

/** A fluid as its definition says it: at each event all rates anew, and everybody's work counted. In floating point. */
export function naiveFluid(lps: number, habits: readonly Habit[], untilNs: number): Outcome {
  const left = habits.map(({ computeNs }) => computeNs);
  const wakesNs = habits.map(() => 0);
  const runs = habits.map(() => true);
  const ranNs = habits.map(() => 0);
  const computes = habits.map(() => 0);
  let nowNs = 0;
  for (;;) {
    const claims = habits.filter((_, vp) => runs[vp]);
    const filled = waterFilling(
      claims.map(({ reserve = 0, limit = 1, weight = 100 }) => ({ reserve, limit, weight })),
      lps,
    );
    const rates = runs.map((is) => (is ? filled.shift()! : 0));
    const moments = habits.map((_, vp) => (runs[vp] ? nowNs + left[vp]! / rates[vp]! : wakesNs[vp]!));
    const nextNs = Math.min(...moments, untilNs);
    const vp = moments.indexOf(nextNs);
    habits.forEach((_, i) => {
      const ran = Math.min(left[i]!, rates[i]! * (nextNs - nowNs));
      ranNs[i]! += ran;
      left[i]! -= ran;
    });
    nowNs = nextNs;
    if (vp < 0) return { ranNs, computes };
    if (!runs[vp]) {
      left[vp] = habits[vp]!.computeNs;
      runs[vp] = true;
      continue;
    }
    computes[vp]!++;
    wakesNs[vp] = nowNs + habits[vp]!.sleepNs;
    runs[vp] = false;
  }
}
