/** SCSI commands of a disk (T10 SPC-4 and SBC-3), from the bytes of a command to what must be done. */

/** A disk as SCSI describes it. */
export interface LogicalUnit {
  bytes: number;
  sectorBytes: 512 | 4096;
  /** Up to 20 characters that tell this disk from others. */
  serial: string;
}

export type ScsiAction =
  | { kind: 'answer'; data: Uint8Array }
  | { kind: 'read'; offset: number; length: number }
  | { kind: 'write'; offset: number; length: number }
  | { kind: 'flush' }
  /** The ranges are in the data that the guest sends along. */
  | { kind: 'unmap' }
  | { kind: 'failure'; sense: Sense };

/** Sense key and additional sense code. */
export type Sense = readonly [key: number, code: number];

export const SENSE = {
  invalidOpcode: [5, 0x20],
  outOfRange: [5, 0x21],
  invalidField: [5, 0x24],
  invalidParameter: [5, 0x26],
  mediumRead: [3, 0x11],
  mediumWrite: [3, 0x0c],
} as const satisfies Record<string, Sense>;

const Opcode = {
  testUnitReady: 0x00,
  requestSense: 0x03,
  read6: 0x08,
  write6: 0x0a,
  inquiry: 0x12,
  modeSense6: 0x1a,
  startStopUnit: 0x1b,
  preventRemoval: 0x1e,
  readCapacity10: 0x25,
  read10: 0x28,
  write10: 0x2a,
  synchronizeCache10: 0x35,
  unmap: 0x42,
  modeSense10: 0x5a,
  read16: 0x88,
  write16: 0x8a,
  synchronizeCache16: 0x91,
  serviceActionIn16: 0x9e,
  reportLuns: 0xa0,
} as const;

const READ_CAPACITY_16 = 0x10;
const CACHING_PAGE = 0x08;
const ALL_PAGES = 0x3f;
/** In one UNMAP: as many ranges as fit a page, each as long as it likes. */
const MAX_UNMAP_RANGES = 255;
const NOTHING = new Uint8Array(0);

/** What the 16 bytes of a command ask of the unit. */
export function decodeScsi(view: DataView, unit: LogicalUnit): ScsiAction {
  switch (view.getUint8(0)) {
    case Opcode.testUnitReady:
    case Opcode.startStopUnit:
    case Opcode.preventRemoval:
      return answer(NOTHING);
    case Opcode.requestSense:
      return answer(senseData([0, 0]));
    case Opcode.inquiry:
      return inquiry(view, unit);
    case Opcode.readCapacity10:
      return answer(readCapacity10(unit));
    case Opcode.serviceActionIn16:
      return (view.getUint8(1) & 0x1f) === READ_CAPACITY_16
        ? answer(readCapacity16(unit))
        : failure(SENSE.invalidField);
    case Opcode.modeSense6:
      return modeSense(view.getUint8(2), 4);
    case Opcode.modeSense10:
      return modeSense(view.getUint8(2), 8);
    case Opcode.read6:
      return transfer('read', view.getUint32(0) & 0x1fffff, view.getUint8(4) || 256, unit);
    case Opcode.write6:
      return transfer('write', view.getUint32(0) & 0x1fffff, view.getUint8(4) || 256, unit);
    case Opcode.read10:
      return transfer('read', view.getUint32(2), view.getUint16(7), unit);
    case Opcode.write10:
      return transfer('write', view.getUint32(2), view.getUint16(7), unit);
    case Opcode.read16:
      return transfer('read', uint64(view, 2), view.getUint32(10), unit);
    case Opcode.write16:
      return transfer('write', uint64(view, 2), view.getUint32(10), unit);
    case Opcode.synchronizeCache10:
    case Opcode.synchronizeCache16:
      return { kind: 'flush' };
    case Opcode.unmap:
      return { kind: 'unmap' };
    default:
      return failure(SENSE.invalidOpcode);
  }
}

/**
 * What a target answers itself: REPORT LUNS always, INQUIRY where there is no disk, which makes a guest stop looking.
 * null: the command is for the disk.
 */
export function answerOfTarget(
  command: DataView,
  units: readonly { lun: number }[],
  diskIsThere: boolean,
): Uint8Array | null {
  const opcode = command.getUint8(0);
  if (opcode === Opcode.reportLuns) return reportLuns(units.map(({ lun }) => lun));
  if (diskIsThere || opcode !== Opcode.inquiry) return null;
  const data = standardInquiry();
  data[0] = 0x7f; // no device can be here
  return data;
}

