import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import { bits, type PlainState, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { IcType } from './ic-protocol.js';

/** Hyper-V asks every two seconds and calls the contact lost after some silence (recalled; no published numbers). */
const PERIOD_NS = 2e9;
const LOST_AFTER_NS = 10e9;
const BODY_BYTES = 16;

export type HeartbeatState = 'no contact' | 'ok' | 'lost contact';

/** Asks the guest again and again whether it lives. */
export class Heartbeat implements SavableDevice {
  readonly title = 'heartbeat';
  readonly interfaceId = VMBUS_CLASSES.heartbeat;
  readonly instanceId = 'fd149e91-82e0-4a7d-afa6-2a4166cbd7c0';
  readonly messagePipe = true;
  /** Answers received. */
  beats = 0;
  private ic: IcChannel | null = null;
  private ready = false;
  private sequence = 0n;
  private nextNs = 0;
  private nowNs = 0;
  private answeredNs: number | null = null;
  private readonly handler: IcHandler = {
    versions: [
      [1, 0],
      [3, 0],
    ],
    ready: () => {
      this.ready = true;
      this.nextNs = 0;
    },
    response: () => {
      this.beats++;
      this.answeredNs = this.nowNs;
    },
    closed: () => {
      this.ready = false;
      this.answeredNs = null;
    },
  };

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  save(): PlainState {
    const { beats, sequence, answeredNs, nowNs } = this;
    return { version: 1, beats, sequence: bits(sequence), answeredNs, nowNs, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.beats = state.at('beats').integer(0, Number.MAX_SAFE_INTEGER);
    this.sequence = state.at('sequence').bits();
    this.nowNs = state.at('nowNs').time();
    this.answeredNs = state.at('answeredNs').orNull((time) => time.time());
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    this.ready = this.ic !== null && this.ic.version !== null;
    return this.ic;
  }

  tick(nowNs: number): number | null {
    this.nowNs = nowNs;
    if (!this.ready) return null;
    if (nowNs < this.nextNs) return this.nextNs - nowNs;
    const body = new Uint8Array(BODY_BYTES);
    new DataView(body.buffer).setBigUint64(0, ++this.sequence, true);
    this.ic?.request(IcType.heartbeat, body);
    this.nextNs = nowNs + PERIOD_NS;
    return PERIOD_NS;
  }

  get state(): HeartbeatState {
    if (this.answeredNs === null) return 'no contact';
    return this.nowNs - this.answeredNs > LOST_AFTER_NS ? 'lost contact' : 'ok';
  }
}
