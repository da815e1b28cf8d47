/**
 * The workload HV-1H on the engine's own dispatcher and scheduler, with real slices.
 *
 *   npx tsx bench/engine/hv1h.ts [children] [LPs] [seconds] [slice ms] [period ms]
 *
 * Every child has one VP with a limit of 100, 50, 25 or 75 % and alternates computing (50 to 150 ms) with
 * sleeping (50 to 150 ms), drawn from its own generator. Limits are budgets of a period.
 */
import { ClassicScheduler } from '../../src/runtime/hypervisor/classic-scheduler.js';
import { LogicalProcessors } from '../../src/runtime/hypervisor/logical-processors.js';
import { VirtualProcessors } from '../../src/runtime/hypervisor/virtual-processors.js';
import { Timers } from '../../src/runtime/timers.js';
import { cpuSecondsSince, print } from './figures.js';
import { sizes } from './on-off.js';
import { OnOffGuests } from './on-off-guests.js';

const { children, lps: cores, seconds, sliceMs, periodMs } = sizes();
const timers = new Timers();
const vps = new VirtualProcessors(children);
const lps = new LogicalProcessors(timers, vps, cores, { amount: 0, count: 0, totalNs: 0 });
const guests = new OnOffGuests(timers, vps, lps, children);
lps.use(
  new ClassicScheduler(timers, vps, lps, {
    sliceNs: sliceMs * 1e6,
    minimumSliceNs: sliceMs * 1e6,
    periodNs: periodMs * 1e6,
    wakeBonusNs: 10e6,
    wakeGranularityNs: 1e6,
    remoteLeadNs: 20e6,
    memoryNs: 1e9,
    behindSlices: 2,
    entitlements: { parts: 500, near: 0.8 },
  }),
);

const began = process.cpuUsage();
guests.play(seconds);
const cpuSeconds = cpuSecondsSince(began);

const computes = guests.computed;
print(
  `HV-1H ${children} x ${cores}, ${seconds} s, slice ${sliceMs} ms, period ${periodMs} ms: ` +
    `computes ${computes} ${JSON.stringify(guests.computes)}, sleeps ${guests.sleeps}, utilisation ${guests.utilisation.toFixed(5)}, ` +
    `trace ${timers.traceHash()}`,
  { events: timers.fired + lps.dispatches, dispatches: lps.dispatches, cpuSeconds },
);
