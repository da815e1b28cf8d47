import type { TimerOwner, Timers } from '../timers.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { ChannelService, VmbusDevice } from '../vmbus/host/device.js';
import type { HostChannel } from '../vmbus/host/host-channel.js';
import type { BackEnd, BackEndWork } from './back-end.js';

/** An integration service, which may want to act by itself as time goes by. */
export interface IntegrationService extends VmbusDevice {
  /** Does what is due; nanoseconds until it wants to be asked again, or null: not before it is signalled. */
  tick?(nowNs: number): number | null;
}

const Work = { Signalled: 0, Due: 1, Request: 2 } as const;

/** When the services of one child want to act. A slot of the host's timers, made with the host. */
export class IntegrationClock implements TimerOwner {
  private readonly slot: number;
  private due = new Map<IntegrationHost, number>();
  private held = false;

  constructor(readonly timers: Timers) {
    this.slot = timers.add(this);
  }

  fire(): void {
    const { nowNs } = this.timers;
    for (const [host, dueNs] of [...this.due]) {
      if (dueNs > nowNs) continue;
      this.due.delete(host);
      host.act();
    }
    this.rearm();
  }

  set(host: IntegrationHost, waitNs: number | null): void {
    if (waitNs === null) this.due.delete(host);
    else this.due.set(host, this.timers.nowNs + Math.max(1, Math.ceil(waitNs)));
    this.rearm();
  }

  /** The child is suspended: nobody speaks to it. */
  hold(): void {
    this.held = true;
    this.timers.disarm(this.slot);
  }

  /** What was due meanwhile is due now. */
  goOn(): void {
    this.held = false;
    this.rearm();
  }

  stop(): void {
    this.held = false;
    this.due.clear();
    this.timers.disarm(this.slot);
  }

  private rearm(): void {
    if (this.held) return;
    const next = Math.min(...this.due.values());
    if (next === Number.POSITIVE_INFINITY) this.timers.disarm(this.slot);
    else this.timers.arm(this.slot, Math.max(next, this.timers.nowNs));
  }
}

/** The parent's side of an integration service of a modelled child: it speaks when a VP of the parent gets to it. */
export class IntegrationHost implements VmbusDevice, BackEndWork {
  readonly title: string;
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly messagePipe: boolean;
  private readonly vp: number;
  private readonly requests: (() => void)[] = [];
  private channel: HostChannel | null = null;
  private inner: ChannelService | null = null;

  constructor(
    private readonly service: IntegrationService,
    private readonly backEnd: BackEnd,
    vp: number,
    private readonly costs: { message: Cost; signal: Cost },
    private readonly clock: IntegrationClock,
  ) {
    this.title = service.title;
    this.interfaceId = service.interfaceId;
    this.instanceId = service.instanceId;
    this.messagePipe = service.messagePipe;
    this.vp = vp;
  }

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    this.inner = this.service.open(channel, 0);
    return {
      signalled: () => this.backEnd.post(this.vp, this, Work.Signalled),
      closed: () => {
        this.clock.set(this, null);
        this.inner?.closed();
        this.inner = null;
      },
    };
  }

  /** What the service wanted to wait for has come. */
  act(): void {
    this.backEnd.post(this.vp, this, Work.Due);
  }

  /** Lets the parent ask the guest for something. */
  request(ask: () => void): void {
    this.requests.push(ask);
    this.backEnd.post(this.vp, this, Work.Request);
  }

  begin(): number {
    if (!this.channel?.isOpen) return 0;
    const { message, signal } = this.costs;
    return message.charge() + this.backEnd.inHypervisor(this.vp, signal.charge());
  }

  end(what: number): void {
    if (what === Work.Request) this.requests.shift()!();
    if (!this.channel?.isOpen) return;
    if (what === Work.Signalled) this.inner?.signalled();
    this.clock.set(this, this.service.tick?.(this.clock.timers.nowNs) ?? null);
  }
}
