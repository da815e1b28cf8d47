import { AbsentAdapter } from '../child/absent-adapter.js';
import type { EmulatedDriver } from '../child/emulated-driver.js';
import type { GuestDevice } from '../child/guest-device.js';
import { IncomingRequests } from '../child/incoming-requests.js';
import { VirtualFunction } from '../child/virtual-function.js';
import type { DeviceEmulator } from './device-emulator.js';
import type { DeviceSite } from './device-site.js';
import { emulatedAdapter, emulatedReceiver } from './emulated-devices.js';
import type { VirtualAdapter } from './network/virtual-adapter.js';
import { workAdapterOf } from './network/work-adapter.js';
import type { SyntheticDevice } from './synthetic-device.js';
import { networkDevice } from './synthetic-devices.js';

/** What connects a running child to the network. */
export interface ChildNetwork {
  /** Its synthetic adapters. */
  synthetic: readonly SyntheticDevice[];
  /** The device of an adapter, counted among those of the child; null: it is emulated. */
  deviceOf: (adapter: number) => SyntheticDevice | null;
  /** Drivers of its guest beside those of the synthetic adapters. */
  drivers: readonly GuestDevice[];
  /** The driver through which its work sends. */
  send: (local: number) => GuestDevice | null;
  /** Null where requests come to the guest out of nothing. */
  incoming: IncomingRequests | null;
}

/** Connects the adapters of a child; the VP takes their interrupts, and `settled` hears of each synthetic one. */
export function connectNetwork(
  site: DeviceSite,
  emulator: DeviceEmulator,
  vp: number,
  settled: () => void,
): ChildNetwork {
  const { parts, child, adapters, guest } = site;
  const workIndex = workAdapterOf(parts.model, child);
  const workAdapter = adapters[workIndex];
  const emulated = adapters.filter((adapter) => isEmulated(site, adapter));
  const others = child.kind === 'legacy' ? [] : adapters.filter(({ nic }) => nic.kind === 'synthetic');
  const functions = others.map(({ nic }, i) => (nic.sriov ? virtualFunction(site, others[i]!, vp) : null));
  const synthetic = others.map((adapter, i) => networkDevice(site, adapter, i, vp, settled, functions[i]!));

  const receivers = emulated.map((adapter) => emulatedReceiver(site, adapter, emulator, vp));
  for (const receiver of receivers) receiver.start();
  const sender: EmulatedDriver | null =
    workAdapter && emulated.includes(workAdapter) ? emulatedAdapter(site, workAdapter, emulator, vp) : null;
  const absent = new AbsentAdapter(guest);
  const place = workAdapter ? others.indexOf(workAdapter) : -1;
  const [device, direct] = [synthetic[place], functions[place]];
  const entrance = adapters.find(({ isOpen }) => isOpen);
  const requestBytes = child.workload?.receiveBytes ?? 0;
  return {
    synthetic,
    deviceOf: (adapter) => synthetic[others.indexOf(adapters[adapter]!)] ?? null,
    drivers: [...receivers, ...functions, sender, absent].filter((driver) => driver !== null),
    send: (local) => {
      if (sender) return sender;
      const client = device?.clientFor(local) ?? null;
      if (client === null) return device?.client.wasReady || site.unplugged.has(workIndex) ? absent : null;
      return client && direct && workAdapter?.isDirect ? direct : client;
    },
    incoming: entrance && requestBytes > 0 ? new IncomingRequests(guest, entrance, requestBytes) : null,
  };
}

function isEmulated({ child }: DeviceSite, { nic }: VirtualAdapter): boolean {
  return child.kind === 'legacy' || nic.kind === 'legacy';
}

function virtualFunction(
  { parts: { costs }, guest }: DeviceSite,
  adapter: VirtualAdapter,
  vp: number,
): VirtualFunction {
  return new VirtualFunction(guest, adapter, vp, {
    send: costs.get('vf-send'),
    interrupt: costs.get('vsc-interrupt'),
    frame: costs.get('vf-receive'),
    delivery: costs.get('vf-interrupt'),
  });
}
