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
  CreateSubChannels: 13,
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

export const VSTOR_BYTES = 64;
const HEADER_BYTES = 12;
const REQUEST_BYTES = 36;
const SENSE_BYTES = 20;
/** Where the fields of an EXECUTE_SRB are. */
export const Field = {
  flags: 4,
  status: 8,
  srbStatus: 14,
  scsiStatus: 15,
  path: 17,
  target: 18,
  lun: 19,
  commandBytes: 20,
  senseBytes: 21,
  dataIn: 22,
  transferBytes: 24,
  command: 28,
} as const;
const COMMAND_BYTES = 16;
/** Where the properties of a channel are. */
export const Property = { mostChannels: 16, flags: 20, largestTransfer: 24 } as const;
export const MULTI_CHANNEL = 1;

/** How a SCSI request ended. */
export interface ScsiResult {
  srbStatus: number;
  scsiStatus: number;
  transferredBytes: number;
  sense: Uint8Array | null;
}

/** One packet of a guest: a copy of its own, which becomes its answer. An object serves any number of packets. */
export class VstorPacket {
  readonly bytes = new Uint8Array(VSTOR_BYTES);
  private readonly view = new DataView(this.bytes.buffer);
  /** The SCSI command: 16 bytes, whatever its own length. */
  readonly command = new DataView(this.bytes.buffer, Field.command, COMMAND_BYTES);

  /** Copies `length` bytes from `at` on; false where they are too few for the operation. */
  load(from: Uint8Array, at: number, length: number): boolean {
    const { bytes } = this;
    const known = Math.min(length, VSTOR_BYTES);
    for (let i = 0; i < known; i++) bytes[i] = from[at + i]!;
    for (let i = known; i < VSTOR_BYTES; i++) bytes[i] = 0;
    return length >= HEADER_BYTES + (this.operation === VstorOperation.ExecuteSrb ? REQUEST_BYTES : 0);
  }

  get operation(): number {
    return this.view.getUint32(0, true);
  }

  get path(): number {
    return this.bytes[Field.path]!;
  }

  get target(): number {
    return this.bytes[Field.target]!;
  }

  get lun(): number {
    return this.bytes[Field.lun]!;
  }

  get transferBytes(): number {
    return this.view.getUint32(Field.transferBytes, true);
  }

  /** What QUERY_PROTOCOL_VERSION asks for. */
  get protocolVersion(): number {
    return this.view.getUint16(HEADER_BYTES, true);
  }

  /** What CREATE_SUB_CHANNELS asks for. */
  get subChannels(): number {
    return this.view.getUint16(HEADER_BYTES, true);
  }

  /** Becomes the answer to anything but a SCSI request. */
  complete(ntStatus: number): void {
    this.view.setUint32(0, VstorOperation.CompleteIo, true);
    this.view.setUint32(Field.status, ntStatus, true);
  }

  /** Becomes the answer to QUERY_PROPERTIES; `subChannels` is how many further channels the guest may ask for. */
  completeProperties(largestTransfer: number, subChannels: number): void {
    this.complete(NtStatus.Success);
    this.bytes.fill(0, HEADER_BYTES);
    this.view.setUint16(Property.mostChannels, subChannels, true);
    this.view.setUint32(Property.flags, subChannels > 0 ? MULTI_CHANNEL : 0, true);
    this.view.setUint32(Property.largestTransfer, largestTransfer, true);
  }

  /** Becomes the answer to a SCSI request. */
  completeScsi({ srbStatus, scsiStatus, transferredBytes, sense }: ScsiResult): void {
    const { bytes } = this;
    this.complete(NtStatus.Success);
    bytes[Field.srbStatus] = srbStatus | (sense === null ? 0 : SrbStatus.SenseValid);
    bytes[Field.scsiStatus] = scsiStatus;
    this.view.setUint32(Field.transferBytes, transferredBytes, true);
    if (sense === null) return;
    bytes[Field.senseBytes] = sense.length;
    bytes.fill(0, Field.command, Field.command + SENSE_BYTES);
    bytes.set(sense.subarray(0, SENSE_BYTES), Field.command);
  }
}

/** Tells the guest to look which disks are there now. */
export function enumerateBus(): Uint8Array {
  const bytes = new Uint8Array(VSTOR_BYTES);
  new DataView(bytes.buffer).setUint32(0, VstorOperation.EnumerateBus, true);
  return bytes;
}
