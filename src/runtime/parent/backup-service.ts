import type { GuestDevice } from '../child/guest-device.js';
import { type IntegrationAnswer, LATER } from '../child/integration-client.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { IntegrationHost } from './integration-host.js';
import { Backup, BackupOperation } from './vsp/integration/backup.js';
import { BODY_AT, IcStatus } from './vsp/integration/ic-protocol.js';

/** How the guest answered: it did; it refused or took too long; it is not there any more. */
export type BackupAnswer = 'done' | 'refused' | 'gone';

/** Both ends of the backup service of one modelled child: the host asks, and the guest flushes before it answers. */
export class BackupService {
  readonly backup = new Backup((state, good) => {
    const { heard } = this;
    this.heard = () => {};
    heard(good ? 'done' : state === 'no contact' ? 'gone' : 'refused');
  });
  private host: IntegrationHost | null = null;
  private heard: (answer: BackupAnswer) => void = () => {};

  constructor(
    /** The operating system computes, then `then`, which may name a driver with a hypercall to make. */
    private readonly runSystem: (ns: number, then: () => GuestDevice | null) => void,
    private readonly costs: { freeze: Cost; thaw: Cost },
  ) {}

  offeredAs(host: IntegrationHost): void {
    this.host = host;
  }

  /** Lets the guest flush its files and hold its writes. */
  freeze(heard: (answer: BackupAnswer) => void): void {
    this.ask(() => this.backup.freeze(), heard);
  }

  thaw(heard: (answer: BackupAnswer) => void): void {
    this.ask(() => this.backup.thaw(), heard);
  }

  /** What the guest does when it is asked. */
  readonly answer: IntegrationAnswer = (packet, reply) => {
    const { freeze, thaw } = this.costs;
    const cost = packet.getUint8(BODY_AT) === BackupOperation.freeze ? freeze : thaw;
    this.runSystem(Math.max(1, cost.charge()), () => reply(IcStatus.success));
    return LATER;
  };

  private ask(operation: () => boolean, heard: (answer: BackupAnswer) => void): void {
    if (this.host === null) {
      heard('refused');
      return;
    }
    this.host.request(() => {
      this.heard = heard;
      if (operation()) return;
      this.heard = () => {};
      heard('refused');
    });
  }
}
