/**
 * Messages of the synthetic video device (openvmm, video protocol): a pipe header with type and size, a header with
 * type and size, then a body. Fields are packed.
 */
const VideoMessage = {
  VersionRequest: 1,
  VersionResponse: 2,
  VramLocation: 3,
  VramLocationAck: 4,
  Situation: 5,
  SituationAck: 6,
  FeatureChange: 9,
  Dirt: 10,
  ResolutionRequest: 13,
  ResolutionResponse: 14,
} as const;

/** Minor above major: 3.2 from Windows Server 2012, 3.5 from 2016. */
export const VIDEO_VERSIONS: readonly number[] = [0x0002_0003, 0x0005_0003];

const PIPE_DATA = 1;
const HEADERS = 16;
const MOST_DIRT = 255;
const EDID_BYTES = 128;
const MOST_RESOLUTIONS = 64;

/** In pixels; `right` and `bottom` lie behind it. */
export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** How the guest uses the video memory. */
export interface Situation {
  active: boolean;
  offset: number;
  depth: number;
  width: number;
  height: number;
  pitch: number;
}

export type FromVideoGuest =
  | { type: 'version'; version: number }
  | { type: 'vram location'; context: bigint; gpa: number | null }
  | { type: 'situation'; context: bigint; situation: Situation | null }
  | { type: 'dirt'; rectangles: Rectangle[] }
  | { type: 'resolutions' }
  | { type: 'other' };

/** null where it is too short for what it claims. */
export function decodeVideoMessage(bytes: Uint8Array): FromVideoGuest | null {
  if (bytes.length < HEADERS) return null;
  const type = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const body = new DataView(bytes.buffer, bytes.byteOffset + HEADERS, bytes.length - HEADERS);
  if (body.byteLength < (SHORTEST[type] ?? 0)) return null;
  switch (type) {
    case VideoMessage.VersionRequest:
      return { type: 'version', version: body.getUint32(0, true) };
    case VideoMessage.VramLocation: {
      const gpa = body.getUint8(8) === 0 ? null : Number(body.getBigUint64(9, true));
      return { type: 'vram location', context: body.getBigUint64(0, true), gpa };
    }
    case VideoMessage.Situation:
      return { type: 'situation', context: body.getBigUint64(0, true), situation: situationOf(body) };
    case VideoMessage.Dirt:
      return dirt(body);
    case VideoMessage.ResolutionRequest:
      return { type: 'resolutions' };
    default:
      return { type: 'other' };
  }
}

/** Bytes of body that each message has at least. */
const SHORTEST: Readonly<Record<number, number>> = {
  [VideoMessage.VersionRequest]: 4,
  [VideoMessage.VramLocation]: 17,
  [VideoMessage.Situation]: 9,
  [VideoMessage.Dirt]: 2,
};

/** Of the first screen; there is no other. */
function situationOf(body: DataView): Situation | null {
  if (body.getUint8(8) === 0 || body.byteLength < 27) return null;
  return {
    active: body.getUint8(9) !== 0,
    offset: body.getUint32(10, true),
    depth: body.getUint8(14),
    width: body.getUint32(15, true),
    height: body.getUint32(19, true),
    pitch: body.getUint32(23, true),
  };
}

function dirt(body: DataView): FromVideoGuest | null {
  const count = Math.min(body.getUint8(1), MOST_DIRT);
  if (body.byteLength < 2 + count * 16) return null;
  const rectangles = Array.from({ length: count }, (_, index): Rectangle => {
    const at = 2 + index * 16;
    const [left, top] = [body.getInt32(at, true), body.getInt32(at + 4, true)];
    return { left, top, right: body.getInt32(at + 8, true), bottom: body.getInt32(at + 12, true) };
  });
  return { type: 'dirt', rectangles };
}

export function versionResponse(version: number, accepted: boolean): Uint8Array {
  return message(VideoMessage.VersionResponse, 6, (body) => {
    body.setUint32(0, version, true);
    body.setUint8(4, Number(accepted));
    body.setUint8(5, 1); // screens
  });
}

export function vramLocationAck(context: bigint): Uint8Array {
  return message(VideoMessage.VramLocationAck, 8, (body) => body.setBigUint64(0, context, true));
}

export function situationAck(context: bigint): Uint8Array {
  return message(VideoMessage.SituationAck, 8, (body) => body.setBigUint64(0, context, true));
}

/** The host wants to hear what changes on the screen and how it lies in memory, and nothing of a pointer. */
export function featureChange(): Uint8Array {
  return message(VideoMessage.FeatureChange, 4, (body) => {
    body.setUint8(0, 1);
    body.setUint8(3, 1);
  });
}

/** The first one is preferred. */
export function resolutionResponse(resolutions: readonly (readonly [width: number, height: number])[]): Uint8Array {
  return message(VideoMessage.ResolutionResponse, EDID_BYTES + 3 + MOST_RESOLUTIONS * 4, (body) => {
    body.setUint8(EDID_BYTES, resolutions.length);
    for (const [index, [width, height]] of resolutions.entries()) {
      body.setUint16(EDID_BYTES + 3 + index * 4, width, true);
      body.setUint16(EDID_BYTES + 5 + index * 4, height, true);
    }
  });
}

function message(type: number, bodyBytes: number, fill: (body: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(HEADERS + bodyBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, PIPE_DATA, true);
  view.setUint32(4, bodyBytes + 8, true);
  view.setUint32(8, type, true);
  view.setUint32(12, bodyBytes + 8, true);
  fill(new DataView(bytes.buffer, HEADERS));
  return bytes;
}
