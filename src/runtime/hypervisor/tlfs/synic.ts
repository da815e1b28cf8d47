import type { Cpu } from '../../child/cpu-port.js';
import { bits, hex, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { enabledPage } from './msr.js';
import { OverlayPage } from './overlay-page.js';
import { HvStatus } from './status.js';

/** TLFS 6.0b, "Synthetic Interrupt Controller": 16 SINTs, each with one message slot and 2,048 event flags. */
export const SINT_COUNT = 16;
const EVENT_FLAGS = 2048;
export const MAX_PAYLOAD = 240;
const SLOT_BYTES = 256;
const SLOT_FLAGS = 5;
const MESSAGE_PENDING = 1;

const MASKED = 1n << 16n;
const POLLING = 1n << 18n;
const LOWEST_VECTOR = 16n;

/**
 * What waits behind an occupied slot; a guest that does not read gets HV_STATUS_INSUFFICIENT_BUFFERS in the end. On
 * Hyper-V 16 are the hypervisor's, for each port, and the rest waits in the parent; here they are one queue.
 */
export const MAX_QUEUED_MESSAGES = 512;

export interface SynicMessage {
  type: number;
  sender: bigint;
  payload: Uint8Array;
}

/** The synthetic interrupt controller of one virtual processor. */
export class Synic {
  private control = 0n;
  private on = false;
  private siefpValue = 0n;
  private simpValue = 0n;
  private readonly messages: OverlayPage;
  private readonly events: OverlayPage;
  private readonly sints: bigint[] = Array.from({ length: SINT_COUNT }, () => MASKED);
  /** What the SINTs come to: the vector that each interrupts with, or null. */
  private readonly vectors = new Array<number | null>(SINT_COUNT).fill(null);
  private readonly queues: SynicMessage[][] = Array.from({ length: SINT_COUNT }, () => []);

  constructor(private readonly cpu: Pick<Cpu, 'memory' | 'injectVector'>) {
    this.messages = new OverlayPage(cpu.memory);
    this.events = new OverlayPage(cpu.memory);
  }

  get scontrol(): bigint {
    return this.control;
  }

  set scontrol(value: bigint) {
    this.control = value;
    this.on = (value & 1n) !== 0n;
  }

  get simp(): bigint {
    return this.simpValue;
  }

  get siefp(): bigint {
    return this.siefpValue;
  }

  /** Places the message page. false: it is not in memory. */
  setSimp(value: bigint): boolean {
    if (!this.messages.place(enabledPage(value))) return false;
    this.simpValue = value;
    return true;
  }

  /** Places the page of event flags. false: it is not in memory. */
  setSiefp(value: bigint): boolean {
    if (!this.events.place(enabledPage(value))) return false;
    this.siefpValue = value;
    return true;
  }

  sint(index: number): bigint {
    return this.sints[index] ?? MASKED;
  }

  /** false: an unmasked SINT needs a vector of 16 or more. */
  setSint(index: number, value: bigint): boolean {
    if ((value & MASKED) === 0n && (value & 0xffn) < LOWEST_VECTOR) return false;
    this.sints[index] = value;
    this.vectors[index] = (value & (MASKED | POLLING)) === 0n ? Number(value & 0xffn) : null;
    return true;
  }

  /** Room for another message of this SINT? */
  hasRoom(sint: number): boolean {
    return this.queue(sint).length < MAX_QUEUED_MESSAGES;
  }

  /** What waits behind the slot of a SINT. */
  waiting(sint: number): readonly SynicMessage[] {
    return this.queue(sint);
  }

  /** Puts the message into the SINT's slot, or behind those that wait. */
  post(sint: number, message: SynicMessage): HvStatus {
    if (this.messagePage() === null) return HvStatus.InvalidSynicState;
    if (!this.hasRoom(sint)) return HvStatus.InsufficientBuffers;
    this.queue(sint).push(message);
    this.deliver(sint);
    return HvStatus.Success;
  }

  /** The guest has emptied a slot and asks for what waits. */
  endOfMessage(): void {
    for (let sint = 0; sint < SINT_COUNT; sint++) this.deliver(sint);
  }

  /** Sets an event flag; interrupts when it was clear before. */
  signal(sint: number, flag: number): HvStatus {
    const page = this.on ? this.events.address : null;
    if (page === null) return HvStatus.InvalidSynicState;
    if (flag < 0 || flag >= EVENT_FLAGS) return HvStatus.InvalidParameter;
    const word = page + sint * SLOT_BYTES + (flag >>> 5) * 4;
    const before = this.cpu.memory.readU32(word);
    const after = (before | (1 << (flag & 31))) >>> 0;
    if (after === before) return HvStatus.Success;
    this.cpu.memory.writeU32(word, after);
    this.raise(sint);
    return HvStatus.Success;
  }

  save(): PlainState {
    return {
      version: 1,
      scontrol: bits(this.scontrol),
      siefp: bits(this.siefp),
      simp: bits(this.simp),
      messages: this.messages.save(),
      events: this.events.save(),
      sints: this.sints.map(bits),
      queues: this.queues.map((queue) =>
        queue.map(({ type, sender, payload }) => ({ type, sender: bits(sender), payload: hex(payload) })),
      ),
    };
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    state.version(1);
    this.scontrol = state.at('scontrol').bits();
    this.siefpValue = pageWithin(state.at('siefp'), this.cpu.memory.bytes);
    this.simpValue = pageWithin(state.at('simp'), this.cpu.memory.bytes);
    this.messages.restore(state.at('messages'));
    this.events.restore(state.at('events'));
    for (const [sint, value] of state.at('sints').list(SINT_COUNT).entries()) this.setSint(sint, value.bits());
    for (const [sint, saved] of state.at('queues').list(SINT_COUNT).entries()) {
      const messages = saved.list(MAX_QUEUED_MESSAGES).map((message) => ({
        type: message.at('type').integer(0, 0xffffffff),
        sender: message.at('sender').bits(),
        payload: message.at('payload').bytes(MAX_PAYLOAD),
      }));
      this.queue(sint).splice(0, Number.POSITIVE_INFINITY, ...messages);
    }
  }

  private deliver(sint: number): void {
    const page = this.messagePage();
    const queue = this.queue(sint);
    if (page === null || queue.length === 0) return;
    const { memory } = this.cpu;
    const slot = page + sint * SLOT_BYTES;
    if (memory.readU32(slot) !== 0) {
      const flags = memory.read(slot + SLOT_FLAGS, 1)[0] ?? 0;
      memory.write(slot + SLOT_FLAGS, Uint8Array.of(flags | MESSAGE_PENDING));
      return;
    }
    const message = queue.shift()!;
    memory.write(slot + 4, slotBody(message, queue.length > 0));
    memory.writeU32(slot, message.type); // last: a type other than 0 makes the slot full
    this.raise(sint);
  }

  private raise(sint: number): void {
    const vector = this.vectors[sint] ?? null;
    if (vector !== null) this.cpu.injectVector(vector);
  }

  private messagePage(): number | null {
    return this.on ? this.messages.address : null;
  }

  private queue(sint: number): SynicMessage[] {
    return this.queues[sint]!;
  }
}

/** An MSR with a page that is disabled, or lies in memory as the guest's own write had to. */
function pageWithin(state: StateReader, memoryBytes: number): bigint {
  const value = state.bits();
  const page = enabledPage(value);
  if (page !== null && page + 4096 > memoryBytes) throw state.wrong('names a page outside of memory');
  return value;
}

/** The slot after its type: payload size, flags, sender, payload. */
function slotBody(message: SynicMessage, pending: boolean): Uint8Array {
  const body = new Uint8Array(12 + message.payload.length);
  body[0] = message.payload.length;
  body[1] = pending ? MESSAGE_PENDING : 0;
  new DataView(body.buffer).setBigUint64(4, message.sender, true);
  body.set(message.payload, 12);
  return body;
}
