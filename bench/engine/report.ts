import type { Figures } from './figures.js';

/** One program at one piece of work, and what its rounds gave. */
export interface Program {
  work: string;
  who: string;
  run(): Figures;
  figures: Figures[];
}

export interface EngineResults {
  programs: Program[];
  /** The sizes of HV-1H. */
  sizes: string[];
  /** Examples that ran, and how long in virtual time. */
  definitions: { name: string; seconds: number }[];
  computer: string;
  /** Of the computer, before each run. */
  load: number[];
}

const GOAL_RATE = 5e6;
/** Times SimGrid as it comes. */
const GOALS: Readonly<Record<string, number>> = { '100 x 32': 100, '1000 x 64': 185 };
const IDEAL_GOALS: Readonly<Record<string, number>> = { '100 x 32': 100 };

/** The page of results: of several rounds the one in the middle. */
export function report({ programs, sizes, definitions, computer, load }: EngineResults): string {
  const rounds = programs[0]!.figures.length;
  const find = (work: string, who: string) => {
    const program = programs.find((each) => each.work === work && each.who === who);
    return program && middle(program.figures);
  };
  const [least, most] = [Math.min(...load), Math.max(...load)].map((each) => each.toFixed(1));
  const times = (other: Figures | undefined, one: Figures) =>
    other === undefined ? '-' : `${other.cpuSeconds.toFixed(1)} (${(other.cpuSeconds / one.cpuSeconds).toFixed(1)} x)`;

  const dispatcher = sizes.map((size) => {
    const ours = programs.find((each) => each.work === size && each.who === 'hvhost')!;
    const { events, dispatches = 0, cpuSeconds } = middle(ours.figures);
    const rates = ours.figures.map(rate).sort((a, b) => a - b);
    const spread = `${million(rates[0]!, 2)} to ${million(rates.at(-1)!, 2)} M`;
    const met = events / cpuSeconds >= GOAL_RATE ? 'met' : 'missed';
    return `| ${size} | ${million(dispatches)} M | ${million(events)} M | ${cpuSeconds.toFixed(2)} | ${million(events / cpuSeconds, 2)} M | ${spread} | ${met} |`;
  });
  const beside = sizes.map((size) => {
    const ours = find(size, 'hvhost')!;
    const simgrid = find(size, 'SimGrid');
    const goal = GOALS[size] === undefined ? '-' : `${GOALS[size]} x`;
    return `| ${size} | ${ours.cpuSeconds.toFixed(2)} | ${times(simgrid, ours)} | ${times(find(size, 'SimGrid, cpu/optim:Full'), ours)} | ${goal} |`;
  });
  const loops = sizes.map((size) => {
    const ours = find(size, 'hvhost')!;
    const simgrid = find(size, 'SimGrid');
    const cells = ['bare loop', 'accounted loop'].flatMap((who) => {
      const loop = find(size, who)!;
      const toSimgrid = simgrid === undefined ? '-' : `${(simgrid.cpuSeconds / loop.cpuSeconds).toFixed(0)} x`;
      return [`${loop.cpuSeconds.toFixed(2)} (${(ours.cpuSeconds / loop.cpuSeconds).toFixed(1)} x faster)`, toSimgrid];
    });
    return `| ${size} | ${ours.cpuSeconds.toFixed(2)} | ${cells.join(' | ')} |`;
  });
  const fluids = sizes.map((size) => {
    const ideal = find(size, 'ideal')!;
    const goal = IDEAL_GOALS[size] === undefined ? '-' : `${IDEAL_GOALS[size]} x`;
    return `| ${size} | ${million(ideal.events)} M | ${ideal.cpuSeconds.toFixed(2)} | ${million(rate(ideal), 2)} M | ${times(find(size, 'SimGrid'), ideal)} | ${times(find(size, 'SimGrid, cpu/optim:Full'), ideal)} | ${goal} |`;
  });
  const whole = definitions.map(({ name, seconds }) => {
    const { events, cpuSeconds } = find(name, 'hvhost')!;
    return `| [${name}](../../examples/${name}.hvhost) | ${seconds} | ${million(events, 2)} M | ${cpuSeconds.toFixed(2)} | ${million(events / cpuSeconds, 2)} M | ${(seconds / cpuSeconds).toFixed(0)} |`;
  });
  const timers = find('M/M/8', 'hvhost')!;
  const simjs = find('M/M/8', 'simjs')!;

  return `# The engine's dispatcher, and others beside it

Written by \`npm run bench:engine\`. Rounds: ${rounds}, the middle one is shown, each in a process of its own, all in turn. CPU seconds are
of the process, for an hour of virtual time. ${computer}; its load was ${least} to ${most}.

**HV-1H**: children with one VP each and limits of 100, 50, 25 and 75 % in turn compute for 50 to 150 ms and sleep for 50 to 150 ms.
Here real slices of 10 ms are dispatched, and limits are budgets of 100 ms.

| children x LPs | dispatches | timer events + dispatches | CPU seconds | a second | all rounds | 5 M a second |
|---|---|---|---|---|---|---|
${dispatcher.join('\n')}

While nobody waits, slices end unseen: on the host with room (100 x 64) that leaves out more than half of them. On the two hosts
that are full, VPs take turns every 10 ms: there every slice end is a dispatch, and nothing can be left out.

## The same work elsewhere

**SimGrid** (\`peers/simgrid-hv1h.cpp\`, where libsimgrid-dev and g++ are installed) is a fluid without slices, with limits as
rates: it does less. Its largest run is 120 s taken times 30.

| children x LPs | hvhost | SimGrid | SimGrid, cpu/optim:Full | goal |
|---|---|---|---|---|
${beside.join('\n')}

**What a program for this work alone takes.** The **bare loop** (\`bare-loop.ts\`) is round robin in slices of 10 ms with budgets of
100 ms and nothing else: no weights, no accounts, no trace. The **accounted loop** (\`accounted-loop.ts\`) is a single loop that keeps
what a dispatcher has to keep as well: weights in a line sorted by run time, what each VP, LP, state and switch took, the hash of
the trace; but one policy, and no reserves, division of periods, affinity, SMT, NUMA, groups or pins. How much faster than SimGrid
they are bounds what a general dispatcher of real slices could reach in this language.

| children x LPs | hvhost | bare loop | to SimGrid | accounted loop | to SimGrid |
|---|---|---|---|---|---|
${loops.join('\n')}

**Ideal (a fluid, as SimGrid is one)**: \`scheduler ideal\` (\`hv1h-ideal.ts\`) does just what SimGrid does, with limits as rates. Events
are ends of computing and of sleeping.

| children x LPs | events | CPU seconds | a second | SimGrid | SimGrid, cpu/optim:Full | goal |
|---|---|---|---|---|---|---|
${fluids.join('\n')}

## Whole definitions

The examples as \`hvhost run\` runs them, with everything on: guests that boot, requests that go over VMBus byte by byte, devices, memory,
counters, audits. Here an event is a timer's; the work between two of them is mostly that of drivers. CPU seconds are those of a
fresh process, its first second slow as V8 begins; the boot of the host and its children is in them.

| definition | virtual seconds | timer events | CPU seconds | events a second | virtual seconds for one of CPU |
|---|---|---|---|---|---|
${whole.join('\n')}

## A library for discrete-event simulation

Eight servers at a load of 90 % (M/M/8), arrivals and departures a second, on the engine's timers and on simjs 2.0.3 of npm.
simscript 1.0.37, the other one that could be installed, did 39 to 47 thousand when it was tried.

| | a second | |
|---|---|---|
| hvhost | ${million(rate(timers), 1)} M | ${(rate(timers) / rate(simjs)).toFixed(1)} x |
| simjs | ${million(rate(simjs), 1)} M | 1 |
`;
}

function middle(figures: Figures[]): Figures {
  const sorted = [...figures].sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

function rate({ events, cpuSeconds }: Figures): number {
  return events / cpuSeconds;
}

function million(count: number, digits = 1): string {
  return (count / 1e6).toFixed(digits);
}
