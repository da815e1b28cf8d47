import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { IcStatus, IcType } from './ic-protocol.js';

/** Operations of the volume shadow copy service (VSS) that the host asks for. */
export const BackupOperation = { freeze: 5, thaw: 6 } as const;
const BODY_BYTES = 12;
/** What a guest gets to answer, and how long it is held (assumed): nobody may forget it in there. */
const ANSWER_NS = 10e9;
const HOLD_NS = 20e9;

export type BackupState = 'no contact' | 'running' | 'freezing' | 'frozen' | 'thawing';

/** Asks the guest to hold its file systems still while a checkpoint is taken, and to go on. */
export class Backup implements SavableDevice {
  readonly title = 'backup (volume shadow copy)';
  readonly interfaceId = VMBUS_CLASSES.backup;
  readonly instanceId = '2450ee40-33bf-4fbd-892e-9fb06e9214cf';
  readonly messagePipe = true;
  state: BackupState = 'no contact';
  private ic: IcChannel | null = null;
  private nowNs = 0;
  /** When it is thawed whatever the guest says; 0: counted from the next tick on. */
  private untilNs = 0;
  private readonly handler: IcHandler = {
    versions: [[5, 0]],
    ready: () => {
      this.state = 'running';
    },
    response: ({ type, status }) => {
      if (type === IcType.backup) this.answered(status === IcStatus.success);
    },
    closed: () => {
      const waited = this.state === 'freezing' || this.state === 'thawing';
      this.state = 'no contact';
      if (waited) this.settled(this.state, false);
    },
  };

  /** `settled` hears how a freeze or a thaw ended; false: the guest refused, took too long or is gone. */
  constructor(private readonly settled: (state: BackupState, good: boolean) => void) {}

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  /** false: the guest has no such service, or not yet, or is frozen already. */
  freeze(): boolean {
    return this.ask('running', 'freezing', BackupOperation.freeze);
  }

  /** false: the guest is not frozen. */
  thaw(): boolean {
    return this.ask('frozen', 'thawing', BackupOperation.thaw);
  }

  /** Whoever was paused to be saved, or was saved frozen, goes on thawed. */
  resumed(): void {
    this.thaw();
  }

  tick(nowNs: number): number | null {
    this.nowNs = nowNs;
    if (this.state !== 'freezing' && this.state !== 'frozen') return null;
    if (this.untilNs === 0) this.untilNs = nowNs + ANSWER_NS;
    if (nowNs < this.untilNs) return this.untilNs - nowNs;
    const answered = this.state === 'frozen';
    this.state = 'frozen'; // for all that is known
    this.thaw();
    if (!answered) this.settled(this.state, false);
    return null;
  }

  save(): PlainState {
    return { version: 1, state: this.state, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    const saved = state.at('state').text(16);
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    if (this.ic === null || this.ic.version === null) return this.ic;
    this.state = saved === 'freezing' || saved === 'frozen' ? 'frozen' : 'running';
    return this.ic;
  }

  private ask(from: BackupState, to: BackupState, operation: number): boolean {
    if (this.state !== from) return false;
    this.state = to;
    this.untilNs = 0;
    const body = new Uint8Array(BODY_BYTES);
    body[0] = operation;
    this.ic?.request(IcType.backup, body);
    return true;
  }

  /** A guest that answers what it was not asked is not heard. */
  private answered(good: boolean): void {
    if (this.state === 'freezing') {
      this.state = good ? 'frozen' : 'running';
      this.untilNs = this.nowNs + HOLD_NS;
    } else if (this.state === 'thawing') this.state = 'running';
    else return;
    this.settled(this.state, good);
  }
}
