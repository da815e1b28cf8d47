/** The send message of the network VSC: an NVSP header that says how many bytes the RNDIS message has (Linux hyperv_net.h). */
const SEND_RNDIS_PACKET = 107;
const NVSP_BYTES = 40;

export function encodeSend(body: Uint8Array, bytes: number): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  body.fill(0, 0, NVSP_BYTES);
  view.setUint32(0, SEND_RNDIS_PACKET, true);
  view.setUint32(8, 0xffffffff, true);
  view.setUint32(12, bytes, true);
  return NVSP_BYTES;
}

/** The bytes to send, or -1 when the message is none or longer than `maximumBytes`. */
export function decodeSend(body: Uint8Array, bodyBytes: number, maximumBytes: number): number {
  if (bodyBytes < NVSP_BYTES || bodyBytes > body.length) return -1;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const bytes = view.getUint32(12, true);
  return view.getUint32(0, true) === SEND_RNDIS_PACKET && bytes > 0 && bytes <= maximumBytes ? bytes : -1;
}
