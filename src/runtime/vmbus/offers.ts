import { INTEGRATION_SERVICES } from '../../model/catalog/integration-services.js';
import { VMBUS_CLASSES } from '../../model/catalog/vmbus-classes.js';
import type { Child } from '../../model/host-model.js';

/** Something the parent offers a child over VMBus. */
export interface Offer {
  /** Class of the device. */
  guid: string;
  title: string;
}

/** Devices a parent offers, as its boot log calls them. */
const DEVICES = {
  network: { guid: VMBUS_CLASSES.network, title: 'synthetic network adapter' },
  scsi: { guid: VMBUS_CLASSES.scsi, title: 'synthetic SCSI controller' },
  ide: { guid: VMBUS_CLASSES.ide, title: 'synthetic IDE controller' },
  video: { guid: VMBUS_CLASSES.video, title: 'synthetic framebuffer adapter' },
  keyboard: { guid: VMBUS_CLASSES.keyboard, title: 'synthetic keyboard' },
  mouse: { guid: VMBUS_CLASSES.mouse, title: 'synthetic mouse' },
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

/** Can the parent ask the guest to flush and hold its writes? */
export function hasBackupService(child: Child): boolean {
  return servicesFor(child).some(({ title }) => title === 'VSS');
}

/** The first components for Xen-enabled Linux had no such services (recalled). */
export function servicesFor(child: Child): Offer[] {
  if (child.kind !== 'enlightened') return [];
  return INTEGRATION_SERVICES.filter(
    ({ title, onByDefault }) => onByDefault && !child.integrationServicesOff.includes(title),
  ).map(({ title, classId }) => ({ guid: classId, title }));
}
