/**
 * Classes of devices that a parent offers over VMBus: what a guest's driver looks for.
 * Source: the identifiers that lsvmbus and include/linux/hyperv.h of the Linux kernel list.
 */
export const VMBUS_CLASSES = {
  network: 'f8615163-df3e-46c5-913f-f2d2f965ed0e',
  scsi: 'ba6163d9-04a1-4d29-b605-72e2ffb1dc7f',
  /** The accelerator of the emulated controller, once its driver is loaded. */
  ide: '32412632-86cb-44a2-9b5c-50d1417354f5',
  video: 'da0a7802-e377-4aac-8e77-0558eb1073f8',
  keyboard: 'f912ad6d-2b17-48ea-bd65-f927a61c7684',
  mouse: 'cfa8b69e-5b4a-4cc0-b98b-8ba1a1f3f95a',
  heartbeat: '57164f39-9115-4e78-ab55-382f3bd5422d',
  keyValueExchange: 'a9a0f4e7-5a45-4d96-b827-8a841e8c03e6',
  shutdown: '0e0b6031-5213-4934-818b-38d90ced39db',
  timeSynchronization: '9527e630-d0ae-497b-adce-e80ab0175caf',
  backup: '35fa2e29-ea23-4236-96ae-3a6ebacba440',
  dynamicMemory: '525074dc-8985-46e2-8057-a307dc18a502',
  guestServices: '34d14be3-dee4-41c8-9ae7-6b174977c192',
} as const;
