import type { Hv1hFigures } from './hv1h.js';

export interface EngineResults {
  rows: { children: number; lps: number; rounds: Hv1hFigures[] }[];
  /** What others did when they were measured, as text. */
  peers: string;
  computer: string;
  /** Of the computer, before each run. */
  load: number[];
}

const million = (count: number) => (count / 1e6).toFixed(1);

/** The page of results: of several rounds the one in the middle. */
export function report({ rows, peers, computer, load }: EngineResults): string {
  const lines = rows.map(({ children, lps, rounds }) => {
    const sorted = [...rounds].sort((a, b) => a.cpuSeconds - b.cpuSeconds);
    const { timerEvents, dispatches, cpuSeconds } = sorted[Math.floor((sorted.length - 1) / 2)]!;
    const rate = (each: Hv1hFigures) => ((each.timerEvents + each.dispatches) / each.cpuSeconds / 1e6).toFixed(2);
    const spread = `${rate(sorted.at(-1)!)} to ${rate(sorted[0]!)}`;
    const both = timerEvents + dispatches;
    return `| ${children} x ${lps} | ${million(dispatches)} M | ${million(both)} M | ${cpuSeconds.toFixed(2)} | ${(both / cpuSeconds / 1e6).toFixed(2)} M | ${spread} M |`;
  });
  const [least, most] = [Math.min(...load), Math.max(...load)].map((each) => each.toFixed(1));
  return `# The engine's dispatcher on HV-1H, and others beside it

Written by \`npm run bench:engine\`. HV-1H: children with one VP each and limits of 100, 50, 25 and 75 % in turn compute for 50 to
150 ms and sleep for 50 to 150 ms, for an hour of virtual time. Real slices of 10 ms are dispatched, and limits are budgets of
100 ms. Rounds: ${rows[0]?.rounds.length ?? 0}, the middle one is shown, each in a process of its own; CPU seconds are of the process. ${computer}; its load was ${least} to
${most}.

| children x LPs | dispatches | timer events + dispatches | CPU seconds | a second | all rounds |
|---|---|---|---|---|---|
${lines.join('\n')}

While nobody waits, slices end unseen: on the host with room (100 x 64) that leaves 7.8 M timer events of 17.7 M. On the two hosts
that are full, VPs take turns every 10 ms: there every slice end is a dispatch, and nothing can be left out.

${peers.trim()}
`;
}
