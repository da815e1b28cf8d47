import { GpaOutOfRange, type GuestMemory, type HypercallRegisters } from '../../child/cpu-port.js';
import { CallCode, CHILD_PRIVILEGES, mayCall } from './privileges.js';
import { HvStatus } from './status.js';
import { MAX_PAYLOAD } from './synic.js';

/** TLFS 6.0b, "HvCallPostMessage" and "HvCallSignalEvent". */
const POST_MESSAGE_HEADER = 16;

const FAST = 1n << 16n;
/** Variable header size, rep count, rep start and all reserved bits: zero for the simple calls that are here. */
const MUST_BE_ZERO = ~0x1ffffn & 0xffffffffffffffffn;
/** What an empty slot holds. */
const NO_MESSAGE = 0;
/** Message types with the top bit set belong to the hypervisor itself. */
const HYPERVISOR_MESSAGE = 0x80000000;

/** Who receives what partitions say to each other. */
export interface Ports {
  postMessage(connectionId: number, type: number, payload: Uint8Array): HvStatus;
  signalEvent(connectionId: number, flag: number): HvStatus;
}

/** Decodes a hypercall of a child, reads its input once and carries it out. */
export function hypercall(memory: GuestMemory, call: HypercallRegisters, ports: Ports): HvStatus {
  const code = Number(call.control & 0xffffn);
  const allowed = mayCall(code, CHILD_PRIVILEGES);
  if (allowed === null) return HvStatus.InvalidHypercallCode;
  if (!allowed) return HvStatus.AccessDenied;
  if ((call.control & MUST_BE_ZERO) !== 0n) return HvStatus.InvalidHypercallInput;
  const fast = (call.control & FAST) !== 0n;
  try {
    if (code === CallCode.SignalEvent) return signalEvent(memory, call, fast, ports);
    return fast ? HvStatus.InvalidHypercallInput : postMessage(memory, call, ports);
  } catch (error) {
    if (error instanceof GpaOutOfRange) return HvStatus.InvalidParameter;
    throw error;
  }
}

function postMessage(memory: GuestMemory, call: HypercallRegisters, ports: Ports): HvStatus {
  const at = inputAddress(call.input, POST_MESSAGE_HEADER + MAX_PAYLOAD);
  if (at === null) return HvStatus.InvalidAlignment;
  const input = memory.read(at, POST_MESSAGE_HEADER + MAX_PAYLOAD);
  const view = new DataView(input.buffer);
  const type = view.getUint32(8, true);
  const size = view.getUint32(12, true);
  const typeAllowed = type !== NO_MESSAGE && type < HYPERVISOR_MESSAGE;
  if (size > MAX_PAYLOAD || !typeAllowed) return HvStatus.InvalidParameter;
  const payload = input.slice(POST_MESSAGE_HEADER, POST_MESSAGE_HEADER + size);
  return ports.postMessage(view.getUint32(0, true), type, payload);
}

function signalEvent(memory: GuestMemory, call: HypercallRegisters, fast: boolean, ports: Ports): HvStatus {
  let input = call.input;
  if (!fast) {
    const at = inputAddress(call.input, 8);
    if (at === null) return HvStatus.InvalidAlignment;
    input = new DataView(memory.read(at, 8).buffer).getBigUint64(0, true);
  }
  return ports.signalEvent(Number(input & 0xffffffffn), Number((input >> 32n) & 0xffffn));
}

/** Input is aligned to 8 bytes and stays within its page; null where it does not. */
function inputAddress(gpa: bigint, bytes: number): number | null {
  if ((gpa & 7n) !== 0n || (gpa & 0xfffn) + BigInt(bytes) > 4096n) return null;
  return Number(gpa);
}
