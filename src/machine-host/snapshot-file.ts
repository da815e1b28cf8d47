import type { Child } from '../model/host-model.js';
import type { MachineState } from '../runtime/child/machine/machine-child.js';
import { V86_FINGERPRINT } from '../runtime/child/machine/v86-layout.js';
import { type PlainState, SnapshotError, StateReader } from '../runtime/child/snapshot/plain-state.js';
import { crc32 } from './crc32.js';
import { memoryOf } from './machine-limits.js';
import type { Packing } from './packing.js';

/**
 * A machine child that stands still, as a file:
 *
 *   8 bytes  "HVSNAP", CR, LF: a transfer that changes line ends is noticed
 *   4 bytes  version of the format
 *   4 bytes  length of the header
 *   4 bytes  CRC-32 of the header
 *            header: JSON, what the file is of and whom it fits
 *            gzip, with its own CRC-32, of the hypervisor's side (JSON) and of processor and memory
 *
 * Numbers are little-endian.
 */
const MAGIC = Uint8Array.of(0x48, 0x56, 0x53, 0x4e, 0x41, 0x50, 0x0d, 0x0a);
const VERSION = 1;
const FIXED_BYTES = 20;
const MAX_HEADER_BYTES = 1 << 20;
/** The hypervisor's side of a machine, and what a PC has besides its memory. */
const MAX_HOST_BYTES = 64 << 20;
const MAX_DEVICE_BYTES = 64 << 20;
const MAX_DISKS = 256;

/** What a snapshot is of. */
export interface SnapshotHeader {
  child: string;
  /** Milliseconds since 1970-01-01 UTC. */
  savedAtMs: number;
  memoryBytes: number;
  processors: number;
  servicesOff: string[];
  disks: SavedDisk[];
}

export interface SavedDisk {
  file: string;
  bytes: number;
  /** Changes whenever the content does; what it is, its caller decides. */
  stamp: string;
}

/** The file of a machine that has been saved. `stamps`: one for each disk of the child. */
export async function writeSnapshot(
  child: Child,
  state: MachineState,
  stamps: readonly string[],
  savedAtMs: number,
  packing: Packing,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const host = encoder.encode(JSON.stringify(state.host));
  const header = encoder.encode(
    JSON.stringify({
      ...headerOf(child, stamps, savedAtMs),
      v86: V86_FINGERPRINT,
      hostBytes: host.length,
      cpuBytes: state.cpu.length,
    }),
  );
  const packed = await packing.pack([host, state.cpu]);
  const file = new Uint8Array(FIXED_BYTES + header.length + packed.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, header.length, true);
  file.set(header, FIXED_BYTES);
  file.set(packed, FIXED_BYTES + header.length);
  view.setUint32(16, crc32(header), true);
  return file;
}

/** What the file says it is of, without unpacking it. Throws SnapshotError. */
export function readSnapshotHeader(file: Uint8Array): SnapshotHeader {
  return openSnapshot(file).header;
}

/**
 * Throws SnapshotError unless the file is of this child and, where stamps are given, its disks hold what they held then;
 * without unpacking it.
 */
export function checkSnapshot(file: Uint8Array, child: Child, stamps: readonly string[] | null): void {
  const { header } = openSnapshot(file);
  const difference = whyNotFitting(header, child);
  if (difference !== null) throw new SnapshotError(difference);
  const changed = stamps === null ? undefined : header.disks.find(({ stamp }, index) => stamp !== stamps[index]);
  if (changed === undefined) return;
  throw new SnapshotError(
    `${changed.file} was written after the snapshot; the guest would destroy what is on it if it went on`,
  );
}

/**
 * The machine in the file, which the child must fit. `stamps`: what its disks hold now, which must be what they held then;
 * null where they are put back with it. Throws SnapshotError.
 */
export async function readSnapshot(
  file: Uint8Array<ArrayBuffer>,
  child: Child,
  packing: Packing,
  stamps: readonly string[] | null,
): Promise<MachineState> {
  checkSnapshot(file, child, stamps);
  const { hostBytes, cpuBytes, packed } = openSnapshot(file);
  const body = await packing.unpack(packed, hostBytes + cpuBytes);
  if (body === null) throw new SnapshotError('the snapshot is damaged: it cannot be unpacked');
  return { host: parse(body.subarray(0, hostBytes)), cpu: body.subarray(hostBytes) };
}

