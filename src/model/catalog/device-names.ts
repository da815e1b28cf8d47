/**
 * Names that Device Manager shows for virtual devices. Those of the drivers before Windows Server 2012 were read in the
 * article's pictures (disk, display, network, processor); the newer ones and the emulated chips are recalled.
 */
export interface DeviceName {
  title: string;
  assumed?: boolean;
}

export interface DeviceNames {
  bus: DeviceName;
  disk(emulated: boolean): DeviceName;
  nic(kind: 'synthetic' | 'legacy'): DeviceName;
  video(synthetic: boolean): DeviceName;
  ide: DeviceName;
  scsi: DeviceName;
  /** `service` is the name in INTEGRATION_SERVICES. */
  services: readonly (DeviceName & { service: string })[];
}

/** The drivers were renamed with Windows 8 and Windows Server 2012. */
export type DriverEra = 'before-2012' | 'since-2012';

export function deviceNames(era: DriverEra): DeviceNames {
  return era === 'before-2012' ? BEFORE_2012 : SINCE_2012;
}

const IDE = { title: 'Intel(R) 82371AB/EB PCI Bus Master IDE Controller', assumed: true };
const EMULATED_DISK = { title: 'Virtual HD', assumed: true };
const EMULATED_VIDEO = { title: 'S3 Trio64 VGA (emulated)', assumed: true };
const EMULATED_NIC = { title: 'Intel 21140-Based PCI Fast Ethernet Adapter (Emulated)', assumed: true };

const BEFORE_2012: DeviceNames = {
  bus: { title: 'Virtual Machine Bus', assumed: true },
  disk: (emulated) => (emulated ? EMULATED_DISK : { title: 'Msft Virtual Disk SCSI Disk Device' }),
  nic: (kind) => (kind === 'legacy' ? EMULATED_NIC : { title: 'Microsoft Virtual Machine Bus Network Adapter' }),
  video: (synthetic) => (synthetic ? { title: 'Microsoft Virtual Machine Bus Video Device' } : EMULATED_VIDEO),
  ide: IDE,
  scsi: { title: 'Microsoft Virtual SCSI Controller', assumed: true },
  services: [
    { service: 'Heartbeat', title: 'Microsoft Heartbeat Service', assumed: true },
    { service: 'Key-Value Pair Exchange', title: 'Microsoft Data Exchange Service', assumed: true },
    { service: 'Shutdown', title: 'Microsoft Guest Shutdown Service', assumed: true },
    { service: 'Time Synchronization', title: 'Microsoft Time Synchronization Service', assumed: true },
    { service: 'VSS', title: 'Microsoft Volume Shadow Copy Service', assumed: true },
  ],
};

const SINCE_2012: DeviceNames = {
  bus: { title: 'Microsoft Hyper-V Virtual Machine Bus', assumed: true },
  disk: (emulated) => (emulated ? EMULATED_DISK : { title: 'Microsoft Virtual Disk', assumed: true }),
  nic: (kind) => (kind === 'legacy' ? EMULATED_NIC : { title: 'Microsoft Hyper-V Network Adapter', assumed: true }),
  video: (synthetic) => (synthetic ? { title: 'Microsoft Hyper-V Video', assumed: true } : EMULATED_VIDEO),
  ide: IDE,
  scsi: { title: 'Microsoft Hyper-V SCSI Controller', assumed: true },
  services: [
    { service: 'Heartbeat', title: 'Microsoft Hyper-V Heartbeat', assumed: true },
    { service: 'Key-Value Pair Exchange', title: 'Microsoft Hyper-V Data Exchange', assumed: true },
    { service: 'Shutdown', title: 'Microsoft Hyper-V Guest Shutdown', assumed: true },
    { service: 'Time Synchronization', title: 'Microsoft Hyper-V Time Synchronization', assumed: true },
    { service: 'VSS', title: 'Microsoft Hyper-V Volume Shadow Copy', assumed: true },
  ],
};
