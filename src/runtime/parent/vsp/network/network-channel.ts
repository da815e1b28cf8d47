import { GpaOutOfRange } from '../../../child/cpu-port.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { HostChannel, Packet } from '../../../vmbus/host/host-channel.js';
import type { SharedBuffer } from '../../../vmbus/host/shared-buffer.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { GuestBuffer } from '../guest-buffer.js';
import type { NetworkVsp } from './network-vsp.js';
import * as nvsp from './nvsp.js';
import { Receiver } from './receiver.js';
import { RndisAdapter } from './rndis-adapter.js';
import { decodeRndisPacket, RNDIS_HEADER, RNDIS_PACKET } from './rndis-packet.js';

/** The longest message a guest may send, a large send with its headers included. */
const LARGEST_TRANSFER = 0x2_0000;
/** Hyper-V cuts every send buffer into sections of this size (openvmm, netvsp/src/lib.rs). */
const SEND_SECTION_BYTES = 6144;

/** An open channel of a network adapter: agrees on versions and buffers, and carries RNDIS messages both ways. */
export class NetworkChannel {
  private version = 0;
  private ndisVersion = 0;
  private sendBuffer: SharedBuffer | null = null;
  /** What the guest calls its buffers, for who goes on from a snapshot. */
  private sendGpadl: number | null = null;
  private receiveGpadl: { gpadl: number; id: number } | null = null;
  private readonly receiver: Receiver;
  private readonly adapter: RndisAdapter;
  /** The pages that the packet lends which is being served. */
  private readonly lent: GuestBuffer;
  private serving = false;

  constructor(
    private readonly channel: HostChannel,
    private readonly vsp: NetworkVsp,
  ) {
    this.lent = new GuestBuffer(channel.memory);
    this.adapter = new RndisAdapter(vsp, () => this.ndisVersion);
    this.receiver = new Receiver(channel, vsp, this.adapter);
  }

  /** Takes what the guest sent, as far as the switch has room, and gives it what waits for it. */
  signalled(): void {
    if (this.serving) return; // what it sends may come straight back to it
    this.serving = true;
    try {
      while (!this.channel.backlogged && !this.vsp.port?.busy) {
        const packet = this.channel.receive();
        if (packet === null) break;
        this.guarded(() => this.serve(packet));
      }
      this.guarded(() => this.receiver.pump());
    } finally {
      this.serving = false;
    }
  }

  /** Whether a buffer that the guest shares under this handle is in use. */
  uses(gpadl: number): boolean {
    return this.sendGpadl === gpadl || this.receiveGpadl?.gpadl === gpadl;
  }

  linkChanged(): void {
    this.guarded(() => {
      const status = this.adapter.linkStatus();
      if (status !== null) this.receiver.control(status);
      this.receiver.pump();
    });
  }

  save(): PlainState {
    const { version, ndisVersion, sendGpadl, receiveGpadl } = this;
    const receive = receiveGpadl && { ...receiveGpadl };
    return { version, ndisVersion, sendGpadl, receive, receiver: this.receiver.save(), adapter: this.adapter.save() };
  }

