import { VMBUS_CLASSES } from '../../model/catalog/vmbus-classes.js';
import type { Child } from '../../model/host-model.js';
import type { VmbusEvent } from '../vmbus/host/vmbus-host.js';
import { offersFor } from '../vmbus/offers.js';
import { type VmbusVersion, versionText } from '../vmbus/versions.js';
import { BusProvider } from './bus-provider.js';
import { guestVersions, hostVersions } from './channel-plan.js';
import { type Binding, type ChildBus, DirectBus, MessageBus } from './child-bus.js';
import type { DeviceSite } from './device-site.js';
import { instanceId } from './synthetic-devices.js';

/** The bus of a child over which its guest's drivers find these devices. */
export function createBus(site: DeviceSite, bindings: readonly Binding[]): ChildBus {
  const { parts, child, guest, memory, backEnd } = site;
  const { architecture, costs, log, model } = parts;
  const report = (event: VmbusEvent) => {
    if (event.type === 'channel broken')
      log.record('vmbus', child.name, `channel closed: ${event.device}`, { detail: event.reason });
    if (event.type === 'message refused')
      log.record('fault', child.name, 'VMBus: a message did not reach the guest', { detail: event.reason });
  };
  if (!architecture.devices.vmbus || child.kind === 'legacy') {
    return new DirectBus(memory, bindings, ({ title }, reason) =>
      report({ type: 'channel broken', device: title, reason }),
    );
  }
  const busCosts = { message: costs.get('vmbus-message-parent'), post: costs.get('hypercall') };
  const provider = new BusProvider(child.name, backEnd, busCosts, memory, hostVersions(model), site.monitors, report);
  const connected = (version: VmbusVersion | null) =>
    version === null
      ? log.record('fault', child.name, 'VMBus: no version in common')
      : log.record('vmbus', child.name, 'VMBus version negotiated', { detail: versionText(version) });
  return new MessageBus(
    guest,
    memory,
    child.processors.count,
    provider,
    costs.get('vmbus-message-child'),
    guestVersions(child),
    [...bindings, ...unmodelledDevices(child, bindings)],
    connected,
  );
}

/** What is offered beside: nobody in a modelled guest opens it. */
function unmodelledDevices(child: Child, bindings: readonly Binding[]): Binding[] {
  const served = new Set(bindings.map(({ device }) => device.interfaceId));
  return offersFor(child)
    .filter(({ guid }) => UNMODELLED.has(guid) && !served.has(guid))
    .map(({ guid, title }, i) => ({
      device: {
        title,
        interfaceId: guid,
        instanceId: instanceId(9, i),
        messagePipe: false,
        open: () => ({ signalled: () => {}, closed: () => {} }),
      },
      driver: null,
      late: false,
    }));
}

const { network: _network, scsi: _scsi, ide: _ide, ...OTHERS } = VMBUS_CLASSES;
const UNMODELLED: ReadonlySet<string> = new Set(Object.values(OTHERS));
