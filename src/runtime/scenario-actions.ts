import { formatBytes } from '../model/format.js';
import type { ScenarioAction } from '../model/scenario.js';
import { applyDeviceFault } from './device-faults.js';
import type { Migrations } from './migration/migrations.js';
import type { ChildMachine } from './parent/child-machine.js';
import type { MachineManagement } from './parent/machine-management.js';
import type { RunningHost } from './running-host.js';

type CheckpointAction = Extract<ScenarioAction, { checkpoint: string }>;

/** Does to one host, and to its children wherever they live, what a scenario says. */
export class ScenarioActions {
  constructor(
    private readonly host: RunningHost,
    /** Every host of the run. */
    private readonly hosts: readonly RunningHost[],
    private readonly migrations: Migrations,
  ) {}

  get name(): string {
    return this.host.name;
  }

  act(action: ScenarioAction): void {
    const { log, architecture } = this.host.parts;
    if (action.kind === 'rate') {
      log.record('scenario', action.child, `requests ${action.requestsPerSecond} / s`);
      this.host.resident(action.child)?.work.setRate(action.requestsPerSecond);
      return;
    }
    if (action.kind === 'demand') {
      log.record('scenario', action.child, `demand ${formatBytes(action.bytes)}`);
      this.host.resident(action.child)?.residence.demand.setWorkingSet(action.bytes);
      return;
    }
    if (action.kind === 'host') {
      log.record('scenario', null, `${action.verb} host`);
      this.host.switchPower(action.verb);
      return;
    }
    if (action.kind === 'migrate') {
      const { child, to, mode } = action;
      log.record('scenario', child, `migrate to ${to}`);
      this.migrations.begin(this.host, child, to, mode);
      return;
    }
    if ('device' in action) {
      const { device, number } = action;
      const verb = action.kind === 'unplug' ? 'unplug' : 'plug in';
      log.record('scenario', action.child, `${verb} ${device} ${number + 1}`);
      const plugging = this.host.resident(action.child)?.plugging;
      if (verb === 'unplug') plugging?.unplug(device, number);
      else plugging?.plugIn(device, number);
      return;
    }
    if ('checkpoint' in action) {
      this.checkpoint(action);
      return;
    }
    if (action.kind !== 'life') {
      applyDeviceFault(this.host.parts, action);
      return;
    }
    const { verb, target } = action;
    log.record('scenario', null, `${verb} ${target.kind === 'child' ? target.name : target.kind}`);
    if (target.kind === 'parent' && architecture.parent === null) {
      const detail = `${architecture.title} has no parent partition: its drivers are in the hypervisor`;
      log.record('scenario', null, `refused: ${verb} parent`, { detail });
      return;
    }
    if (target.kind === 'parent' && this.host.parentState !== 'running') {
      log.record('scenario', null, `refused: ${verb} parent`, { detail: 'it does not run' });
      return;
    }
    if (target.kind === 'parent') {
      if (verb === 'fail') this.host.parentDown('failed', 'the parent failed');
      else if (verb === 'stop' || verb === 'turn-off') this.host.parentDown('stopped', 'the parent was stopped');
      return;
    }
    for (const child of this.host.targeted(target)) {
      if (verb === 'start') this.managementOf(child).start(child);
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
    if (child.saved.exists) this.managementOf(child).start(child);
    else this.host.parts.log.record('life', child.name, 'not restored', { detail: 'it has no saved state' });
  }

  private checkpoint(action: CheckpointAction): void {
    const { kind, checkpoint } = action;
    this.host.parts.log.record('scenario', action.child, `${kind} ${checkpoint}`);
    const child = this.host.resident(action.child);
    if (!child) return;
    if (kind === 'checkpoint') child.checkpoints.take(checkpoint, action.type);
    else if (kind === 'delete-checkpoint') child.checkpoints.remove(checkpoint);
    else if (child.checkpoints.revert(checkpoint)) this.managementOf(child).start(child);
  }

  /** Who starts a machine: the management of the host it is on. */
  private managementOf(machine: ChildMachine): MachineManagement {
    const host = this.hosts.find(({ children }) => children.includes(machine)) ?? this.host;
    return host.management;
  }
}
