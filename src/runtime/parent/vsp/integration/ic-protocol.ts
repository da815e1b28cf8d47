/**
 * What all integration services share (openvmm, hyperv_ic_protocol): a pipe header of 8 bytes, a header of 20 bytes,
 * and a negotiation of two versions, that of the framework and that of the service's messages.
 */
export type Version = readonly [major: number, minor: number];

export const IcType = { negotiate: 0, heartbeat: 1, keyValue: 2, shutdown: 3, timeSync: 4, backup: 5 } as const;

export const IcStatus = { success: 0, noMoreItems: 0x80070103 } as const;

export const PIPE_HEADER = 8;
const IC_HEADER = 20;
/** Where the body of a message begins in its packet. */
export const BODY_AT = PIPE_HEADER + IC_HEADER;
const PIPE_DATA = 1;
const TRANSACTION = 1;
const REQUEST = 2;
const RESPONSE = 4;
/** Oldest first, as Hyper-V offers them: 1.0 from Windows Server 2008, 3.0 from 2008 R2. */
const FRAMEWORKS: readonly Version[] = [
  [1, 0],
  [3, 0],
];

export interface IcMessage {
  type: number;
  status: number;
  body: Uint8Array;
}

export function encodeIc(type: number, framework: Version, version: Version, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PIPE_HEADER + IC_HEADER + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, PIPE_DATA, true);
  view.setUint32(4, IC_HEADER + body.length, true);
  view.setUint16(8, framework[0], true);
  view.setUint16(10, framework[1], true);
  view.setUint16(12, type, true);
  view.setUint16(14, version[0], true);
  view.setUint16(16, version[1], true);
  view.setUint16(18, body.length, true);
  bytes[24] = 1; // transaction
  bytes[25] = TRANSACTION | REQUEST;
  bytes.set(body, PIPE_HEADER + IC_HEADER);
  return bytes;
}

/** null where it is too short for what it claims. */
export function decodeIc(payload: Uint8Array): IcMessage | null {
  if (payload.length < PIPE_HEADER + IC_HEADER) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const size = view.getUint16(18, true);
  const start = PIPE_HEADER + IC_HEADER;
  if (start + size > payload.length) return null;
  return { type: view.getUint16(12, true), status: view.getUint32(20, true), body: payload.slice(start, start + size) };
}

export function negotiation(versions: readonly Version[]): Uint8Array {
  const body = new Uint8Array(8 + (FRAMEWORKS.length + versions.length) * 4);
  const view = new DataView(body.buffer);
  view.setUint16(0, FRAMEWORKS.length, true);
  view.setUint16(2, versions.length, true);
  for (const [at, [major, minor]] of [...FRAMEWORKS, ...versions].entries()) {
    view.setUint16(8 + at * 4, major, true);
    view.setUint16(10 + at * 4, minor, true);
  }
  return encodeIc(IcType.negotiate, [0, 0], [0, 0], body);
}

/** The versions that the guest chose, or null where it knows none of them. */
export function negotiated(body: Uint8Array): { framework: Version; version: Version } | null {
  if (body.length < 16) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  if (view.getUint16(0, true) !== 1 || view.getUint16(2, true) !== 1) return null;
  return {
    framework: [view.getUint16(8, true), view.getUint16(10, true)],
    version: [view.getUint16(12, true), view.getUint16(14, true)],
  };
}

/** Turns a request, where it lies, into its response. */
export function respond(packet: DataView, status: number): void {
  packet.setUint32(PIPE_HEADER + 12, status, true);
  packet.setUint8(PIPE_HEADER + 17, TRANSACTION | RESPONSE);
}

/** Turns the host's negotiation, where it lies, into the choice of the newest of each that it offers. */
export function chooseNewest(packet: DataView): void {
  const frameworks = packet.getUint16(BODY_AT, true);
  const versions = packet.getUint16(BODY_AT + 2, true);
  const at = (index: number) => packet.getUint32(BODY_AT + 8 + index * 4, true);
  const [framework, version] = [at(frameworks - 1), at(frameworks + versions - 1)];
  packet.setUint16(BODY_AT, 1, true);
  packet.setUint16(BODY_AT + 2, 1, true);
  packet.setUint32(BODY_AT + 8, framework, true);
  packet.setUint32(BODY_AT + 12, version, true);
}
