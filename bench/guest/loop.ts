/**
 * Lines for the shell of a guest that define `loop SECONDS`: turns of builtin commands only, from one full second of the guest's
 * clock to another, and for each full second what that clock says and how many turns there were.
 */
export const LOOP = [
  "second() { IFS='. ' read now part idle < /proc/uptime; }",
  'turn() { i=0; while [ $i -lt 20 ]; do i=$((i+1)); done; turns=$((turns+1)); second; }',
  'loop() { turns=0; second; was=$now; end=$((now+$1+1)); while [ $now -lt $end ]; do turn; [ $now -eq $was ] || echo "loop $now.$part $turns"; was=$now; done; }',
];

/** A line of the loop. */
export interface Mark {
  /** Seconds by the guest's clock. */
  seconds: number;
  turns: number;
}

/** null: the line is something else. */
export function markIn(line: string): Mark | null {
  const found = /loop ([\d.]+) (\d+)\s*$/.exec(line);
  return found === null ? null : { seconds: Number(found[1]), turns: Number(found[2]) };
}

/** Turns for each second of the guest's clock. */
export function turnsPerSecond(from: Mark, to: Mark): number {
  return (to.turns - from.turns) / (to.seconds - from.seconds);
}
