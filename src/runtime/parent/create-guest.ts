import type { Child } from '../../model/host-model.js';
import { ModelledGuest } from '../child/modelled-guest.js';
import { Paging } from '../child/paging.js';
import type { GuestDevices } from '../child/request-stages.js';
import { ServiceTimes } from '../child/service-times.js';
import type { HostParts } from '../host-parts.js';

/** What a guest depends on that comes after it, or changes while it runs. */
export interface GuestSite {
  drivers(): GuestDevices;
  /** A request has been answered. */
  answered(latencyNs: number): void;
  /** A request ended with an error of a device. */
  failed(): void;
  /** The disk failed the operating system itself. */
  systemFailed(): void;
  /** Share of the memory it needs, up to 1, that it has not. */
  missingShare(): number;
}

/** The modelled guest of a child whose VPs begin at `firstVp`, with the costs that this host has for it. */
export function createGuest(parts: HostParts, child: Child, firstVp: number, site: GuestSite): ModelledGuest {
  const { costs } = parts;
  const { devices } = parts.architecture;
  const { slat } = parts.model.hardware.processor;
  const workload = child.workload ?? null;
  return new ModelledGuest(
    parts.timers,
    parts.lps,
    parts.vps,
    firstVp,
    child.processors.count,
    workload,
    new ServiceTimes(workload, parts.seed, child.name),
    {
      workload: costs.get('workload'),
      memory: costs.get(slat ? 'memory-slat' : 'memory-shadow'),
      exit: costs.get(devices.exit),
      kick: costs.get(devices.kick),
      injection: costs.get(devices.interrupt),
      pageFault: costs.get('page-fault'),
      adapter: child.kind === 'xen' && devices.xenAdapter ? costs.get('hypercall-adapter') : null,
    },
    parts.exits,
    {
      read: (local) => site.drivers().read(local),
      write: (local) => site.drivers().write(local),
      send: (local) => site.drivers().send(local),
    },
    site,
    new Paging(costs, () => site.missingShare()),
    parts.timeline,
  );
}
