import { addressPlan } from '../../model/address-plan.js';
import type { AbsentDevice } from '../child/absent-device.js';
import type { EmulatedDriver } from '../child/emulated-driver.js';
import type { GuestDevice } from '../child/guest-device.js';
import { IncomingRequests } from '../child/incoming-requests.js';
import { NetworkStack } from '../child/network-stack.js';
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

/** Connects the adapters of a child; the VP takes their interrupts, and `settled` hears of each synthetic one. `absent` is used instead of one that was taken out. */
export function connectNetwork(
  site: DeviceSite,
  emulator: DeviceEmulator,
  vp: number,
  settled: () => void,
  absent: AbsentDevice,
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
  // Who is asked by machine children answers by each of its adapters, not only by the one of its work.
  const senders = new Map<VirtualAdapter, EmulatedDriver>(
    emulated
      .filter((adapter) => adapter === workAdapter || adapter.isBridged)
      .map((adapter) => [adapter, emulatedAdapter(site, adapter, emulator, vp)]),
  );
  const driverOf = (adapter: VirtualAdapter, local: number): GuestDevice | null => {
    const at = others.indexOf(adapter);
    if (at < 0) return senders.get(adapter) ?? null;
    const client = synthetic[at]!.clientFor(local);
    return (client && adapter.isDirect && functions[at]) || client;
  };
  if (adapters.some(({ isBridged }) => isBridged)) answerMachines(site, vp, driverOf);

  const workDevice = workAdapter ? synthetic[others.indexOf(workAdapter)] : undefined;
  const isGone = () => workDevice?.client.wasReady === true || site.unplugged.nic.has(workIndex);
  const entrance = adapters.find(({ isOpen }) => isOpen);
  const requestBytes = child.workload?.receiveBytes ?? 0;
  return {
    synthetic,
    deviceOf: (adapter) => synthetic[others.indexOf(adapters[adapter]!)] ?? null,
    drivers: [...receivers, ...functions, ...senders.values()].filter((driver) => driver !== null),
    send: (local) => {
      const driver = workAdapter ? driverOf(workAdapter, local) : null;
      return driver === null && isGone() ? absent : driver;
    },
    incoming: entrance && requestBytes > 0 ? new IncomingRequests(guest.requests, entrance, requestBytes) : null,
  };
}

/** Its guest has a network stack for what machine children send it; so many bytes as a request has are one. */
function answerMachines(
  { parts, child, adapters, guest, asked }: DeviceSite,
  vp: number,
  driverOf: (adapter: VirtualAdapter, local: number) => GuestDevice | null,
): void {
  const stack = new NetworkStack();
  const requestBytes = child.workload?.receiveBytes ?? Number.POSITIVE_INFINITY;
  let receivedBytes = 0;
  const received = (bytes: number) => {
    for (receivedBytes += bytes; receivedBytes >= requestBytes; receivedBytes -= requestBytes) asked();
  };
  for (const adapter of adapters.filter(({ isBridged }) => isBridged)) {
    const planned = addressPlan(parts.model, adapter.nic.switch)?.adapters.find(({ mac }) => mac === adapter.mac);
    stack.add(adapter.mac, {
      address: planned?.ipv4 ?? null,
      driver: () => driverOf(adapter, vp),
      defer: (driver, transfer, done) => guest.defer(vp, driver, transfer, done),
      received,
    });
    adapter.use(stack);
  }
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
