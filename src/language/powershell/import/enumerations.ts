/** Numbers of the enumerations that the cmdlets return (secondary: published bindings of the Hyper-V module). */

export const SWITCH_TYPES = { Private: 0, Internal: 1, External: 2 } as const;
export const CONTROLLER_TYPES = { IDE: 0, SCSI: 1 } as const;
export const VHD_TYPES = { Fixed: 2, Dynamic: 3, Differencing: 4 } as const;
export const VHD_FORMATS = { VHD: 2, VHDX: 3 } as const;
export const VLAN_MODES = { Untagged: 0, Access: 1, Trunk: 2, Private: 3 } as const;
export const MACHINE_STATES = { Running: 2, Off: 3, Saved: 6, Paused: 9, Suspended: 32769 } as const;

export const START_ACTIONS = { Nothing: 2, StartIfRunning: 3, Start: 4 } as const;
export const STOP_ACTIONS = { TurnOff: 2, Save: 3, ShutDown: 4 } as const;
/** Msvm_VirtualSystemGlobalSettingData of Windows Server 2008 and 2008 R2 counts otherwise (recalled). */
export const START_ACTIONS_BEFORE_2012 = { Nothing: 0, StartIfRunning: 1, Start: 2 } as const;
export const STOP_ACTIONS_BEFORE_2012 = { TurnOff: 0, Save: 1, ShutDown: 2 } as const;

/** Get-PhysicalDisk. */
export const MEDIA_TYPES = { HDD: 3, SSD: 4, SCM: 5 } as const;
export const BUS_TYPES = { NVMe: 17 } as const;

/** Win32_PhysicalMemoryArray: which numbers mean that errors are corrected. */
export const ERROR_CORRECTION = { None: 3, Parity: 4, 'Single-bit ECC': 5, 'Multi-bit ECC': 6 } as const;
