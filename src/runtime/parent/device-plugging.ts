import { adapterHotPlugObstacle, diskHotPlugObstacle } from '../../model/catalog/hot-plug.js';
import type { HostParts } from '../host-parts.js';
import type { ChildMachine } from './child-machine.js';

/** What can be taken out of a child. */
export type PluggedKind = 'nic' | 'disk';

/** Takes network adapters and disks out of a child and puts them back, while its guest runs or while it is off. */
export class DevicePlugging {
  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
  ) {}

  /** The guest hears of it by a rescinded offer or from its controller; what it has under way there fails. */
  unplug(kind: PluggedKind, index: number): void {
    const { residence, devices, adapters, child } = this.machine;
    const out = residence.unplugged[kind];
    if (out.has(index) || !this.mayChange(kind, index)) return;
    out.add(index);
    this.report(kind, index, 'unplugged');
    if (devices === null) return;
    if (kind === 'disk') {
      devices.diskDevice(index)?.unplug(child.disks[index]!);
      return;
    }
    adapters[index]?.unplug();
    const device = devices.adapterDevice(index);
    if (device) devices.bus.rescind(device);
  }

  /** The guest hears of it by a new offer or from its controller. */
  plugIn(kind: PluggedKind, index: number): void {
    const { residence, devices, adapters, child } = this.machine;
    const out = residence.unplugged[kind];
    if (!out.has(index) || !this.mayChange(kind, index)) return;
    out.delete(index);
    this.report(kind, index, 'plugged in');
    if (devices === null) return;
    if (kind === 'disk') {
      devices.diskDevice(index)?.plugIn(child.disks[index]!);
      return;
    }
    adapters[index]?.plugIn();
    const device = devices.adapterDevice(index);
    if (device) devices.bus.offer(device);
  }

  private mayChange(kind: PluggedKind, index: number): boolean {
    const obstacle = this.obstacle(kind, index);
    if (obstacle === null) return true;
    this.report(kind, index, 'stays as it is', obstacle);
    return false;
  }

  private obstacle(kind: PluggedKind, index: number): string | null {
    const { child, devices, state, saved, relocation } = this.machine;
    const device = kind === 'nic' ? child.nics[index] : child.disks[index];
    if (device === undefined) return `the child has no such ${kind === 'nic' ? 'adapter' : 'disk'}`;
    if (saved.exists) return 'the child is saved';
    if (devices === null) return null;
    if (state !== 'running' || relocation.transit !== null) return `the child is ${state}`;
    const { architecture, release } = this.parts.model.hypervisor;
    const legacy = child.kind === 'legacy';
    if ('controller' in device)
      return diskHotPlugObstacle({ architecture, release, ide: legacy || device.controller === 'ide' });
    const { generation } = child;
    return adapterHotPlugObstacle({ architecture, release, generation, legacy: legacy || device.kind === 'legacy' });
  }

  private report(kind: PluggedKind, index: number, what: string, detail?: string): void {
    const { parts, machine } = this;
    parts.log.record('life', machine.name, `${kind} ${index + 1} ${what}`, detail === undefined ? {} : { detail });
  }
}
