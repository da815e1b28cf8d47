import type { CostId } from '../../model/catalog/costs.js';
import type { HostModel } from '../../model/host-model.js';
import type { HostPhase } from '../../protocol/protocol.js';
import type { CostLedger } from '../trace/cost-ledger.js';
import type { BootStep } from './architecture.js';

/** Makes the steps of a boot; each charges its row of the cost table. */
export function bootSteps(costs: CostLedger) {
  const step =
    (phase: HostPhase, cost: CostId) =>
    (title: string, detail?: string): BootStep => ({ phase, title, detail, durationNs: costs.get(cost).charge() });
  return {
    firmware: () => step('firmware', 'boot-firmware')('firmware'),
    metal: step('metal', 'boot-metal'),
    role: step('role-install', 'boot-role'),
    launch: step('hypervisor', 'boot-launch'),
    root: step('root', 'boot-root'),
    service: step('services', 'boot-service'),
    reboot: (title: string): BootStep => ({ phase: 'reboot', title, durationNs: 0 }),
  };
}

/** The switches of a host, as the last service that starts. */
export function switchNames(model: HostModel): string {
  return model.switches.map(({ name }) => name).join(', ') || 'none';
}
