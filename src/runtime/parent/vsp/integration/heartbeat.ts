import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { ChannelService, VmbusDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel } from './ic-channel.js';
import { IcType } from './ic-protocol.js';

/** Hyper-V asks every two seconds and calls the contact lost after some silence (recalled; no published numbers). */
const PERIOD_NS = 2e9;
const LOST_AFTER_NS = 10e9;
const BODY_BYTES = 16;

export type HeartbeatState = 'no contact' | 'ok' | 'lost contact';

/** Asks the guest again and again whether it lives. */
export class Heartbeat implements VmbusDevice {
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

  open(channel: HostChannel): ChannelService {
    this.ic = new IcChannel(channel, {
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
    });
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
