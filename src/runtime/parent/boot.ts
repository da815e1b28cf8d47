import { flavourOf } from '../../model/catalog/parent-flavours.js';
import { PARENT_NAME } from '../../model/devices.js';
import type { HostPhase } from '../../protocol/snapshot.js';
import type { BootStep } from '../architecture/architecture.js';
import { IDEAL_SCHEDULING, isIdeal } from '../architecture/ideal-scheduling.js';
import { limitWords } from '../architecture/limit-period.js';
import { invariant } from '../defect.js';
import type { HostParts } from '../host-parts.js';
import type { TimerOwner } from '../timers.js';
import type { Cost } from '../trace/cost-ledger.js';

/** From power on to a host that can start children, by the steps of its architecture. */
export class Boot implements TimerOwner {
  phase: HostPhase = 'firmware';
  /** When it was ready first. */
  readyNs: number | null = null;
  private durationNs = 0;
  private readonly steps: BootStep[] = [];
  private step: BootStep | null = null;
  private readonly slot: number;

  constructor(
    private readonly parts: HostParts,
    private readonly onReady: () => void,
  ) {
    this.slot = parts.timers.add(this);
  }

  powerOn(): void {
    const { architecture, model } = this.parts;
    this.steps.push(...architecture.boot(model));
    this.next();
  }

  /** Everything is installed by now: what a boot does after its last reboot. */
  powerOnAgain(): void {
    const { architecture, model } = this.parts;
    const steps = architecture.boot(model);
    this.steps.push(...steps.slice(steps.findLastIndex(({ phase }) => phase === 'reboot') + 1));
    this.next();
  }

  /** The host is off, wherever its boot was. */
  powerOff(): void {
    this.steps.length = 0;
    this.step = null;
    this.parts.timers.disarm(this.slot);
    this.phase = 'down';
  }

  fire(): void {
    const { step } = this;
    invariant(step !== null, 'the boot finished no step');
    const { root, log } = this.parts;
    if (step.phase === 'hypervisor') {
      const { title, detail } = this.scheduling();
      log.record('boot', null, title, { detail });
    }
    if (step.launchesParent) root.launch();
    log.record('boot', this.owner(step), step.title, { detail: step.detail, durationNs: this.durationNs });
    this.next();
  }

  private scheduling(): { title: string; detail?: string } {
    const { architecture, model, costs } = this.parts;
    if (isIdeal(model)) return IDEAL_SCHEDULING;
    const { title, limitPeriod } = architecture.scheduling;
    return { title: title(model), detail: limitPeriod === null ? undefined : limitWords(model, costs, limitPeriod) };
  }

  /** The privileged partition, once there is one; what comes before it happens to the host. */
  private owner({ phase }: BootStep): string | null {
    const inParent = phase === 'root' || phase === 'services';
    return inParent && this.parts.model.parent !== null ? PARENT_NAME : null;
  }

  /** Its own system boots as fast as its flavour does. */
  private charge(cost: Cost): number {
    const isSystem = this.step?.phase === 'metal' || this.step?.phase === 'root';
    const percent = isSystem ? (flavourOf(this.parts.model)?.bootPercent.value ?? 100) : 100;
    return cost.chargeNs(Math.round((cost.amount * percent) / 100));
  }

  private next(): void {
    this.step = this.steps.shift() ?? null;
    if (this.step) {
      this.phase = this.step.phase;
      const { cost } = this.step;
      this.durationNs = cost === null ? 0 : this.charge(this.parts.costs.get(cost));
      this.parts.timers.arm(this.slot, this.parts.timers.nowNs + this.durationNs);
      return;
    }
    this.phase = 'ready';
    this.readyNs ??= this.parts.timers.nowNs;
    this.parts.log.record('boot', null, 'ready', { detail: 'children can start' });
    this.onReady();
  }
}
