import type { HostParts } from '../../host-parts.js';
import { hasShutdownService } from '../../vmbus/offers.js';
import type { ChildMachine } from '../child-machine.js';

/** Asks the guest of one child to go down, where it has the service for it; else the machine is turned off. */
export class CleanShutdown {
  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
  ) {}

  begin(): void {
    const { parts, machine } = this;
    const { child } = machine;
    if (machine.state === 'saving' || machine.state === 'saved') return;
    machine.relocation.break('it is shut down');
    if (machine.state !== 'running') {
      machine.turnOff('stopped before it ran');
      return;
    }
    if (child.kind === 'legacy' || !hasShutdownService(child)) {
      machine.turnOff('no shutdown service in the guest: turned off');
      return;
    }
    machine.setState('stopping');
    machine.work.stop();
    parts.log.record('life', machine.name, 'shutdown requested', { detail: 'by the shutdown service' });
    const { services } = machine.devices!;
    if (services === null) this.goDown();
    else services.requestShutdown(() => machine.turnOff('the shutdown service did not answer: turned off'));
  }

  /** The guest has agreed. */
  goDown(): void {
    const { machine } = this;
    const cost = this.parts.costs.get('guest-shutdown');
    // At least 1 ns, so that its VP has something to run.
    machine.guest!.runSystem(cost.chargeNs(Math.max(1, cost.amount)), () =>
      machine.devices!.bus.unload(() => machine.turnOff('shut down')),
    );
  }
}
