import { flavourOf } from '../../model/catalog/parent-flavours.js';
import type { HostParts } from '../host-parts.js';
import type { TimerOwner } from '../timers.js';
import type { BackEndWork } from './back-end.js';

/** What the parent's own system computes beside its work for children: a little at regular moments, on its VPs in turn. */
export class ParentServices implements TimerOwner, BackEndWork {
  readonly title = 'services of the parent';
  private readonly slot: number;
  private readonly burstNs: number;
  private readonly periodNs: number;
  private turn = 0;

  constructor(private readonly parts: HostParts) {
    this.slot = parts.timers.add(this);
    const { costs, model } = parts;
    const percent = flavourOf(model)?.servicesPercent.value ?? 0;
    this.burstNs = Math.round((costs.get('parent-services').amount * percent) / 100);
    this.periodNs = Math.max(1, costs.get('parent-services-period').amount);
  }

  /** The host is ready. */
  start(): void {
    if (this.burstNs > 0) this.arm();
  }

  /** The parent is gone. */
  stop(): void {
    this.parts.timers.disarm(this.slot);
  }

  fire(): void {
    const { root } = this.parts;
    root.post(this.turn, this, 0);
    this.turn = (this.turn + 1) % root.vpCount;
    this.arm();
  }

  begin(): number {
    return this.parts.costs.get('parent-services').chargeNs(this.burstNs);
  }

  end(): void {}

  private arm(): void {
    this.parts.timers.arm(this.slot, this.parts.timers.nowNs + this.periodNs);
  }
}
