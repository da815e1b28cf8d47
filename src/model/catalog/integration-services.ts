import { VMBUS_CLASSES } from './vmbus-classes.js';

/** Integration services by the names of Get-VMIntegrationService, and the VMBus class each is offered under. */
export interface IntegrationService {
  title: string;
  classId: string;
  onByDefault: boolean;
}

/** Source: Microsoft Learn, Manage Hyper-V Integration Services. */
export const INTEGRATION_SERVICES: readonly IntegrationService[] = [
  { title: 'Heartbeat', classId: VMBUS_CLASSES.heartbeat, onByDefault: true },
  { title: 'Key-Value Pair Exchange', classId: VMBUS_CLASSES.keyValueExchange, onByDefault: true },
  { title: 'Shutdown', classId: VMBUS_CLASSES.shutdown, onByDefault: true },
  { title: 'Time Synchronization', classId: VMBUS_CLASSES.timeSynchronization, onByDefault: true },
  { title: 'VSS', classId: VMBUS_CLASSES.backup, onByDefault: true },
  { title: 'Guest Service Interface', classId: VMBUS_CLASSES.guestServices, onByDefault: false },
];
