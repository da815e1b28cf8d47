import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { ScreenFrame } from '../../../../protocol/machine.js';
import type { DeviceMemory } from '../../../child/cpu-port.js';
import { hex, type PlainState, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { takeMessages } from '../take-messages.js';
import {
  decodeVideoMessage,
  type FromVideoGuest,
  featureChange,
  type Rectangle,
  resolutionResponse,
  type Situation,
  situationAck,
  VIDEO_VERSIONS,
  versionResponse,
  vramLocationAck,
} from './video-protocol.js';

const VRAM_MEGABYTES = 8;
const VRAM_BYTES = VRAM_MEGABYTES << 20;
/** What the guest may choose from, the preferred one first. */
const RESOLUTIONS = [
  [1024, 768],
  [800, 600],
  [640, 480],
  [1280, 1024],
] as const;
const BYTES_PER_PIXEL = 4;
const SAVED_PIECE = 4096;

/** The screen of a guest (synthetic video): the guest draws into memory of the device and says where it did. */
export class VideoVsp implements SavableDevice {
  readonly title = 'video';
  readonly interfaceId = VMBUS_CLASSES.video;
  readonly instanceId = '5620e0c7-8062-4dce-aeb7-520c7ef76171';
  readonly messagePipe = true;
  readonly mmioMegabytes = VRAM_MEGABYTES;
  /** Above the guest's RAM, where the guest has put it. */
  readonly vram: DeviceMemory = { gpa: null, bytes: new Uint8Array(VRAM_BYTES) };
  private channel: HostChannel | null = null;
  private situation: Situation | null = null;
  private dirty: Rectangle | null = null;
  private transaction = 0n;
  private readonly service: ChannelService = {
    signalled: () => this.hear(),
    closed: () => {
      this.channel = null;
      this.situation = null;
      this.dirty = null;
      this.vram.gpa = null;
    },
  };

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    return this.service;
  }

  /** What has changed since the last time, or all of it; null where nothing has, or the guest has no screen. */
  frame(everything = false): ScreenFrame | null {
    const { situation } = this;
    if (situation === null) return null;
    const { width, height, offset, pitch } = situation;
    const piece = everything ? { left: 0, top: 0, right: width, bottom: height } : this.dirty;
    this.dirty = null;
    if (piece === null) return null;
    const pixels = new Uint8Array((piece.right - piece.left) * (piece.bottom - piece.top) * BYTES_PER_PIXEL);
    let to = 0;
    for (let y = piece.top; y < piece.bottom; y++) {
      const line = offset + y * pitch;
      for (let from = line + piece.left * 4; from < line + piece.right * 4; from += 4) {
        pixels[to++] = this.vram.bytes[from + 2]!;
        pixels[to++] = this.vram.bytes[from + 1]!;
        pixels[to++] = this.vram.bytes[from]!;
        pixels[to++] = 0xff;
      }
    }
    return { width, height, ...piece, pixels };
  }

  save(): PlainState {
    const { situation } = this;
    const pieces: PlainState[] = [];
    const used = situation === null ? 0 : situation.offset + situation.pitch * situation.height;
    for (let at = 0; at < used; at += SAVED_PIECE) {
      const piece = this.vram.bytes.subarray(at, at + SAVED_PIECE);
      if (piece.some((byte) => byte !== 0)) pieces.push({ at, bytes: hex(piece) });
    }
    return { version: 1, gpa: this.vram.gpa, situation: situation && { ...situation }, pieces };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.channel = channel;
    this.vram.gpa = state.at('gpa').orNull((gpa) => gpa.integer(0, 0xffff_ffff));
    if (!this.fits(this.vram.gpa)) throw state.wrong('has its memory where there is none');
    const number = (saved: StateReader, name: string) => saved.at(name).integer(0, 0xffff_ffff);
    const situation = state.at('situation').orNull((saved): Situation => {
      const [offset, depth, pitch] = [number(saved, 'offset'), number(saved, 'depth'), number(saved, 'pitch')];
      const [width, height] = [number(saved, 'width'), number(saved, 'height')];
      return { active: saved.at('active').flag(), offset, depth, width, height, pitch };
    });
    if (situation !== null && !isSound(situation)) throw state.wrong('shows more than it has');
    this.situation = situation;
    for (const piece of state.at('pieces').list(VRAM_BYTES / SAVED_PIECE)) {
      const at = piece.at('at').integer(0, VRAM_BYTES - SAVED_PIECE);
      this.vram.bytes.set(piece.at('bytes').bytes(SAVED_PIECE), at);
    }
    this.everythingDirty();
    return channel && this.service;
  }

  private hear(): void {
    if (this.channel === null) return;
    const fault = 'a video message is too short';
    takeMessages(this.channel, decodeVideoMessage, fault, (message) => this.take(message));
  }

  private take(message: FromVideoGuest): void {
    switch (message.type) {
      case 'version':
        this.send(versionResponse(message.version, VIDEO_VERSIONS.includes(message.version)));
        break;
      case 'resolutions':
        this.send(resolutionResponse(RESOLUTIONS));
        break;
      case 'vram location':
        if (!this.fits(message.gpa)) {
          this.channel?.fail('it puts video memory where there is no room for it');
          return;
        }
        this.vram.gpa = message.gpa;
        this.send(vramLocationAck(message.context));
        this.send(featureChange());
        break;
      case 'situation':
        if (message.situation !== null && !isSound(message.situation)) {
          this.channel?.fail('its screen is larger than the video memory, or of another depth than 32 bits');
          return;
        }
        this.situation = message.situation?.active ? message.situation : null;
        this.everythingDirty();
        this.send(situationAck(message.context));
        break;
      case 'dirt':
        for (const rectangle of message.rectangles) this.soil(rectangle);
        break;
      case 'other':
        break;
    }
  }

  /** In the first 4 GB, above RAM. */
  private fits(gpa: number | null): boolean {
    return gpa === null || (gpa >= (this.channel?.memory.bytes ?? 0) && gpa + VRAM_BYTES <= 2 ** 32);
  }

  private everythingDirty(): void {
    const { situation } = this;
    this.dirty = situation && { left: 0, top: 0, right: situation.width, bottom: situation.height };
  }

  private soil(rectangle: Rectangle): void {
    if (this.situation === null) return;
    const { width, height } = this.situation;
    const before = this.dirty ?? { left: width, top: height, right: 0, bottom: 0 };
    const left = Math.max(0, Math.min(before.left, rectangle.left));
    const top = Math.max(0, Math.min(before.top, rectangle.top));
    const right = Math.min(width, Math.max(before.right, rectangle.right));
    const bottom = Math.min(height, Math.max(before.bottom, rectangle.bottom));
    if (left < right && top < bottom) this.dirty = { left, top, right, bottom };
  }

  private send(payload: Uint8Array): void {
    this.channel?.send(PacketType.InBand, 0, ++this.transaction, payload);
  }
}

function isSound({ offset, depth, width, height, pitch }: Situation): boolean {
  return depth === 32 && pitch >= width * BYTES_PER_PIXEL && offset + pitch * height <= VRAM_BYTES;
}
