/** Highest VMBus version that the drivers of a guest speak. What is agreed on is bounded by the host's release, too. */
import { findGuest } from './guests.js';

/**
 * The versions are named after Windows releases in what is published of the protocol: 0.13 Server 2008, 1.1 Windows 7,
 * 2.4 Windows 8, 3.0 Windows 8.1, 4.0 Windows 10, 5.0 to 5.3 later ones. Standing: secondary; openvmm,
 * vmbus_core/src/protocol.rs, by release; for Linux what hv_vmbus of 6.1 tries first (measured).
 */
const BY_GUEST: Readonly<Record<string, string>> = {
  ws2025: '6.0',
  ws2022: '5.3',
  ws2019: '5.2',
  ws2016: '4.0',
  ws2012r2: '3.0',
  ws2012: '2.4',
  ws2008r2: '1.1',
  ws2008: '0.13',
  ws2003: '0.13',
  w2000: '0.13',
  w11: '5.3',
  w10: '5.0',
  'w8.1': '3.0',
  w8: '2.4',
  w7: '1.1',
  vista: '0.13',
  xp: '0.13',
  sles10: '0.13',
  rhel5: '0.13',
};
/** Linux and FreeBSD of today, and what nothing is known of. */
const OTHERS = '5.3';

/** "major.minor". */
export function guestVmbusVersion(operatingSystem: string): string {
  const guest = findGuest(operatingSystem);
  return (guest && BY_GUEST[guest.id]) ?? OTHERS;
}
