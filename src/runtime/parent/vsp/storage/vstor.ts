/** Packets of the storage protocol (openvmm, storvsp_protocol): 64 bytes, of which older guests send fewer. */
export const VstorOperation = {
  CompleteIo: 1,
  ExecuteSrb: 3,
  ResetLun: 4,
  ResetAdapter: 5,
  ResetBus: 6,
  BeginInitialization: 7,
  EndInitialization: 8,
  QueryProtocolVersion: 9,
  QueryProperties: 10,
  EnumerateBus: 11,
} as const;

export const NtStatus = {
  Success: 0,
  InvalidParameter: 0xc000000d,
  InvalidDeviceRequest: 0xc0000010,
  RevisionMismatch: 0xc0000059,
} as const;

/** SRB status, of which the top bit says that sense data is there. */
export const SrbStatus = { Success: 1, Error: 4, InvalidLun: 0x20, SenseValid: 0x80 } as const;
export const ScsiStatus = { Good: 0, CheckCondition: 2 } as const;

/** 6.2, 6.0, 5.1 and 4.2: Windows 10, 8.1, 8 and 7. */
export const PROTOCOL_VERSIONS: readonly number[] = [0x0602, 0x0600, 0x0501, 0x0402];

const PACKET_BYTES = 64;
const HEADER_BYTES = 12;
const REQUEST_BYTES = 36;
const SENSE_BYTES = 20;

export interface ScsiRequest {
  path: number;
  target: number;
  lun: number;
  /** 16 bytes, whatever the command's own length. */
  command: Uint8Array;
  transferBytes: number;
}

export interface VstorPacket {
  operation: number;
  bytes: Uint8Array;
}

/** null where it is too short for its operation. */
export function decodePacket(payload: Uint8Array): VstorPacket | null {
  if (payload.length < HEADER_BYTES) return null;
  const bytes = new Uint8Array(PACKET_BYTES);
  bytes.set(payload.subarray(0, PACKET_BYTES));
  const operation = viewOf(bytes).getUint32(0, true);
  if (operation === VstorOperation.ExecuteSrb && payload.length < HEADER_BYTES + REQUEST_BYTES) return null;
  return { operation, bytes };
}

export function scsiRequest({ bytes }: VstorPacket): ScsiRequest {
  const at = HEADER_BYTES;
  return {
    path: bytes[at + 5]!,
    target: bytes[at + 6]!,
    lun: bytes[at + 7]!,
    command: bytes.slice(at + 16, at + 32),
    transferBytes: viewOf(bytes).getUint32(at + 12, true),
  };
}

export function protocolVersion({ bytes }: VstorPacket): number {
  return viewOf(bytes).getUint16(HEADER_BYTES, true);
}

/** The answer to anything but a SCSI request. */
export function completion(packet: VstorPacket, status: number): Uint8Array {
  const bytes = packet.bytes.slice();
  const view = viewOf(bytes);
  view.setUint32(0, VstorOperation.CompleteIo, true);
  view.setUint32(8, status, true);
  return bytes;
}

/** Tells the guest to look which disks are there now. */
export function enumerateBus(): Uint8Array {
  const bytes = new Uint8Array(PACKET_BYTES);
  viewOf(bytes).setUint32(0, VstorOperation.EnumerateBus, true);
  return bytes;
}

/** One channel, and the largest transfer in bytes. */
export function propertiesCompletion(packet: VstorPacket, largestTransfer: number): Uint8Array {
  const bytes = completion(packet, NtStatus.Success);
  bytes.fill(0, HEADER_BYTES);
  viewOf(bytes).setUint32(HEADER_BYTES + 12, largestTransfer, true);
  return bytes;
}

export interface ScsiResult {
  srbStatus: number;
  scsiStatus: number;
  transferredBytes: number;
  sense: Uint8Array | null;
}

export function scsiCompletion(packet: VstorPacket, result: ScsiResult): Uint8Array {
  const bytes = completion(packet, NtStatus.Success);
  const at = HEADER_BYTES;
  bytes[at + 2] = result.srbStatus | (result.sense === null ? 0 : SrbStatus.SenseValid);
  bytes[at + 3] = result.scsiStatus;
  viewOf(bytes).setUint32(at + 12, result.transferredBytes, true);
  if (result.sense === null) return bytes;
  bytes[at + 9] = result.sense.length;
  bytes.fill(0, at + 16, at + 16 + SENSE_BYTES);
  bytes.set(result.sense.subarray(0, SENSE_BYTES), at + 16);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
