/** What the children of HV-1H do, for every program that runs it alike. */

/** The limit of child i is LIMITS[i mod 4], a share of one LP. */
export const LIMITS: readonly number[] = [1, 0.5, 0.25, 0.75];

/** A time of computing or sleeping, 50 to 150 ms, drawn from a generator for each child. */
export class Draws {
  private readonly seeds: Uint32Array;

  constructor(children: number) {
    this.seeds = Uint32Array.from({ length: children }, (_, i) => 12345 + 7919 * i);
  }

  nextNs(child: number): number {
    const seed = (Math.imul(this.seeds[child]!, 1664525) + 1013904223) >>> 0;
    this.seeds[child] = seed;
    return Math.round((0.05 + 0.1 * ((seed >>> 8) / 2 ** 24)) * 1e9);
  }
}

/** A program's arguments: children, LPs, seconds of virtual time, slice and period in milliseconds. */
export function sizes(): { children: number; lps: number; seconds: number; sliceMs: number; periodMs: number } {
  const [children, lps, seconds, sliceMs, periodMs] = [100, 32, 3600, 10, 100].map((usual, i) =>
    Number(process.argv[i + 2] ?? usual),
  ) as [number, number, number, number, number];
  return { children, lps, seconds, sliceMs, periodMs };
}
