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
  /** The identity is recalled or assumed, not read in a source. */
  assumed?: boolean;
}
