import { VMBUS_CLASSES } from './vmbus-classes.js';

/**
 * Integration services by the names of Get-VMIntegrationService, the VMBus class each is offered under, and the component
 * its Id ends with. Windows translates the names, the components it does not.
 */
export interface IntegrationService {
  title: string;
  classId: string;
  componentId: string;
  onByDefault: boolean;
}

/** Source: Microsoft Learn, Manage Hyper-V Integration Services; the components: published administrators' scripts (secondary). */
export const INTEGRATION_SERVICES: readonly IntegrationService[] = [
  {
    title: 'Heartbeat',
    componentId: '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47',
    classId: VMBUS_CLASSES.heartbeat,
    onByDefault: true,
  },
  {
    title: 'Key-Value Pair Exchange',
    componentId: '2A34B1C2-FD73-4043-8A5B-DD2159BC743F',
    classId: VMBUS_CLASSES.keyValueExchange,
    onByDefault: true,
  },
  {
    title: 'Shutdown',
    componentId: '9F8233AC-BE49-4C79-8EE3-E7E1985B2077',
    classId: VMBUS_CLASSES.shutdown,
    onByDefault: true,
  },
  {
    title: 'Time Synchronization',
    componentId: '2497F4DE-E9FA-4204-80E4-4B75C46419C0',
    classId: VMBUS_CLASSES.timeSynchronization,
    onByDefault: true,
  },
  {
    title: 'VSS',
    componentId: '5CED1297-4598-4915-A5FC-AD21BB4D02A4',
    classId: VMBUS_CLASSES.backup,
    onByDefault: true,
  },
  {
    title: 'Guest Service Interface',
    componentId: '6C09BB55-D683-4DA0-8931-C9BF705F6480',
    classId: VMBUS_CLASSES.guestServices,
    onByDefault: false,
  },
];