  /** Goes on where `save` was. Throws SnapshotError. */
  restore(state: StateReader): void {
    this.version = state.at('version').integer(0, 0xffff_ffff);
    this.ndisVersion = state.at('ndisVersion').integer(-0x8000_0000, 0xffff_ffff);
    this.sendGpadl = state.at('sendGpadl').orNull((gpadl) => gpadl.integer(0, 0xffff_ffff));
    this.sendBuffer = this.sendGpadl === null ? null : this.channel.sharedBuffer(this.sendGpadl);
    this.receiveGpadl = state.at('receive').orNull((receive) => ({
      gpadl: receive.at('gpadl').integer(0, 0xffff_ffff),
      id: receive.at('id').integer(0, 0xffff),
    }));
    if (this.receiveGpadl !== null) {
      const { gpadl, id } = this.receiveGpadl;
      const sections = this.receiver.share(this.channel.sharedBuffer(gpadl), id);
      if (sections === null) throw state.wrong('names a receive buffer that is not there');
    }
    this.receiver.restore(state.at('receiver'));
    this.adapter.restore(state.at('adapter'));
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof GpaOutOfRange)) throw error;
      this.channel.fail(error.message);
    }
  }

  private serve(packet: Packet): void {
    if (packet.type === PacketType.Completion) {
      this.receiver.completed(packet.transactionId);
      return;
    }
    const message = nvsp.decodeNvsp(packet.payload, this.version);
    if (message === null) {
      this.channel.fail('a network message is too short, or not of the agreed version');
      return;
    }
    this.complete(packet, this.answer(message, packet));
  }

  private answer(message: nvsp.NvspMessage, packet: Packet): Uint8Array {
    switch (message.type) {
      case 'init': {
        const known = message.minimum === message.maximum && nvsp.NVSP_VERSIONS.includes(message.minimum);
        if (known) this.version = message.minimum;
        return nvsp.initComplete(message.minimum, known ? nvsp.NvspStatus.Success : nvsp.NvspStatus.Failure);
      }
      case 'ndis version':
        this.ndisVersion = (message.major << 16) | (message.minor & 0xffff);
        return nvsp.acknowledged();
      case 'receive buffer': {
        const sections = this.receiver.share(this.channel.sharedBuffer(message.gpadl), message.id);
        if (sections !== null) this.receiveGpadl = { gpadl: message.gpadl, id: message.id };
        return sections === null
          ? nvsp.receiveBufferRefused()
          : nvsp.receiveBufferComplete(sections.bytes, sections.count);
      }
      case 'revoke receive buffer':
        this.receiver.revoke();
        this.receiveGpadl = null;
        return nvsp.acknowledged();
      case 'send buffer':
        this.sendBuffer = this.channel.sharedBuffer(message.gpadl);
        this.sendGpadl = this.sendBuffer === null ? null : message.gpadl;
        return this.sendBuffer === null ? nvsp.sendBufferRefused() : nvsp.sendBufferComplete(SEND_SECTION_BYTES);
      case 'revoke send buffer':
        this.sendBuffer = null;
        this.sendGpadl = null;
        return nvsp.acknowledged();
      case 'rndis packet':
        return this.rndis(message, packet);
      case 'sub-channels':
        // A second channel is for a second virtual processor, which no guest has here.
        return nvsp.subChannelsComplete(message.count === 0 ? nvsp.NvspStatus.Success : nvsp.NvspStatus.Failure, 0);
      case 'oid query':
        return nvsp.oidQueryRefused();
      case 'ndis config':
      case 'switch data path':
        return nvsp.acknowledged();
    }
  }

  private rndis(message: Extract<nvsp.NvspMessage, { type: 'rndis packet' }>, packet: Packet): Uint8Array {
    const bytes = this.messageBytes(message, packet);
    const good = bytes !== null && (message.control ? this.control(bytes) : this.data(bytes));
    return nvsp.rndisPacketComplete(good ? nvsp.NvspStatus.Success : nvsp.NvspStatus.InvalidRndisPacket);
  }

  /** A copy of what the guest sent: from its send buffer, or from the pages that the packet lends. */
  private messageBytes(
    { section, sectionBytes }: { section: number; sectionBytes: number },
    packet: Packet,
  ): Uint8Array | null {
    if (section !== nvsp.NO_SECTION) {
      if (this.sendBuffer === null || sectionBytes > SEND_SECTION_BYTES) return null;
      return this.sendBuffer.read(section * SEND_SECTION_BYTES, sectionBytes);
    }
    if (packet.type !== PacketType.GpaDirect) return null;
    const { lent } = this;
    if (!lent.load(packet.view, packet.payloadAt) || lent.bytes > LARGEST_TRANSFER) return null;
    return lent.read(lent.bytes);
  }

  private control(bytes: Uint8Array): boolean {
    const answers = this.adapter.answer(bytes, LARGEST_TRANSFER);
    if (answers === null) return false;
    for (const answer of answers) this.receiver.control(answer);
    return true;
  }

  /** One data message or several behind each other; each goes into the switch. */
  private data(bytes: Uint8Array): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; ) {
      if (at + RNDIS_HEADER > bytes.length) return false;
      const length = view.getUint32(at + 4, true);
      if (view.getUint32(at, true) !== RNDIS_PACKET || length < RNDIS_HEADER || at + length > bytes.length)
        return false;
      this.send(bytes.subarray(at, at + length));
      at += length;
    }
    return true;
  }

  private send(message: Uint8Array): void {
    const { counters, port } = this.vsp;
    const decoded = decodeRndisPacket(message);
    if (decoded === null) {
      counters.malformed++;
      return;
    }
    counters.sentFrames++;
    counters.sentBytes += decoded.frame.bytes;
    port?.send(decoded.frame, decoded.tag);
  }

  private complete(packet: Packet, payload: Uint8Array): void {
    if (packet.completionRequested) this.channel.send(PacketType.Completion, 0, packet.transactionId, payload);
  }
}
