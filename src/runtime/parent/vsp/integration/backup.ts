import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { IcStatus, IcType } from './ic-protocol.js';

/** Operations of the volume shadow copy service (VSS) that the host asks for. */
const BackupOperation = { hotBackup: 2, freeze: 5, thaw: 6 } as const;
const BODY_BYTES = 12;

const STATES = ['no contact', 'running', 'freezing', 'frozen', 'thawing'] as const;
export type BackupState = (typeof STATES)[number];

/** Asks the guest to hold its file systems still while a checkpoint is taken, and to go on. */
export class Backup implements SavableDevice {
  readonly title = 'backup (volume shadow copy)';
  readonly interfaceId = VMBUS_CLASSES.backup;
  readonly instanceId = '2450ee40-33bf-4fbd-892e-9fb06e9214cf';
  readonly messagePipe = true;
  state: BackupState = 'no contact';
  private ic: IcChannel | null = null;

  private readonly handler: IcHandler = {
    versions: [[5, 0]],
    ready: () => {
      this.state = 'running';
    },
    response: ({ type, status }) => {
      if (type === IcType.backup) this.answered(status === IcStatus.success);
    },
    closed: () => {
      this.state = 'no contact';
    },
  };

  /** `settled` hears how a freeze or a thaw ended; false: the guest refused, and runs. */
  constructor(private readonly settled: (state: BackupState, good: boolean) => void) {}

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  save(): PlainState {
    return { version: 1, state: this.state, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    const saved = state.at('state');
    const name = saved.text(16);
    const known = STATES.find((one) => one === name);
    if (known === undefined) throw saved.wrong('is no state of a backup');
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    this.state = this.ic === null ? 'no contact' : known;
    return this.ic;
  }

  /** false: the guest does not run, or has no such service. */
  freeze(): boolean {
    return this.ask('running', 'freezing', BackupOperation.freeze);
  }

  /** false: the guest is not frozen. */
  thaw(): boolean {
    return this.ask('frozen', 'thawing', BackupOperation.thaw);
  }

  private ask(from: BackupState, to: BackupState, operation: number): boolean {
    if (this.state !== from) return false;
    this.state = to;
    const body = new Uint8Array(BODY_BYTES);
    body[0] = operation;
    this.ic?.request(IcType.backup, body);
    return true;
  }

  /** A guest that answers what it was not asked is not heard. */
  private answered(good: boolean): void {
    if (this.state === 'freezing') this.state = good ? 'frozen' : 'running';
    else if (this.state === 'thawing') this.state = 'running';
    else return;
    this.settled(this.state, good);
  }
}
