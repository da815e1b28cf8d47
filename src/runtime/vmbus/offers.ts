/** Class GUIDs of what a parent offers (Linux tools/hv/lsvmbus, include/linux/hyperv.h). */
export const OFFERS = {
  network: { guid: 'f8615163-df3e-46c5-913f-f2d2f965ed0e', title: 'synthetic network adapter' },
  scsi: { guid: 'ba6163d9-04a1-4d29-b605-72e2ffb1dc7f', title: 'synthetic SCSI controller' },
  ide: { guid: '32412632-86cb-44a2-9b5c-50d1417354f5', title: 'synthetic IDE controller' },
  video: { guid: 'da0a7802-e377-4aac-8e77-0558eb1073f8', title: 'synthetic framebuffer adapter' },
  keyboard: { guid: 'f912ad6d-2b17-48ea-bd65-f927a61c7684', title: 'synthetic keyboard' },
  mouse: { guid: 'cfa8b69e-5b4a-4cc0-b98b-8ba1a1f3f95a', title: 'synthetic mouse' },
  heartbeat: { guid: '57164f39-9115-4e78-ab55-382f3bd5422d', title: 'heartbeat' },
  shutdown: { guid: '0e0b6031-5213-4934-818b-38d90ced39db', title: 'operating system shutdown' },
} as const;

export type OfferKind = keyof typeof OFFERS;
