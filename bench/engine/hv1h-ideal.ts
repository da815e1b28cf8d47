/**
 * The workload HV-1H on the ideal scheduler: a fluid, with limits as rates, as in the definition of the workload. For an hour the
 * exact numbers are known: they are printed beside.
 *
 *   npx tsx bench/engine/hv1h-ideal.ts [children] [LPs] [seconds]
 */
import { IdealProcessors } from '../../src/runtime/hypervisor/ideal-processors.js';
import { VirtualProcessors } from '../../src/runtime/hypervisor/virtual-processors.js';
import { Timers } from '../../src/runtime/timers.js';
import { cpuSecondsSince, print } from './figures.js';
import { sizes } from './on-off.js';
import { OnOffGuests } from './on-off-guests.js';

/** Computes and sleeps of an hour, exactly: from a program of its own, in floating point. */
const EXACT: Readonly<Record<string, readonly [computes: number, sleeps: number]>> = {
  '100 x 16': [576_037, 576_027],
  '100 x 32': [1_150_414, 1_150_377],
  '100 x 64': [1_315_654, 1_315_615],
  '1000 x 64': [2_303_397, 2_303_330],
};

const { children, lps: cores, seconds } = sizes();
const timers = new Timers();
const vps = new VirtualProcessors(children);
const lps = new IdealProcessors(timers, vps, cores);
const guests = new OnOffGuests(timers, vps, lps, children);
lps.divide();

const began = process.cpuUsage();
guests.play(seconds);
const cpuSeconds = cpuSecondsSince(began);

const computes = guests.computed;
const exact = seconds === 3600 ? EXACT[`${children} x ${cores}`] : undefined;
const beside = exact ? ` (exact ${exact[0]}, off by ${computes - exact[0]})` : '';
const sleepsBeside = exact ? ` (off by ${guests.sleeps - exact[1]})` : '';
print(
  `HV-1H ${children} x ${cores}, ${seconds} s, ideal: computes ${computes}${beside} ${JSON.stringify(guests.computes)}, ` +
    `sleeps ${guests.sleeps}${sleepsBeside}, utilisation ${guests.utilisation.toFixed(5)}, trace ${timers.traceHash()}`,
  { events: computes + guests.sleeps, cpuSeconds },
);
