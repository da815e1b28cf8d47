/** Device Manager, partition by partition: physical devices in the parent, synthetic or emulated ones in the children. */

import { logicalProcessors } from './admission.js';
import { deviceNames } from './catalog/device-names.js';
import { findRelease } from './catalog/releases.js';
import { formatBytes } from './format.js';
import type { Child, HostModel, VirtualDisk, VirtualNic } from './host-model.js';

/** What the Device Manager of a partition shows. */
export interface DeviceTree {
  partition: string;
  categories: DeviceCategory[];
}

export interface DeviceCategory {
  /** "Disk drives", "Display adapters", … as Device Manager says it. */
  title: string;
  devices: Device[];
}

export interface Device {
  title: string;
  /** `physical`: the real driver; `synthetic`: a VSC over VMBus; `emulated`: registers trapped by the hypervisor; `platform`: neither. */
  nature: 'physical' | 'synthetic' | 'emulated' | 'platform';
  /** What stands behind it: a file, a switch. */
  detail?: string;
  /** The name is recalled, not read in a source. */
  assumed?: boolean;
}

/** The parent's tree, where there is a parent, and then the children's in order. */
export function deviceTrees(host: HostModel): DeviceTree[] {
  const children = host.children.map((child) => childTree(host, child));
  return host.parent === null ? children : [parentTree(host), ...children];
}

/** How the parent is called in trees, snapshots and events. */
export const PARENT_NAME = 'parent';

function parentTree(host: HostModel): DeviceTree {
  const { hardware } = host;
  const physical = (title: string, detail?: string): Device => ({ title, nature: 'physical', detail });
  return {
    partition: PARENT_NAME,
    categories: present([
      computer(),
      { title: 'Disk drives', devices: hardware.disks.map((disk) => physical(disk.title, formatBytes(disk.bytes))) },
      { title: 'Display adapters', devices: hardware.displays.map((display) => physical(display.title)) },
      { title: 'Network adapters', devices: hardware.nics.map((nic) => physical(nic.title, nic.name)) },
      processors(host, logicalProcessors(hardware)),
      {
        title: 'System devices',
        devices: [
          ...hardware.management.map((device) => physical(device.title)),
          {
            title: names(host).bus.title,
            nature: 'synthetic',
            detail: 'serves the VSPs',
            assumed: names(host).bus.assumed,
          },
        ],
      },
    ]),
  };
}

function childTree(host: HostModel, child: Child): DeviceTree {
  const synthetic =
    child.kind === 'enlightened' || child.kind === 'xen' || (child.kind === 'machine' && !child.boots?.bare);
  const named = names(host);
  const system: Device[] = synthetic
    ? [
        { ...named.bus, nature: 'synthetic' },
        ...named.services
          .filter((service) => !child.integrationServicesOff.includes(service.service))
          .map((service): Device => ({ title: service.title, nature: 'synthetic', assumed: service.assumed })),
      ]
    : [];
  return {
    partition: child.name,
    categories: present([
      computer(),
      { title: 'Disk drives', devices: child.disks.map((disk) => diskDrive(host, child, disk)) },
      {
        title: 'Display adapters',
        devices: [{ ...named.video(synthetic), nature: synthetic ? 'synthetic' : 'emulated' }],
      },
      { title: 'IDE ATA/ATAPI controllers', devices: ideControllers(host, child) },
      { title: 'Network adapters', devices: child.nics.map((nic) => networkAdapter(host, nic)) },
      processors(host, child.processors.count),
      { title: 'Storage controllers', devices: scsiControllers(host, child) },
      { title: 'System devices', devices: system },
    ]),
  };
}

function diskDrive(host: HostModel, child: Child, disk: VirtualDisk): Device {
  const emulated = child.kind === 'legacy';
  const name = names(host).disk(emulated);
  return {
    ...name,
    nature: emulated ? 'emulated' : 'synthetic',
    detail: `${disk.file}, ${formatBytes(disk.bytes)} on ${disk.physicalDisk}`,
  };
}

function networkAdapter(host: HostModel, nic: VirtualNic): Device {
  return {
    ...names(host).nic(nic.kind),
    nature: nic.kind === 'legacy' ? 'emulated' : 'synthetic',
    detail: `on ${nic.switch}`,
  };
}

function ideControllers(host: HostModel, child: Child): Device[] {
  if (child.generation === 2) return [];
  return [{ ...names(host).ide, nature: 'emulated' }];
}

function scsiControllers(host: HostModel, child: Child): Device[] {
  if (!child.disks.some((disk) => disk.controller === 'scsi') || child.kind === 'legacy') return [];
  return [{ ...names(host).scsi, nature: 'synthetic' }];
}

function processors(host: HostModel, count: number): DeviceCategory {
  const device: Device = { title: host.hardware.processor.title, nature: 'platform' };
  return { title: 'Processors', devices: Array.from({ length: count }, () => device) };
}

function computer(): DeviceCategory {
  return { title: 'Computer', devices: [{ title: 'ACPI x64-based PC', nature: 'platform' }] };
}

function names(host: HostModel) {
  const release = host.hypervisor.release === null ? undefined : findRelease(host.hypervisor.release);
  return deviceNames(release?.launch === 'late' ? 'before-2012' : 'since-2012');
}

function present(categories: DeviceCategory[]): DeviceCategory[] {
  return categories.filter((category) => category.devices.length > 0);
}
