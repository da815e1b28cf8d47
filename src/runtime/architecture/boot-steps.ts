import type { CostId } from '../../model/catalog/costs.js';
import type { HostModel } from '../../model/host-model.js';
import type { HostPhase } from '../../protocol/snapshot.js';
import type { BootStep } from './architecture.js';

const step =
  (phase: HostPhase, cost: CostId) =>
  (title: string, detail?: string): BootStep => ({ phase, title, detail, cost });

/** Makes the steps of a boot. */
export function bootSteps() {
  return {
    firmware: () => step('firmware', 'boot-firmware')('firmware'),
    metal: step('metal', 'boot-metal'),
    role: step('role-install', 'boot-role'),
    launch: step('hypervisor', 'boot-launch'),
    root: step('root', 'boot-root'),
    service: step('services', 'boot-service'),
    reboot: (title: string): BootStep => ({ phase: 'reboot', title, cost: null }),
  };
}

/** The switches of a host, as the last service that starts. */
export function switchNames(model: HostModel): string {
  return model.switches.map(({ name }) => name).join(', ') || 'none';
}