function headerOf(child: Child, stamps: readonly string[], savedAtMs: number): SnapshotHeader {
  return {
    child: child.name,
    savedAtMs,
    memoryBytes: memoryOf(child),
    processors: child.processors.count,
    servicesOff: [...child.integrationServicesOff],
    disks: child.disks.map(({ file, bytes }, index) => ({ file, bytes, stamp: stamps[index] ?? '' })),
  };
}

/** What of the definition changed since, so that the guest would find itself on another machine; or null. */
function whyNotFitting(saved: SnapshotHeader, child: Child): string | null {
  const now = headerOf(child, [], 0);
  const differs = (what: string, before: unknown, after: unknown) =>
    `the snapshot is of another machine: it was saved with ${what} ${before}, and the definition says ${after}`;
  if (saved.child !== now.child) return `the snapshot is of child ${saved.child}, not of ${now.child}`;
  if (saved.memoryBytes !== now.memoryBytes) return differs('memory of', saved.memoryBytes, `${now.memoryBytes} bytes`);
  if (saved.processors !== now.processors) return differs('processors:', saved.processors, now.processors);
  const [servicesBefore, servicesNow] = [saved, now].map(
    ({ servicesOff }) => servicesOff.toSorted().join(', ') || 'none',
  );
  if (servicesBefore !== servicesNow) return differs('integration services off:', servicesBefore, servicesNow);
  const [before, after] = [saved, now].map(({ disks }) => disks.map(diskText).join(', ') || 'none');
  return before === after ? null : differs('disks:', before, after);
}

function diskText({ file, bytes }: SavedDisk): string {
  return `${file} (${bytes} bytes)`;
}

function openSnapshot<Bytes extends Uint8Array>(file: Bytes) {
  if (file.length < FIXED_BYTES || MAGIC.some((byte, at) => file[at] !== byte)) {
    throw new SnapshotError('this is no snapshot of a machine child');
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    throw new SnapshotError(`the snapshot has format ${version}, and this hvhost reads format ${VERSION}`);
  }
  const headerBytes = view.getUint32(12, true);
  if (headerBytes > MAX_HEADER_BYTES || FIXED_BYTES + headerBytes > file.length) throw damaged('it is cut off');
  const header = file.subarray(FIXED_BYTES, FIXED_BYTES + headerBytes);
  if (view.getUint32(16, true) !== crc32(header)) throw damaged("its header's checksum is wrong");
  return { ...readHeader(parse(header)), packed: file.subarray(FIXED_BYTES + headerBytes) as Bytes };
}

function readHeader(json: PlainState) {
  const state = new StateReader(json, 'header');
  if (state.at('v86').integer(0, 0xffffffff) !== V86_FINGERPRINT) {
    throw new SnapshotError('the snapshot was made by another build of v86 and cannot be continued by this one');
  }
  const memoryBytes = state.at('memoryBytes').integer(0, 2 ** 32);
  const header: SnapshotHeader = {
    child: state.at('child').text(1024),
    savedAtMs: state.at('savedAtMs').time(),
    memoryBytes,
    processors: state.at('processors').integer(1, 4096),
    servicesOff: state
      .at('servicesOff')
      .list(64)
      .map((service) => service.text(256)),
    disks: state
      .at('disks')
      .list(MAX_DISKS)
      .map((disk) => ({
        file: disk.at('file').text(4096),
        bytes: disk.at('bytes').integer(0, Number.MAX_SAFE_INTEGER),
        stamp: disk.at('stamp').text(256),
      })),
  };
  return {
    header,
    hostBytes: state.at('hostBytes').integer(0, MAX_HOST_BYTES),
    cpuBytes: state.at('cpuBytes').integer(0, memoryBytes + MAX_DEVICE_BYTES),
  };
}

function parse(bytes: Uint8Array): PlainState {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PlainState;
  } catch {
    throw damaged('it cannot be read');
  }
}

function damaged(what: string): SnapshotError {
  return new SnapshotError(`the snapshot is damaged: ${what}`);
}
