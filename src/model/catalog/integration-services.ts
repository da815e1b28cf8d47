/** Integration services by the names of Get-VMIntegrationService, and the VMBus class each is offered under. */
export interface IntegrationService {
  title: string;
  classId: string;
  onByDefault: boolean;
}

/** Source: Microsoft Learn, Manage Hyper-V Integration Services; class identifiers as lsvmbus of the Linux kernel prints them. */
export const INTEGRATION_SERVICES: readonly IntegrationService[] = [
  { title: 'Heartbeat', classId: '57164f39-9115-4e78-ab55-382f3bd5422d', onByDefault: true },
  { title: 'Key-Value Pair Exchange', classId: 'a9a0f4e7-5a45-4d96-b827-8a841e8c03e6', onByDefault: true },
  { title: 'Shutdown', classId: '0e0b6031-5213-4934-818b-38d90ced39db', onByDefault: true },
  { title: 'Time Synchronization', classId: '9527e630-d0ae-497b-adce-e80ab0175caf', onByDefault: true },
  { title: 'VSS', classId: '35fa2e29-ea23-4236-96ae-3a6ebacba440', onByDefault: true },
  { title: 'Guest Service Interface', classId: '34d14be3-dee4-41c8-9ae7-6b174977c192', onByDefault: false },
];
