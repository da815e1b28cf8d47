import { type EthernetFrame, ethernetFrame } from './ethernet-frame.js';
import {
  setWord,
  TCP,
  type TransportHeaders,
  transportHeaders,
  word,
  writeIpLength,
  writeTransportChecksum,
} from './ip-headers.js';

const FIN = 0x01;
const PUSH = 0x08;
const CONGESTION_WINDOW_REDUCED = 0x80;
/** A frame of 64 KB in segments of the smallest size that IPv4 hosts have to take. */
const MAX_SEGMENTS = 128;

/** Does what the sender left undone: checksums and segments. null: the frame is not what its sender said it was. */
export function finishOffload(frame: EthernetFrame): EthernetFrame[] | null {
  const { offload } = frame;
  if (offload === null) return [frame];
  const headers = transportHeaders(frame.data);
  if (headers === null) return null;
  if (offload.segmentBytes > 0 && frame.data.length - headers.payload > offload.segmentBytes) {
    return segments(frame.data, headers, offload.segmentBytes);
  }
  const data = frame.data.slice();
  writeTransportChecksum(data, headers);
  return [ethernetFrame(data)];
}

/** TCP segments with at most `size` bytes of payload each, as a network adapter would make them of one large send. */
function segments(data: Uint8Array, headers: TransportHeaders, size: number): EthernetFrame[] | null {
  const { version, protocol, network, transport, payload } = headers;
  const count = Math.ceil((data.length - payload) / size);
  if (protocol !== TCP || count > MAX_SEGMENTS) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const sequence = view.getUint32(transport + 4);
  const identification = word(data, network + 4);
  const flags = data[transport + 13]!;
  return Array.from({ length: count }, (_, index) => {
    const from = payload + index * size;
    const part = data.subarray(from, Math.min(from + size, data.length));
    const bytes = new Uint8Array(payload + part.length);
    bytes.set(data.subarray(0, payload));
    bytes.set(part, payload);
    new DataView(bytes.buffer).setUint32(transport + 4, sequence + index * size);
    let kept = flags;
    if (index < count - 1) kept &= ~(FIN | PUSH);
    if (index > 0) kept &= ~CONGESTION_WINDOW_REDUCED;
    bytes[transport + 13] = kept;
    if (version === 4) setWord(bytes, network + 4, (identification + index) & 0xffff);
    writeIpLength(bytes, headers);
    writeTransportChecksum(bytes, headers);
    return ethernetFrame(bytes);
  });
}
