import { ClassicScheduler } from '../hypervisor/classic-scheduler.js';
import type { Scheduler } from '../hypervisor/scheduler.js';
import type { SchedulerSite } from './architecture.js';
import { limitPeriodNs } from './limit-period.js';
import { commonLineRules } from './line-rules.js';

/**
 * The fair scheduler of a Linux kernel: least run time over weight first, slices that shrink with the number of those
 * who wait, quotas per period. The rules of the classic scheduler without reserve, with parameters of its own.
 */
export function fairScheduler({ model, costs, timers, vps, processors }: SchedulerSite): Scheduler {
  const latency = Math.max(1, costs.get('fair-latency').amount);
  return new ClassicScheduler(timers, vps, processors, {
    sliceNs: latency,
    minimumSliceNs: Math.max(1, Math.min(latency, costs.get('fair-minimum').amount)),
    periodNs: limitPeriodNs(model, costs, 'fair-period'),
    wakeBonusNs: latency / 2,
    ...commonLineRules(costs),
    wakeGranularityNs: costs.get('fair-wakeup').amount,
    entitlements: null,
  });
}
