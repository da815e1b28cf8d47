import { invariant } from '../../defect.js';
import { hypercall, type Ports } from '../../hypervisor/tlfs/hypercalls.js';
import { HvStatus } from '../../hypervisor/tlfs/status.js';
import { Synic } from '../../hypervisor/tlfs/synic.js';
import type { OfferedChannel } from '../../vmbus/guest-messages.js';
import { CHANNEL_MESSAGE, EVENT_CONNECTION, VMBUS_SINT } from '../../vmbus/host/connection-ids.js';
import { SENT_BY_GUEST } from '../../vmbus/host/shared-interrupts.js';
import { MonitorPage } from '../../vmbus/monitor-page.js';
import { VERSION_1_1, VERSION_2_4, type VmbusVersion } from '../../vmbus/versions.js';
import type { DriverMemory } from '../driver-memory.js';

const PAGE = 4096;
const SLOT_BYTES = 256;
const SLOT = VMBUS_SINT * SLOT_BYTES;
const SLOT_PAYLOAD = 16;
const PENDING = 1;
const VECTOR = 0xf3n;
const POST_MESSAGE = 0x5cn;

/** Who is told of what the SynIC brings. */
export interface BusListener {
  message(): void;
  channel(relid: number): void;
}

/** What a modelled guest asks of the hypervisor. */
export interface BusPorts extends Ports {
  /** No call: a trigger was set in memory, which the hypervisor sees when it looks. */
  triggered(): void;
}

/**
 * What a modelled guest shares with the hypervisor for VMBus: a SynIC for each VP with its pages of messages and of
 * event flags, the page through which it posts messages, and the one by whose triggers it signals.
 */
export class BusPort {
  readonly synics: readonly Synic[];
  readonly interruptPage: number;
  readonly monitorPage: number;
  private readonly monitors: MonitorPage;
  private readonly pages: { messages: number; events: number }[];
  private readonly input: number;
  private sharedFlags = false;
  private sharedSignals = false;
  private messageWaits = false;
  /** Words of flags that can be set, by the channels that were offered. */
  private flagWords = 1;
  private listener: BusListener = { message: () => {}, channel: () => {} };

  /** null where the guest has too little memory for its pages. */
  static create(memory: DriverMemory, vpCount: number, ports: BusPorts): BusPort | null {
    const first = memory.allocate(2 * vpCount + 3);
    return first < 0 ? null : new BusPort(memory, vpCount, ports, first);
  }

  private constructor(
    private readonly memory: DriverMemory,
    vpCount: number,
    private readonly ports: BusPorts,
    firstFrame: number,
  ) {
    const page = (at: number) => (firstFrame + at) * PAGE;
    this.input = page(2 * vpCount);
    this.interruptPage = page(2 * vpCount + 1);
    const monitors = MonitorPage.at(memory, page(2 * vpCount + 2));
    invariant(monitors !== null, 'the page of the triggers lies in the memory of the guest');
    this.monitors = monitors;
    this.monitorPage = monitors.gpa;
    this.pages = Array.from({ length: vpCount }, (_, vp) => ({ messages: page(2 * vp), events: page(2 * vp + 1) }));
    this.synics = this.pages.map(({ messages, events }, vp) => {
      const synic = new Synic({ memory, injectVector: () => this.interrupted(vp) });
      synic.setSimp(BigInt(messages | 1));
      synic.setSiefp(BigInt(events | 1));
      synic.setSint(VMBUS_SINT, VECTOR);
      synic.scontrol = 1n;
      return synic;
    });
  }

  attach(listener: BusListener): void {
    this.listener = listener;
  }

  /** Before VMBus 2.4, channels share a page of interrupt bits; before 1.1 they share the connection to the host, too. */
  use(version: VmbusVersion): void {
    this.sharedFlags = version < VERSION_2_4;
    this.sharedSignals = version < VERSION_1_1;
  }

  /** The host may signal this channel from now on. */
  expect(relid: number): void {
    this.flagWords = Math.max(this.flagWords, (relid >>> 5) + 1);
  }

  /** HvCallPostMessage, as its input page says it. */
  post(connectionId: number, payload: Uint8Array): void {
    const header = new Uint8Array(Uint32Array.of(connectionId, 0, CHANNEL_MESSAGE, payload.length).buffer);
    this.memory.write(this.input, header);
    this.memory.write(this.input + header.length, payload);
    const status = hypercall(this.memory, { control: POST_MESSAGE, input: BigInt(this.input), output: 0n }, this.ports);
    invariant(status === HvStatus.Success, 'a modelled guest posted a message that its host did not take');
  }

  /**
   * HvCallSignalEvent for a channel; a channel that the host has closed answers with an error, which says nothing new. Where
   * the channel is monitored, its trigger is set instead.
   */
  signal({ relid, connectionId, monitor }: OfferedChannel): void {
    if (monitor !== null) {
      this.monitors.trigger(monitor);
      this.ports.triggered();
      return;
    }
    if (!this.sharedSignals) {
      this.ports.signalEvent(connectionId, 0);
      return;
    }
    const word = this.interruptPage + SENT_BY_GUEST + (relid >>> 5) * 4;
    this.memory.writeU32(word, (this.memory.readU32(word) | (1 << (relid & 31))) >>> 0);
    this.ports.signalEvent(EVENT_CONNECTION, 0);
  }

  /** The message in the slot, copied; the slot is emptied and, where more wait, the hypervisor told so. */
  takeMessage(): Uint8Array | null {
    const slot = this.pages[0]!.messages + SLOT;
    this.messageWaits = false;
    if (this.memory.readU32(slot) === 0) return null;
    const [size = 0, flags = 0] = this.memory.read(slot + 4, 2);
    const payload = this.memory.read(slot + SLOT_PAYLOAD, size);
    this.memory.writeU32(slot, 0);
    if ((flags & PENDING) !== 0) this.synics[0]!.endOfMessage();
    return payload;
  }

  /**
   * The vector arrived. The flags are taken at once, before the VP runs: it sees the same rings a little later.
   */
  private interrupted(vp: number): void {
    const { events, messages } = this.pages[vp]!;
    if (vp === 0 && !this.messageWaits && this.memory.readU32(messages + SLOT) !== 0) {
      this.messageWaits = true;
      this.listener.message();
    }
    const flags = events + VMBUS_SINT * SLOT_BYTES;
    if (!this.sharedFlags) this.takeFlags(flags);
    else if (this.memory.readU32(flags) !== 0) {
      this.memory.writeU32(flags, 0);
      this.takeFlags(this.interruptPage);
    }
  }

  private takeFlags(bitmap: number): void {
    for (let word = 0; word < this.flagWords; word++) {
      let bits = this.memory.readU32(bitmap + word * 4);
      if (bits === 0) continue;
      this.memory.writeU32(bitmap + word * 4, 0);
      for (; bits !== 0; bits &= bits - 1) this.listener.channel(word * 32 + 31 - Math.clz32(bits & -bits));
    }
  }
}
