import { type MacAddress, macBytes } from '../../switch/mac-address.js';
import { offloadCapabilities } from './offload-capabilities.js';

/** Object identifiers that a driver queries and sets (MS-RNDIS and the NDIS reference). */
export const Oid = {
  SupportedList: 0x0001_0101,
  HardwareStatus: 0x0001_0102,
  MediaSupported: 0x0001_0103,
  MediaInUse: 0x0001_0104,
  MaximumFrameSize: 0x0001_0106,
  LinkSpeed: 0x0001_0107,
  VendorId: 0x0001_010c,
  VendorDescription: 0x0001_010d,
  CurrentPacketFilter: 0x0001_010e,
  MaximumTotalSize: 0x0001_0111,
  MediaConnectStatus: 0x0001_0114,
  NetworkLayerAddresses: 0x0001_0118,
  ReceiveScaleCapabilities: 0x0001_0203,
  RndisConfigParameter: 0x0001_021b,
  FramesSent: 0x0002_0101,
  FramesReceived: 0x0002_0102,
  PermanentAddress: 0x0101_0101,
  CurrentAddress: 0x0101_0102,
  MulticastList: 0x0101_0103,
  MaximumListSize: 0x0101_0104,
  OffloadCurrentConfig: 0xfc01_020b,
  OffloadParameters: 0xfc01_020c,
  OffloadHardwareCapabilities: 0xfc01_020d,
  OffloadEncapsulation: 0x0101_010a,
} as const;

/** Payload of an Ethernet frame that is neither jumbo nor a large send. */
const MTU = 1500;
const ETHERNET_HEADER = 14;
/** Units of 100 bit/s; Hyper-V calls its adapters 10 Gb/s (recalled). */
const LINK_SPEED = 100_000_000;
/** As many multicast addresses as a driver may list; the switch does not filter by them. */
const MULTICAST_ADDRESSES = 32;

/** What of an adapter its driver may ask. */
export interface AdapterFacts {
  mac: MacAddress;
  connected: boolean;
  filter: number;
  ndisVersion: number;
  sentFrames: number;
  receivedFrames: number;
}

/** null: there is no such object. */
export function queryOid(oid: number, adapter: AdapterFacts): Uint8Array | null {
  switch (oid) {
    case Oid.SupportedList:
      return words(...Object.values(Oid));
    case Oid.HardwareStatus:
    case Oid.MediaSupported:
    case Oid.MediaInUse:
      return words(0);
    case Oid.MaximumFrameSize:
      return words(MTU);
    case Oid.MaximumTotalSize:
      return words(MTU + ETHERNET_HEADER);
    case Oid.LinkSpeed:
      return words(LINK_SPEED);
    case Oid.VendorId:
      return words(0xff_ffff);
    case Oid.VendorDescription:
      return new Uint8Array([...'hvhost'].map((letter) => letter.charCodeAt(0)).concat(0));
    case Oid.CurrentPacketFilter:
      return words(adapter.filter);
    case Oid.MediaConnectStatus:
      return words(adapter.connected ? 0 : 1);
    case Oid.FramesSent:
      return words(adapter.sentFrames);
    case Oid.FramesReceived:
      return words(adapter.receivedFrames);
    case Oid.PermanentAddress:
    case Oid.CurrentAddress:
      return macBytes(adapter.mac);
    case Oid.MaximumListSize:
      return words(MULTICAST_ADDRESSES);
    case Oid.OffloadHardwareCapabilities:
    case Oid.OffloadCurrentConfig:
      return offloadCapabilities(adapter.ndisVersion);
    case Oid.ReceiveScaleCapabilities:
      return receiveScaleCapabilities();
    default:
      return null;
  }
}

/** NDIS_RECEIVE_SCALE_CAPABILITIES, revision 1: one queue, because the guest has one virtual processor. */
function receiveScaleCapabilities(): Uint8Array {
  const header = 0x88 | (1 << 8) | (16 << 16);
  return words(header, 0, 1, 1);
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return bytes;
}
