import { INTEGRATION_SERVICES } from '../../model/catalog/integration-services.js';
import type { Child } from '../../model/host-model.js';

/** Something the parent offers a child over VMBus. */
export interface Offer {
  /** Class of the device. */
  guid: string;
  title: string;
}

/** Device classes a parent offers (Linux tools/hv/lsvmbus, include/linux/hyperv.h). */
const DEVICES = {
  network: { guid: 'f8615163-df3e-46c5-913f-f2d2f965ed0e', title: 'synthetic network adapter' },
  scsi: { guid: 'ba6163d9-04a1-4d29-b605-72e2ffb1dc7f', title: 'synthetic SCSI controller' },
  ide: { guid: '32412632-86cb-44a2-9b5c-50d1417354f5', title: 'synthetic IDE controller' },
  video: { guid: 'da0a7802-e377-4aac-8e77-0558eb1073f8', title: 'synthetic framebuffer adapter' },
  keyboard: { guid: 'f912ad6d-2b17-48ea-bd65-f927a61c7684', title: 'synthetic keyboard' },
  mouse: { guid: 'cfa8b69e-5b4a-4cc0-b98b-8ba1a1f3f95a', title: 'synthetic mouse' },
} as const satisfies Record<string, Offer>;

/** What the parent offers a child, before any of it is opened: nothing where no driver would answer. */
export function offersFor(child: Child): Offer[] {
  if (child.kind === 'legacy') return [];
  const offers: Offer[] = [DEVICES.video, DEVICES.keyboard, DEVICES.mouse, ...servicesFor(child)];
  for (const disk of child.disks) if (disk.controller === 'ide') offers.push(DEVICES.ide);
  if (child.disks.some((disk) => disk.controller === 'scsi')) offers.push(DEVICES.scsi);
  for (const nic of child.nics) if (nic.kind === 'synthetic') offers.push(DEVICES.network);
  return offers;
}

/** Can the parent ask the guest to shut down? */
export function hasShutdownService(child: Child): boolean {
  return servicesFor(child).some(({ title }) => title === 'Shutdown');
}

/** The first components for Xen-enabled Linux had no such services (recalled). */
function servicesFor(child: Child): Offer[] {
  if (child.kind !== 'enlightened') return [];
  return INTEGRATION_SERVICES.filter(
    ({ title, onByDefault }) => onByDefault && !child.integrationServicesOff.includes(title),
  ).map(({ title, classId }) => ({ guid: classId, title }));
}
