import type { HostParts } from '../../host-parts.js';
import type { Cost } from '../../trace/cost-ledger.js';
import type { BackupAnswer } from '../backup-service.js';
import type { ChildMachine } from '../child-machine.js';

/** Lets a guest hold its writes, and go on; `heard` hears how it answered. */
export interface Freezer {
  freeze(heard: (answer: BackupAnswer) => void): void;
  thaw(heard: (answer: BackupAnswer) => void): void;
}

/** On Hyper-V the backup service asks; how the tools of other hypervisors do is not modelled, but what the guest does for it. */
export function freezer({ costs }: HostParts, machine: ChildMachine): Freezer {
  const services = machine.devices?.services;
  if (services) return services.backup;
  const computes = (cost: Cost) => (heard: (answer: BackupAnswer) => void) =>
    machine.guest!.runSystem(Math.max(1, cost.charge()), () => {
      heard('done');
      return null;
    });
  return { freeze: computes(costs.get('guest-freeze')), thaw: computes(costs.get('guest-thaw')) };
}
