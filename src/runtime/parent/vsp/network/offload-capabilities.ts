/** What the adapter computes for the guest (NDIS_OFFLOAD, NDIS_OFFLOAD_PARAMETERS; documented for NDIS 6). */
const OBJECT_OFFLOAD = 0xa7;
const OBJECT_DEFAULT = 0x80;
const REVISION_1 = { revision: 1, bytes: 112 };
const REVISION_3 = { revision: 3, bytes: 156 };
/** NDIS 6.30, the first with revision 3. */
const NDIS_6_30 = 0x0006_001e;

const ETHERNET = 2;
const SUPPORTED = 1;
/** IP options, TCP options, TCP, UDP and the IP header itself, two bits each. */
const IPV4_CHECKSUMS = SUPPORTED | (SUPPORTED << 2) | (SUPPORTED << 4) | (SUPPORTED << 6) | (SUPPORTED << 8);
const IPV6_CHECKSUMS = SUPPORTED | (SUPPORTED << 2) | (SUPPORTED << 4) | (SUPPORTED << 6);
const IPV6_LARGE_SEND = SUPPORTED | (SUPPORTED << 2);
/** Recalled: the largest send that Hyper-V's own switch offers (openvmm, netvsp/src/rndisprot.rs). */
const LARGEST_SEND = 0xf53c;
const FEWEST_SEGMENTS = 2;

/** NDIS_OFFLOAD with checksums and large sends. `ndisVersion`: major version in the upper half. */
export function offloadCapabilities(ndisVersion: number): Uint8Array {
  const { revision, bytes } = ndisVersion >= NDIS_6_30 ? REVISION_3 : REVISION_1;
  const answer = new Uint8Array(bytes);
  const view = new DataView(answer.buffer);
  view.setUint8(0, OBJECT_OFFLOAD);
  view.setUint8(1, revision);
  view.setUint16(2, bytes, true);
  const checksums = [IPV4_CHECKSUMS, IPV4_CHECKSUMS, IPV6_CHECKSUMS, IPV6_CHECKSUMS];
  for (const [index, flags] of checksums.entries()) {
    view.setUint32(4 + index * 8, ETHERNET, true);
    view.setUint32(8 + index * 8, flags, true);
  }
  const largeSend = [ETHERNET, LARGEST_SEND, FEWEST_SEGMENTS];
  for (const [index, value] of [...largeSend, ...largeSend, IPV6_LARGE_SEND].entries()) {
    view.setUint32(80 + index * 4, value, true);
  }
  return answer;
}

/** What the guest has switched on. */
export interface OffloadSettings {
  /** It takes frames without checksum that the host vouches for. */
  receiveChecksum: boolean;
  /** It sends several segments as one frame, and so can take such a frame. */
  largeSend: boolean;
}

const CHECKSUM_UNCHANGED = 0;
const RECEIVE_ENABLED: readonly number[] = [3, 4];
const SIMPLE_UNCHANGED = 0;
const SIMPLE_ENABLED = 2;
const PARAMETERS_BYTES = 20;

/** NDIS_OFFLOAD_PARAMETERS that the guest sets; null where they are too short. */
export function changedOffloads(data: Uint8Array, now: OffloadSettings): OffloadSettings | null {
  if (data.length < PARAMETERS_BYTES || data[0] !== OBJECT_DEFAULT) return null;
  const [tcp4, udp4, tcp6, udp6] = data.subarray(5, 9);
  const checksums = [tcp4!, udp4!, tcp6!, udp6!].filter((value) => value !== CHECKSUM_UNCHANGED);
  const large = [data[11]!, data[12]!].filter((value) => value !== SIMPLE_UNCHANGED);
  return {
    receiveChecksum:
      checksums.length === 0 ? now.receiveChecksum : checksums.every((value) => RECEIVE_ENABLED.includes(value)),
    largeSend: large.length === 0 ? now.largeSend : large.every((value) => value === SIMPLE_ENABLED),
  };
}
