import type { Processors } from '../hypervisor/processors.js';
import type { GuestCosts } from './guest-costs.js';
import { type RequestStages, Stage } from './request-stages.js';
import type { Requests } from './requests.js';
import type { ServiceTimes } from './service-times.js';

/** How long the requests of a guest compute between two things they do. */
export class RequestBursts {
  constructor(
    private readonly requests: Requests,
    private readonly stages: RequestStages,
    private readonly serviceTimes: ServiceTimes,
    private readonly costs: GuestCosts,
    private readonly lps: Processors,
  ) {}

  /** Charges the next burst of a request on a VP, `local` within the guest; what is left of one that began on another host comes first. At least 1 ns. */
  begin(local: number, vp: number, request: number): number {
    const { requests, stages, costs, lps } = this;
    const restNs = requests.restNs[request]!;
    if (restNs > 0) {
      requests.restNs[request] = 0;
      return costs.workload.chargeNs(restNs, 0);
    }
    let ns = stages.deviceFor(request, local)?.issueNs() ?? 0;
    if (stages.pagesNext(request)) ns += costs.pageFault.charge();
    if (requests.stage[request] === Stage.Compute) {
      const computeNs = costs.workload.chargeNs(this.serviceTimes.nextNs());
      const translationNs = Math.round((computeNs * costs.memory.amount) / 100);
      ns += computeNs;
      if (translationNs > 0) ns += lps.chargeHypervisor(vp, costs.memory.chargeNs(translationNs));
    }
    return ns > 0 ? ns : costs.workload.chargeNs(1);
  }
}