/** Ranges of an UNMAP parameter list in bytes, or the sense that refuses it. */
export function unmapRanges(list: Uint8Array, unit: LogicalUnit): { offset: number; length: number }[] | Sense {
  if (list.length < 8) return SENSE.invalidParameter;
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  const described = view.getUint16(2);
  if (described % 16 !== 0 || described / 16 > MAX_UNMAP_RANGES || 8 + described > list.length) {
    return SENSE.invalidParameter;
  }
  const ranges: { offset: number; length: number }[] = [];
  for (let at = 8; at < 8 + described; at += 16) {
    const offset = Number(view.getBigUint64(at)) * unit.sectorBytes;
    const length = view.getUint32(at + 8) * unit.sectorBytes;
    if (offset + length > unit.bytes) return SENSE.outOfRange;
    if (length > 0) ranges.push({ offset, length });
  }
  return ranges;
}

/** Fixed-format sense data, 18 bytes. */
export function senseData([key, code]: Sense): Uint8Array {
  const data = new Uint8Array(18);
  data[0] = 0x70;
  data[2] = key;
  data[7] = 10;
  data[12] = code;
  return data;
}

function transfer(kind: 'read' | 'write', sector: number, count: number, unit: LogicalUnit): ScsiAction {
  const offset = sector * unit.sectorBytes;
  const length = count * unit.sectorBytes;
  if (offset + length > unit.bytes) return failure(SENSE.outOfRange);
  return { kind, offset, length };
}

/** Big-endian; above 2^53 it is not exact, and beyond the end of any disk all the same. */
function uint64(view: DataView, at: number): number {
  return view.getUint32(at) * 4294967296 + view.getUint32(at + 4);
}

function inquiry(view: DataView, unit: LogicalUnit): ScsiAction {
  if ((view.getUint8(1) & 1) === 0) return answer(standardInquiry());
  switch (view.getUint8(2)) {
    case 0x00:
      return vitalPage(0x00, [0x00, 0x80, 0x83, 0xb0, 0xb2]);
    case 0x80:
      return vitalPage(0x80, ascii(unit.serial));
    case 0x83: {
      const id = ascii(`Msft    ${unit.serial}`);
      return vitalPage(0x83, [0x02, 0x01, 0x00, id.length, ...id]);
    }
    case 0xb0:
      return answer(blockLimits(unit));
    case 0xb2:
      return vitalPage(0xb2, [0x00, 0x80, 0x00, 0x00]); // UNMAP, and unmapped sectors may read as anything
    default:
      return failure(SENSE.invalidField);
  }
}

function standardInquiry(): Uint8Array {
  const data = new Uint8Array(36);
  data[2] = 0x06; // SPC-4
  data[3] = 0x02;
  data[4] = data.length - 5;
  data[7] = 0x02; // command queueing
  data.set(ascii('Msft    Virtual Disk    1.0 '), 8);
  return data;
}

function vitalPage(page: number, content: number[]): ScsiAction {
  return answer(Uint8Array.from([0, page, 0, content.length, ...content]));
}

function blockLimits(unit: LogicalUnit): Uint8Array {
  const data = new Uint8Array(64);
  const view = new DataView(data.buffer);
  data[1] = 0xb0;
  view.setUint16(2, data.length - 4);
  view.setUint32(20, 0xffffffff); // sectors in one UNMAP
  view.setUint32(24, MAX_UNMAP_RANGES);
  view.setUint32(28, 4096 / unit.sectorBytes); // granularity
  return data;
}

function readCapacity10(unit: LogicalUnit): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, Math.min(unit.bytes / unit.sectorBytes - 1, 0xffffffff));
  view.setUint32(4, unit.sectorBytes);
  return new Uint8Array(view.buffer);
}

function readCapacity16(unit: LogicalUnit): Uint8Array {
  const view = new DataView(new ArrayBuffer(32));
  view.setBigUint64(0, BigInt(unit.bytes / unit.sectorBytes - 1));
  view.setUint32(8, unit.sectorBytes);
  view.setUint8(13, unit.sectorBytes === 512 ? 3 : 0); // physical sectors of 4 KB
  view.setUint8(14, 0x80); // thin provisioning
  return new Uint8Array(view.buffer);
}

/** The caching page says that there is a write cache, so that the guest flushes it. */
function modeSense(pageByte: number, headerBytes: 4 | 8): ScsiAction {
  const page = pageByte & 0x3f;
  if (page !== CACHING_PAGE && page !== ALL_PAGES) return failure(SENSE.invalidField);
  const caching = new Uint8Array(20);
  caching.set([CACHING_PAGE, 18, 0x04]);
  const data = new Uint8Array(headerBytes + caching.length);
  if (headerBytes === 4) data[0] = data.length - 1;
  else data[1] = data.length - 2;
  data.set(caching, headerBytes);
  return answer(data);
}

function reportLuns(luns: readonly number[]): Uint8Array {
  const data = new Uint8Array(8 + luns.length * 8);
  new DataView(data.buffer).setUint32(0, luns.length * 8);
  for (const [at, lun] of luns.entries()) data[8 + at * 8 + 1] = lun;
  return data;
}

function answer(data: Uint8Array): ScsiAction {
  return { kind: 'answer', data };
}

function failure(sense: Sense): ScsiAction {
  return { kind: 'failure', sense };
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f);
}
