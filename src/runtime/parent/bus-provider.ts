import type { GuestMemory } from '../child/cpu-port.js';
import type { BusPorts } from '../child/vmbus/bus-port.js';
import { HvStatus } from '../hypervisor/tlfs/status.js';
import type { SynicMessage } from '../hypervisor/tlfs/synic.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { VmbusEvent, VmbusSynic } from '../vmbus/host/vmbus-host.js';
import { VmbusServer } from '../vmbus/host/vmbus-server.js';
import type { VmbusVersion } from '../vmbus/versions.js';
import type { BackEnd, BackEndWork } from './back-end.js';
import type { MonitorAlarm } from './monitor-alarm.js';

const Work = { Receive: 0, Send: 1 } as const;
/** As many as the hypervisor keeps for a message port. */
const MOST_WAITING = 512;

interface Posted {
  connectionId: number;
  type: number;
  payload: Uint8Array;
}

/** What a message costs the parent: handling it, and the hypercall that posts one. */
export interface BusCosts {
  message: Cost;
  post: Cost;
}

/** The parent's driver of VMBus for one child: takes and posts messages when a VP of the parent gets to it. */
export class BusProvider implements BackEndWork, VmbusSynic {
  readonly title: string;
  readonly server: VmbusServer;
  /** Where the child's hypercalls go. */
  readonly ports: BusPorts;
  /** The SynICs of the child's VPs, once it has set them up. */
  synics: readonly Pick<VmbusSynic, 'post' | 'signal'>[] = [];
  private readonly inbox: Posted[] = [];
  private readonly outbox: { sint: number; message: SynicMessage }[] = [];
  private readonly vp: number;
  private down = false;

  constructor(
    childName: string,
    private readonly backEnd: BackEnd,
    private readonly costs: BusCosts,
    memory: GuestMemory,
    versions: readonly VmbusVersion[],
    private readonly alarm: MonitorAlarm,
    report: (event: VmbusEvent) => void,
  ) {
    this.title = `VMBus of ${childName}`;
    this.vp = backEnd.assignVp();
    this.server = new VmbusServer({ memory, synic: this, versions, report });
    this.ports = {
      postMessage: (connectionId, type, payload) => this.posted({ connectionId, type, payload }),
      signalEvent: (connectionId) => this.server.signalEvent(connectionId),
      triggered: () => alarm.triggered(),
    };
    alarm.watch((nowNs) => this.server.lookAtMonitors(nowNs));
  }

  /** The partition is gone: what is still under way reaches nobody. */
  close(): void {
    this.down = true;
    this.alarm.stop();
    this.server.close();
  }

  // --- VmbusSynic: what the server says -------------------------------------------------------------------------

  hasRoom(): boolean {
    return this.outbox.length < MOST_WAITING;
  }

  post(sint: number, message: SynicMessage): boolean {
    this.outbox.push({ sint, message });
    this.backEnd.post(this.vp, this, Work.Send);
    return true;
  }

  signal(sint: number, flag: number, vp: number): boolean {
    return this.synics[vp]?.signal(sint, flag, vp) ?? false;
  }

  // --- BackEndWork ------------------------------------------------------------------------------------------------

  begin(what: number): number {
    if (this.down) return 0;
    const ns = this.costs.message.charge();
    return what === Work.Receive ? ns : ns + this.backEnd.inHypervisor(this.vp, this.costs.post.charge());
  }

  end(what: number): void {
    if (this.down) return;
    if (what === Work.Receive) {
      const { connectionId, type, payload } = this.inbox.shift()!;
      this.server.postMessage(connectionId, type, payload);
      return;
    }
    const { sint, message } = this.outbox.shift()!;
    this.synics[0]?.post(sint, message);
  }

  private posted(message: Posted): HvStatus {
    if (this.inbox.length >= MOST_WAITING) return HvStatus.InsufficientBuffers;
    this.inbox.push(message);
    this.backEnd.post(this.vp, this, Work.Receive);
    return HvStatus.Success;
  }
}
