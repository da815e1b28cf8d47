import { hotPlugObstacle } from '../../model/catalog/hot-plug.js';
import type { HostParts } from '../host-parts.js';
import type { ChildMachine } from './child-machine.js';

/** Takes network adapters out of a child and puts them back, while its guest runs or while it is off. */
export class AdapterPlugging {
  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
  ) {}

  /** The guest hears of it by a rescinded offer; what it has under way there fails. */
  unplug(adapter: number): void {
    const { residence, devices, adapters } = this.machine;
    if (residence.unplugged.has(adapter) || !this.mayChange(adapter)) return;
    residence.unplugged.add(adapter);
    this.report(adapter, 'unplugged');
    if (devices === null) return;
    adapters[adapter]?.unplug();
    const device = devices.adapterDevice(adapter);
    if (device) devices.bus.rescind(device);
  }

  /** The guest hears of it by a new offer. */
  plugIn(adapter: number): void {
    const { residence, devices, adapters } = this.machine;
    if (!residence.unplugged.has(adapter) || !this.mayChange(adapter)) return;
    residence.unplugged.delete(adapter);
    this.report(adapter, 'plugged in');
    if (devices === null) return;
    adapters[adapter]?.plugIn();
    const device = devices.adapterDevice(adapter);
    if (device) devices.bus.offer(device);
  }

  private mayChange(adapter: number): boolean {
    const { machine, parts } = this;
    const obstacle = this.obstacle(adapter);
    if (obstacle === null) return true;
    parts.log.record('life', machine.name, `nic ${adapter + 1} stays as it is`, { detail: obstacle });
    return false;
  }

  private obstacle(adapter: number): string | null {
    const { machine, parts } = this;
    const { child, devices, state, saved } = machine;
    const nic = child.nics[adapter];
    if (nic === undefined) return 'the child has no such adapter';
    if (saved.exists) return 'the child is saved';
    if (devices === null) return null;
    if (state !== 'running' || machine.relocation.transit !== null) return `the child is ${state}`;
    const { architecture, release } = parts.model.hypervisor;
    const legacy = child.kind === 'legacy' || nic.kind === 'legacy';
    return hotPlugObstacle({ architecture, release, generation: child.generation, legacy });
  }

  private report(adapter: number, what: string): void {
    this.parts.log.record('life', this.machine.name, `nic ${adapter + 1} ${what}`);
  }
}
