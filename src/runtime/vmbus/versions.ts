/** A version of VMBus as it goes over the wire: the major number in the upper half. */
export type VmbusVersion = number;

const version = (major: number, minor: number): VmbusVersion => major * 0x10000 + minor;

export const VERSION_2_4 = version(2, 4);
export const VERSION_5_0 = version(5, 0);
export const VERSION_5_3 = version(5, 3);
/** Before it there was one connection for the events of all channels. */
export const VERSION_1_1 = version(1, 1);

/** Windows 8: a controller may have channels for several VPs (Linux storvsc_drv.c: from that version of its protocol on). */
export const STORAGE_SUB_CHANNELS_SINCE = version(2, 4);
/** Windows 8.1: so may an adapter (Linux hyperv_net.h: version 5 of its protocol; virtual RSS of Windows Server 2012 R2). */
export const NETWORK_SUB_CHANNELS_SINCE = version(3, 0);

/** Every version there is, newest first: the order in which a guest tries them. */
const ALL: readonly VmbusVersion[] = [
  version(6, 0),
  VERSION_5_3,
  version(5, 2),
  version(5, 1),
  VERSION_5_0,
  version(4, 1),
  version(4, 0),
  version(3, 0),
  VERSION_2_4,
  VERSION_1_1,
  version(0, 13),
];

/** What a machine child is offered: 5.3 down to 2.4, the first version with an interrupt for each channel. */
export const MACHINE_VERSIONS = ALL.filter((one) => one <= VERSION_5_3 && one >= VERSION_2_4);

/** The versions up to "major.minor", newest first. */
export function versionsUpTo(text: string): VmbusVersion[] {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return ALL.filter((one) => one <= version(major, minor));
}

export function versionText(one: VmbusVersion): string {
  return `${one >>> 16}.${one & 0xffff}`;
}
