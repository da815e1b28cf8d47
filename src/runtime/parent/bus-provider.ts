import type { GuestMemory } from '../child/cpu-port.js';
import type { BusPorts } from '../child/vmbus/bus-port.js';
import { invariant } from '../defect.js';
import {
  connectEvents,
  connectMessages,
  type EventConnection,
  type MessageConnection,
  type PortTarget,
} from '../hypervisor/tlfs/connections.js';
import { ROOT_PRIVILEGES } from '../hypervisor/tlfs/privileges.js';
import { HvStatus, statusName } from '../hypervisor/tlfs/status.js';
import type { Cost } from '../trace/cost-ledger.js';
import { VMBUS_SINT } from '../vmbus/host/connection-ids.js';
import type { VmbusEvent, VmbusHost } from '../vmbus/host/vmbus-host.js';
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
export class BusProvider implements BackEndWork, VmbusHost {
  readonly title: string;
  readonly server: VmbusServer;
  /** Where the child's hypercalls go. */
  readonly ports: BusPorts;
  /** What the server posts to: it goes when a VP of the parent gets to it. */
  readonly messages = {
    hasRoom: () => this.hasRoom(),
    post: (type: number, payload: Uint8Array) => this.post(type, payload),
  };
  /** The SynICs of the child's VPs, once it has set them up. */
  private synics: readonly PortTarget[] = [];
  private toChild: MessageConnection | null = null;
  private readonly inbox: Posted[] = [];
  private readonly outbox: { type: number; payload: Uint8Array }[] = [];
  private readonly vp: number;
  private down = false;

  constructor(
    childName: string,
    private readonly backEnd: BackEnd,
    private readonly costs: BusCosts,
    readonly memory: GuestMemory,
    readonly versions: readonly VmbusVersion[],
    private readonly alarm: MonitorAlarm,
    readonly report: (event: VmbusEvent) => void,
  ) {
    this.title = `VMBus of ${childName}`;
    this.vp = backEnd.assignVp();
    this.server = new VmbusServer(this);
    this.ports = {
      postMessage: (connectionId, type, payload) => this.posted({ connectionId, type, payload }),
      signalEvent: (connectionId, flag) => this.server.signalEvent(connectionId, flag),
      triggered: () => alarm.triggered(),
    };
    alarm.watch((nowNs) => this.server.lookAtMonitors(nowNs));
  }

  /** The child has SynICs: its ports can be made. */
  attach(synics: readonly PortTarget[]): void {
    this.synics = synics;
    const connection = connectMessages(ROOT_PRIVILEGES, synics, 0, VMBUS_SINT);
    invariant(typeof connection !== 'number', 'the root has no connection to the message port of a child');
    this.toChild = connection;
  }

  /** The partition is gone: what is still under way reaches nobody. */
  close(): void {
    this.down = true;
    this.alarm.stop();
    this.server.close();
    this.toChild?.deletePort();
  }

  connectEvents(vp: number, flag: number): EventConnection | HvStatus {
    return connectEvents(ROOT_PRIVILEGES, this.synics, vp, VMBUS_SINT, flag);
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
    const { type, payload } = this.outbox.shift()!;
    const status = this.toChild?.post(type, payload) ?? HvStatus.InvalidPortId;
    if (status !== HvStatus.Success) this.report({ type: 'message refused', reason: statusName(status) });
  }

  private hasRoom(): boolean {
    return this.outbox.length < MOST_WAITING;
  }

  private post(type: number, payload: Uint8Array): HvStatus {
    this.outbox.push({ type, payload });
    this.backEnd.post(this.vp, this, Work.Send);
    return HvStatus.Success;
  }

  private posted(message: Posted): HvStatus {
    if (this.inbox.length >= MOST_WAITING) return HvStatus.InsufficientBuffers;
    this.inbox.push(message);
    this.backEnd.post(this.vp, this, Work.Receive);
    return HvStatus.Success;
  }
}
