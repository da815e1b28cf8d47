import { MOMENT } from './shell.js';

/**
 * Lines for the shell of a guest that define `loop SECONDS`: turns of builtin commands only, each with a look at the guest's
 * clock, in nanoseconds. Where the clock went on for longer than a turn takes, the guest did not run. For each full second
 * the loop prints the clock, the turns, how much time went by in turns that were longer, and how many they were.
 */
export const LOOP = [
  MOMENT,
  'rest() { [ $1 -lt 8000000 ] || { rested=$((rested+$1)); rests=$((rests+1)); }; }',
  'turn() { i=0; while [ $i -lt 20 ]; do i=$((i+1)); done; turns=$((turns+1)); was=$now; moment; second=$((now/1000000000)); rest $((now-was)); }',
  'report() { [ $second -eq $shown ] || echo "loop $now $turns $rested $rests"; shown=$second; }',
  'loop() { turns=0; rested=0; rests=0; moment; second=$((now/1000000000)); shown=$second; end=$((second+$1+1)); while [ $second -lt $end ]; do turn; report; done; }',
];

/** A line of the loop. */
export interface Mark {
  /** By the guest's clock. */
  seconds: number;
  turns: number;
  /** Of these seconds, in turns in which the guest did not run all the time, and the number of those turns. */
  restedSeconds: number;
  rests: number;
}

/** null: the line is something else. */
export function markIn(line: string): Mark | null {
  const found = /loop (\d+) (\d+) (\d+) (\d+)\s*$/.exec(line);
  if (found === null) return null;
  const [ns, turns, restedNs, rests] = found.slice(1).map(Number) as [number, number, number, number];
  return { seconds: ns / 1e9, turns, restedSeconds: restedNs / 1e9, rests };
}

/** Turns for each second of the guest's clock. */
export function turnsPerSecond(from: Mark, to: Mark): number {
  return (to.turns - from.turns) / (to.seconds - from.seconds);
}

/** The part of the time in which the guest ran, 0 to 1. A turn with a rest in it ran as long as the others took. */
export function partRun(from: Mark, to: Mark): number {
  const seconds = to.seconds - from.seconds;
  const turns = to.turns - from.turns;
  const rests = to.rests - from.rests;
  const inWholeTurns = seconds - (to.restedSeconds - from.restedSeconds);
  return (inWholeTurns * turns) / (turns - rests) / seconds;
}
