import type { Scenario, ScenarioStep } from '../model/scenario.js';
import type { TimerOwner, Timers } from './timers.js';

/** Plays the steps of a scenario at their moments. Its clock starts when the hosts are ready. */
export class ScenarioPlayer implements TimerOwner {
  private readonly slot: number;
  private next = 0;
  private readyNs = 0;

  constructor(
    private readonly timers: Timers,
    private readonly scenario: Scenario,
    private readonly act: (step: ScenarioStep) => void,
  ) {
    this.slot = timers.add(this);
  }

  begin(readyNs: number): void {
    this.readyNs = readyNs;
    this.arm();
  }

  fire(): void {
    this.act(this.scenario.steps[this.next++]!);
    this.arm();
  }

  private arm(): void {
    const step = this.scenario.steps[this.next];
    if (step) this.timers.arm(this.slot, Math.max(this.timers.nowNs, this.readyNs + step.atNs));
  }
}
