import { IdealProcessors } from '../../../../src/runtime/hypervisor/ideal-processors.js';
import type { SmtCost } from '../../../../src/runtime/hypervisor/smt.js';
import { VirtualProcessors } from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { type Habit, HabitualGuests } from '../habitual-guests.js';

/** Ideal processors with one VP for each habit, and nothing else. */
export class IdealBench extends HabitualGuests {
  readonly vps: VirtualProcessors;
  readonly lps: IdealProcessors;

  constructor(lpCount: number, habits: readonly Habit[], smt: SmtCost | null = null) {
    super(habits);
    this.vps = new VirtualProcessors(habits.length);
    this.lps = new IdealProcessors(this.timers, this.vps, lpCount, smt);
    habits.forEach(({ reserve = 0, limit = 1, weight = 100 }, partition) => {
      this.vps.add(partition, 1, { reserve, limit, weight }, this);
    });
    this.addTimers();
    this.lps.divide();
    this.begin();
  }
}
