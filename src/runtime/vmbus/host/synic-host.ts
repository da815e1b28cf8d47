import type { GuestMemory } from '../../child/cpu-port.js';
import { invariant } from '../../defect.js';
import { connectEvents, connectMessages, type PortTarget } from '../../hypervisor/tlfs/connections.js';
import { ROOT_PRIVILEGES } from '../../hypervisor/tlfs/privileges.js';
import { VMBUS_SINT } from './connection-ids.js';
import type { VmbusHost } from './vmbus-host.js';

/** A host whose messages and events are with the child at once. `synics`: those of the child's VPs. */
export function synicHost(memory: GuestMemory, synics: readonly PortTarget[], report: VmbusHost['report']): VmbusHost {
  const messages = connectMessages(ROOT_PRIVILEGES, synics, 0, VMBUS_SINT);
  invariant(typeof messages !== 'number', 'the root has no connection to the message port of a child');
  return {
    memory,
    messages,
    connectEvents: (vp, flag) => connectEvents(ROOT_PRIVILEGES, synics, vp, VMBUS_SINT, flag),
    report,
  };
}
