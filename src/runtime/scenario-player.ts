import { formatBytes } from '../model/format.js';
import type { Scenario, ScenarioAction, Target } from '../model/host-model.js';
import { applyDeviceFault } from './device-faults.js';
import type { HostParts } from './host-parts.js';
import type { ChildMachine } from './parent/child-machine.js';
import type { MachineManagement } from './parent/machine-management.js';
import type { TimerOwner } from './timers.js';

type CheckpointAction = Extract<ScenarioAction, { checkpoint: string }>;

/** What a scenario can do to the host itself. */
export interface HostActions {
  parentDown(state: 'stopped' | 'failed', why: string): void;
  power(verb: 'shut-down' | 'restart' | 'cut-power'): void;
}

/** Does at its moments what a scenario says. Its clock starts when the host is ready. */
export class ScenarioPlayer implements TimerOwner {
  private readonly slot: number;
  private next = 0;
  private readyNs = 0;

  constructor(
    private readonly parts: HostParts,
    private readonly scenario: Scenario,
    private readonly children: readonly ChildMachine[],
    private readonly management: MachineManagement,
    private readonly host: HostActions,
  ) {
    this.slot = parts.timers.add(this);
  }

  begin(readyNs: number): void {
    this.readyNs = readyNs;
    this.arm();
  }

  fire(): void {
    const step = this.scenario.steps[this.next++]!;
    this.act(step.action);
    this.arm();
  }

  private arm(): void {
    const step = this.scenario.steps[this.next];
    if (step) this.parts.timers.arm(this.slot, Math.max(this.parts.timers.nowNs, this.readyNs + step.atNs));
  }

  private act(action: ScenarioAction): void {
    const { log, architecture } = this.parts;
    if (action.kind === 'rate') {
      log.record('scenario', action.child, `requests ${action.requestsPerSecond} / s`);
      this.children.find(({ name }) => name === action.child)?.work.setRate(action.requestsPerSecond);
      return;
    }
    if (action.kind === 'demand') {
      log.record('scenario', action.child, `demand ${formatBytes(action.bytes)}`);
      this.children.find(({ name }) => name === action.child)?.demand.setWorkingSet(action.bytes);
      return;
    }
    if (action.kind === 'host') {
      log.record('scenario', null, `${action.verb} host`);
      this.host.power(action.verb);
      return;
    }
    if ('checkpoint' in action) {
      this.checkpoint(action);
      return;
    }
    if (action.kind !== 'life') {
      applyDeviceFault(this.parts, action);
      return;
    }
    const { verb, target } = action;
    log.record('scenario', null, `${verb} ${target.kind === 'child' ? target.name : target.kind}`);
    if (target.kind === 'parent' && architecture.parent === null) {
      const detail = `${architecture.title} has no parent partition: its drivers are in the hypervisor`;
      log.record('scenario', null, `refused: ${verb} parent`, { detail });
      return;
    }
    if (target.kind === 'parent') {
      if (verb === 'fail') this.host.parentDown('failed', 'the parent failed');
      else if (verb === 'stop' || verb === 'turn-off') this.host.parentDown('stopped', 'the parent was stopped');
      return;
    }
    for (const child of this.targeted(target)) {
      if (verb === 'start') this.management.start(child);
      else if (verb === 'stop') child.shutDown();
      else if (verb === 'turn-off') child.turnOff('turned off');
      else if (verb === 'fail') child.turnOff('the child failed', 'failed');
      else if (verb === 'pause') child.pause();
      else if (verb === 'save') child.saved.save();
      else if (verb === 'restore') this.restore(child);
      else child.resume();
    }
  }

  private restore(child: ChildMachine): void {
    if (child.saved.exists) this.management.start(child);
    else this.parts.log.record('life', child.name, 'not restored', { detail: 'it has no saved state' });
  }

  private checkpoint(action: CheckpointAction): void {
    const { kind, checkpoint } = action;
    this.parts.log.record('scenario', action.child, `${kind} ${checkpoint}`);
    const child = this.children.find(({ name }) => name === action.child);
    if (!child) return;
    if (kind === 'checkpoint') child.checkpoints.take(checkpoint, action.type);
    else if (kind === 'delete-checkpoint') child.checkpoints.remove(checkpoint);
    else if (child.checkpoints.revert(checkpoint)) this.management.start(child);
  }

  private targeted(target: Target): ChildMachine[] {
    return this.children.filter(
      ({ name }) => target.kind === 'all' || (target.kind === 'child' && target.name === name),
    );
  }
}
