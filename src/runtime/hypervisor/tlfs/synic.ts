import type { Cpu } from '../../child/cpu-port.js';
import { bits, hex, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { enabledPage } from './msr.js';

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

/** What waits behind an occupied slot; a guest that does not read gets HV_STATUS_INSUFFICIENT_BUFFERS in the end. */
export const MAX_QUEUED_MESSAGES = 512;

export interface SynicMessage {
  type: number;
  sender: bigint;
  payload: Uint8Array;
}

/** The synthetic interrupt controller of one virtual processor. */
export class Synic {
  private readonly registers = { scontrol: 0n, siefp: 0n, simp: 0n };
  /** What the registers come to: addresses while the SynIC and the page are on, and vectors that interrupt, else null. */
  private messagePage: number | null = null;
  private eventPage: number | null = null;
  private readonly vectors = new Array<number | null>(SINT_COUNT).fill(null);
  private readonly sints: bigint[] = Array.from({ length: SINT_COUNT }, () => MASKED);
  private readonly queues: SynicMessage[][] = Array.from({ length: SINT_COUNT }, () => []);

  constructor(private readonly cpu: Pick<Cpu, 'memory' | 'injectVector'>) {}

  get scontrol(): bigint {
    return this.registers.scontrol;
  }

  set scontrol(value: bigint) {
    this.registers.scontrol = value;
    this.locatePages();
  }

  get siefp(): bigint {
    return this.registers.siefp;
  }

  set siefp(value: bigint) {
    this.registers.siefp = value;
    this.locatePages();
  }

  get simp(): bigint {
    return this.registers.simp;
  }

  set simp(value: bigint) {
    this.registers.simp = value;
    this.locatePages();
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

  /** Puts the message into the SINT's slot, or behind those that wait. false: SynIC off, or too many wait. */
  post(sint: number, message: SynicMessage): boolean {
    if (this.messagePage === null || !this.hasRoom(sint)) return false;
    this.queue(sint).push(message);
    this.deliver(sint);
    return true;
  }

  /** The guest has emptied a slot and asks for what waits. */
  endOfMessage(): void {
    for (let sint = 0; sint < SINT_COUNT; sint++) this.deliver(sint);
  }

  /** Sets an event flag; interrupts when it was clear before. false: SynIC off. */
  signal(sint: number, flag: number): boolean {
    const page = this.eventPage;
    if (page === null || flag < 0 || flag >= EVENT_FLAGS) return false;
    const word = page + sint * SLOT_BYTES + (flag >>> 5) * 4;
    const before = this.cpu.memory.readU32(word);
    const after = (before | (1 << (flag & 31))) >>> 0;
    if (after === before) return true;
    this.cpu.memory.writeU32(word, after);
    this.raise(sint);
    return true;
  }

  /** Forgets every message, as on a reset of the partition. */
  reset(): void {
    this.scontrol = 0n;
    this.siefp = 0n;
    this.simp = 0n;
    this.sints.fill(MASKED);
    this.vectors.fill(null);
    for (const queue of this.queues) queue.length = 0;
  }

  save(): PlainState {
    return {
      version: 1,
      scontrol: bits(this.scontrol),
      siefp: bits(this.siefp),
      simp: bits(this.simp),
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
    this.siefp = pageWithin(state.at('siefp'), this.cpu.memory.bytes);
    this.simp = pageWithin(state.at('simp'), this.cpu.memory.bytes);
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
    const page = this.messagePage;
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

  private locatePages(): void {
    const { scontrol, siefp, simp } = this.registers;
    const on = (scontrol & 1n) !== 0n;
    this.messagePage = on ? enabledPage(simp) : null;
    this.eventPage = on ? enabledPage(siefp) : null;
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
