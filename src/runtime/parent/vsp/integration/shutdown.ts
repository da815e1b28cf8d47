import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { IcStatus, IcType } from './ic-protocol.js';

const BODY_BYTES = 12 + 2048;
const FORCE = 1;

export type ShutdownAnswer = 'accepted' | 'refused';

/** Asks the guest to shut itself down as if somebody had chosen it there. */
export class Shutdown implements SavableDevice {
  readonly title = 'operating system shutdown';
  readonly interfaceId = VMBUS_CLASSES.shutdown;
  readonly instanceId = 'b6650ff7-33bc-4840-8048-e0676786f393';
  readonly messagePipe = true;
  private ic: IcChannel | null = null;
  private ready = false;
  private readonly handler: IcHandler = {
    versions: [
      [1, 0],
      [3, 0],
    ],
    ready: () => {
      this.ready = true;
    },
    response: ({ type, status }) => {
      if (type === IcType.shutdown) this.answered(status === IcStatus.success ? 'accepted' : 'refused');
    },
    closed: () => {
      this.ready = false;
    },
  };

  constructor(private readonly answered: (answer: ShutdownAnswer) => void) {}

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  save(): PlainState {
    return { version: 1, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    this.ready = this.ic !== null && this.ic.version !== null;
    return this.ic;
  }

  /** false: the guest has no such service, or not yet. */
  request(): boolean {
    if (!this.ready || this.ic === null) return false;
    const body = new Uint8Array(BODY_BYTES);
    new DataView(body.buffer).setUint32(8, FORCE, true);
    this.ic.request(IcType.shutdown, body);
    return true;
  }
}
