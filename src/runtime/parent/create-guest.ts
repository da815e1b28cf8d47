import type { Child } from '../../model/host-model.js';
import type { GuestCosts } from '../child/guest-costs.js';
import { InterruptedRequests } from '../child/interrupted-requests.js';
import { ModelledGuest } from '../child/modelled-guest.js';
import { Paging } from '../child/paging.js';
import { ReadyRequests } from '../child/ready-requests.js';
import { RequestBursts } from '../child/request-bursts.js';
import { RequestLife } from '../child/request-life.js';
import { type GuestDevices, RequestStages } from '../child/request-stages.js';
import { Requests } from '../child/requests.js';
import { ServiceTimes } from '../child/service-times.js';
import type { WorkListener } from '../child/work-listener.js';
import type { HostParts } from '../host-parts.js';

/** What a guest depends on that comes after it, or changes while it runs. */
export interface GuestSite extends WorkListener {
  drivers(): GuestDevices;
  /** The disk failed the operating system itself. */
  systemFailed(): void;
  /** Share of the memory it needs, up to 1, that it has not. */
  missingShare(): number;
}

/** The modelled guest of a child whose VPs begin at `firstVp`, with the costs that this host has for it. */
export function createGuest(parts: HostParts, child: Child, firstVp: number, site: GuestSite): ModelledGuest {
  const costs = guestCosts(parts, child);
  return new ModelledGuest(
    parts.timers,
    parts.lps,
    parts.vps,
    firstVp,
    child.processors.count,
    createRequests(parts, child, firstVp, costs, site),
    costs,
    parts.exits,
    () => site.systemFailed(),
    parts.timeline,
  );
}

function guestCosts({ costs, architecture, model }: HostParts, child: Child): GuestCosts {
  const { devices } = architecture;
  return {
    workload: costs.get('workload'),
    memory: costs.get(model.hardware.processor.slat ? 'memory-slat' : 'memory-shadow'),
    exit: costs.get(devices.exit),
    kick: costs.get(devices.kick),
    injection: costs.get(devices.interrupt),
    pageFault: costs.get('page-fault'),
    adapter: child.kind === 'xen' && devices.xenAdapter ? costs.get('hypercall-adapter') : null,
  };
}

function createRequests(
  { timers, lps, vps, costs: ledger, seed }: HostParts,
  child: Child,
  firstVp: number,
  costs: GuestCosts,
  site: GuestSite,
): RequestLife {
  const { count } = child.processors;
  const workload = child.workload ?? null;
  const rows = new Requests();
  const stages = new RequestStages(rows, workload, {
    read: (local) => site.drivers().read(local),
    write: (local) => site.drivers().write(local),
    send: (local) => site.drivers().send(local),
  });
  const serviceTimes = new ServiceTimes(workload, seed, child.name);
  return new RequestLife(
    timers,
    rows,
    stages,
    new RequestBursts(rows, stages, serviceTimes, costs, lps),
    new ReadyRequests(lps, vps, firstVp, count),
    new InterruptedRequests(count),
    new Paging(ledger, () => site.missingShare()),
    site,
  );
}
