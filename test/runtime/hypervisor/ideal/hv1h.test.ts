import assert from 'node:assert/strict';
import { OnOffGuests } from '../../../../bench/engine/on-off-guests.js';
import { IdealProcessors } from '../../../../src/runtime/hypervisor/ideal-processors.js';
import { VirtualProcessors } from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { Timers } from '../../../../src/runtime/timers.js';

/** Computes by limit, and sleeps; from a program that works out the rates of all at every event, in floating point. */
const EXACT = [
  { children: 100, cores: 16, seconds: 20, computes: [784, 799, 795, 789], sleeps: 3157 },
  { children: 100, cores: 32, seconds: 20, computes: [1855, 1662, 1001, 1848], sleeps: 6334 },
  { children: 100, cores: 64, seconds: 60, computes: [7473, 5040, 2995, 6450], sleeps: 21_922 },
  { children: 1000, cores: 64, seconds: 20, computes: [3092, 3093, 3086, 3091], sleeps: 12_307 },
];

describe('HV-1H on ideal processors', () => {
  for (const { children, cores, seconds, computes, sleeps } of EXACT) {
    it(`does what a fluid does with ${children} children on ${cores} LPs, to the last burst`, () => {
      const timers = new Timers();
      const vps = new VirtualProcessors(children);
      const lps = new IdealProcessors(timers, vps, cores);
      const guests = new OnOffGuests(timers, vps, lps, children);
      lps.divide();
      guests.play(seconds);
      assert.deepEqual(guests.computes, computes);
      assert.equal(guests.sleeps, sleeps);
    });
  }
});
