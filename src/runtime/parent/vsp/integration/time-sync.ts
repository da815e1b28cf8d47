import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { HostClock } from '../../../child/cpu-port.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { IcType, type Version } from './ic-protocol.js';

/** A sample every five seconds (recalled from Hyper-V; no published number). */
const PERIOD_NS = 5e9;
/** From 1601-01-01 to 1970-01-01 in milliseconds. */
const WINDOWS_EPOCH_MS = 11_644_473_600_000;
const SYNC = 1;
const SAMPLE = 2;
const BODY_BYTES = 28;
const BODY_BYTES_V4 = 24;

/** Tells the guest what time it is: once to set its clock, then samples to keep it. */
export class TimeSync implements SavableDevice {
  readonly title = 'time synchronization';
  readonly interfaceId = VMBUS_CLASSES.timeSynchronization;
  readonly instanceId = '2dd1ce17-079e-403c-b352-a1921ee207ee';
  readonly messagePipe = true;
  private ic: IcChannel | null = null;
  private version: Version | null = null;
  private synced = false;
  private nextNs = 0;
  private readonly handler: IcHandler = {
    versions: [
      [1, 0],
      [3, 0],
      [4, 0],
    ],
    ready: (version) => {
      this.version = version;
      this.synced = false;
      this.nextNs = 0;
    },
    response: () => {},
    closed: () => {
      this.version = null;
    },
  };

  /** `referenceTime`: the partition's reference time in units of 100 ns. */
  constructor(
    private readonly clock: HostClock,
    private readonly referenceTime: () => bigint,
  ) {}

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  /** The guest stood still while the world went on: its clock is set anew, as after a start. */
  resumed(): void {
    this.synced = false;
    this.nextNs = 0;
  }

  save(): PlainState {
    return { version: 1, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    this.version = this.ic?.version ?? null;
    return this.ic;
  }

  tick(nowNs: number): number | null {
    if (this.version === null) return null;
    if (nowNs < this.nextNs) return this.nextNs - nowNs;
    this.ic?.request(IcType.timeSync, this.body(this.version, this.synced ? SAMPLE : SYNC));
    this.synced = true;
    this.nextNs = nowNs + PERIOD_NS;
    return PERIOD_NS;
  }

  private body([major]: Version, flags: number): Uint8Array {
    const modern = major >= 4;
    const bytes = new Uint8Array(modern ? BODY_BYTES_V4 : BODY_BYTES);
    const view = new DataView(bytes.buffer);
    const hundredNs = BigInt(Math.round(this.clock.wallTimeMs() + WINDOWS_EPOCH_MS)) * 10_000n;
    view.setBigUint64(0, hundredNs, true);
    if (modern) view.setBigUint64(8, this.referenceTime(), true);
    view.setUint8(modern ? 16 : 24, flags);
    return bytes;
  }
}
