import {
  admitChild,
  type ChildAdmission,
  emptiestNode,
  type Ledger,
  machineOverheadBytes,
  openLedger,
  releaseChild,
  resizeChild,
} from '../../model/admission.js';
import { restartBytes } from '../../model/dynamic-memory.js';
import { heldBytes, stateDisk } from '../../model/state-room.js';
import { invariant } from '../defect.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { FULL_LP } from '../hypervisor/partition.js';
import { HvStatus } from '../hypervisor/tlfs/status.js';
import type { TimerOwner } from '../timers.js';
import type { ChildMachine } from './child-machine.js';
import type { MemoryBooks } from './dynamic-memory/memory-balancer.js';
import { type StartStep, startSteps } from './start-steps.js';

const Clock = { Step: 0, Patience: 1 } as const;

/**
 * Virtual machine management (VMMS) in the parent: starts children one after the other, each by the sequence of
 * hypercalls that makes a partition, and keeps the ledger of what has been given away.
 */
export class MachineManagement implements TimerOwner, MemoryBooks {
  private ledger: Ledger;
  private readonly admissions = new Map<ChildMachine, ChildAdmission>();
  private readonly queue: ChildMachine[] = [];
  private current: ChildMachine | null = null;
  private steps: StartStep[] = [];
  private step: StartStep | null = null;
  /** The restart that waits for memory, and what it waits for. */
  private awaiting: { machine: ChildMachine; bytes: number; node: number | null } | null = null;
  /** Why nothing is started; null while the parent is there to do it. */
  private down: string | null = null;
  private readonly slot: number;
  private readonly patienceSlot: number;

  constructor(
    private readonly parts: HostParts,
    private readonly children: readonly ChildMachine[],
  ) {
    this.ledger = openLedger(parts.model);
    this.slot = parts.timers.add(this, Clock.Step);
    this.patienceSlot = parts.timers.add(this, Clock.Patience);
    for (const child of children) {
      child.onStopped = (stopped) => this.stopped(stopped);
      child.onResized = (resized, bytes) => this.resized(resized, bytes);
    }
  }

  /** Queues a child for its start. A child that runs, or waits already, is left as it is. */
  start(child: ChildMachine): void {
    if (this.down !== null) {
      this.parts.log.record('fault', child.name, 'not started', { detail: this.down });
      child.relocation.transit?.refused(this.down);
      return;
    }
    if (child.exists || child.state === 'waiting' || child.state === 'starting') return;
    child.setState('waiting');
    this.queue.push(child);
    if (!this.current && !this.awaiting) this.startNext();
  }

  memoryLeftBytes(node: number | null): number {
    const { memoryLeftBytes, nodesLeftBytes } = this.ledger;
    const left = node === null ? memoryLeftBytes : (nodesLeftBytes?.[node] ?? memoryLeftBytes);
    return this.awaiting && this.awaiting.node === node ? left - this.awaiting.bytes : left;
  }

  /** The parent is there, again. */
  open(): void {
    this.down = null;
  }

  /** The parent is gone, or goes. */
  stop(why = 'there is no parent to start it'): void {
    this.down = why;
    this.queue.length = 0;
    this.current = null;
    this.steps = [];
    this.awaiting = null;
    this.parts.timers.disarm(this.slot);
    this.parts.timers.disarm(this.patienceSlot);
  }

  /** A step of the sequence is done, or a restart has waited long enough. */
  fire(clock: number): void {
    if (clock === Clock.Patience) {
      this.goOn();
      return;
    }
    const child = this.current;
    const step = this.step;
    invariant(child !== null && step !== null, 'management finished no step');
    const status = step.act();
    invariant(status === HvStatus.Success, 'a hypercall of an admitted start failed');
    this.parts.log.record('boot', child.name, step.title, { detail: step.detail, durationNs: step.durationNs });
    this.nextStep();
  }

  private startNext(): void {
    this.current = null;
    for (let child = this.queue.shift(); child; child = this.queue.shift()) {
      if (child.state !== 'waiting') continue;
      if (this.mustWait(child)) return;
      if (this.begin(child)) return;
    }
  }

  private begin(child: ChildMachine): boolean {
    if (!this.admit(child)) return false;
    this.current = child;
    child.setState(child.saved.exists ? 'restoring' : child.returningPages > 0 ? 'migrating' : 'starting');
    this.steps = startSteps(this.parts, child, this.admissions.get(child)!, () => this.reservedBesides(child));
    this.nextStep();
    return true;
  }

  /** A restart for which memory is short waits while the balancer takes some from others. */
  private mustWait(machine: ChildMachine): boolean {
    const { timers, costs } = this.parts;
    const { startupBytes } = machine.child.memory;
    const bytes = (returningBytes(machine) ?? startupBytes) + machineOverheadBytes(startupBytes);
    if (!machine.hasRun || machine.dynamic === null || bytes <= this.roomiestBytes()) return false;
    this.awaiting = { machine, bytes, node: emptiestNode(this.ledger) };
    timers.arm(this.patienceSlot, timers.nowNs + costs.get('restart-wait').amount);
    return true;
  }

  /** The wait is over: the restart begins with what there is, or is refused. */
  private goOn(): void {
    const machine = this.awaiting?.machine;
    this.awaiting = null;
    this.parts.timers.disarm(this.patienceSlot);
    if (machine?.state !== 'waiting' || !this.begin(machine)) this.startNext();
  }

  /** What one child may take at most: on a node of its own, where children do not span nodes. */
  private roomiestBytes(): number {
    const { memoryLeftBytes, nodesLeftBytes } = this.ledger;
    return Math.max(0, Math.min(memoryLeftBytes, ...(nodesLeftBytes ? [Math.max(...nodesLeftBytes)] : [])));
  }

  private nextStep(): void {
    this.step = this.steps.shift() ?? null;
    if (this.step) this.parts.timers.arm(this.slot, this.parts.timers.nowNs + this.step.durationNs);
    else this.startNext();
  }

  private admit(machine: ChildMachine): boolean {
    const { log, model } = this.parts;
    const { child } = machine;
    if (child.kind === 'machine') {
      const why = `HV702: '${child.name}' boots a real kernel, and a run models guests only: Boot above the child, or hvhost boot, executes it.`;
      machine.setState('refused', why);
      log.record('life', child.name, 'refused', { detail: why });
      return false;
    }
    const { stateRoom } = machine.residence;
    const { admission, ledger } = admitChild(model, this.withRoomFor(machine), child, this.startBytes(machine));
    if (admission.refusals.length > 0) {
      const why = admission.refusals.map(({ code, message }) => `${code}: ${message}`).join(' ');
      machine.setState(machine.saved.exists ? 'saved' : 'refused', why);
      log.record('life', child.name, 'refused', { detail: why });
      machine.relocation.transit?.refused(why);
      return false;
    }
    this.ledger = ledger;
    this.admissions.set(machine, admission);
    // A state that is there stays there until the guest is back.
    stateRoom.resize(Math.max(stateRoom.bytes, admission.heldBytes));
    return true;
  }

  /** The ledger with what the disk for the state of a machine has left now: hosts share disks, and others are saved there. */
  private withRoomFor(machine: ChildMachine): Ledger {
    const disk = stateDisk(this.parts.model, machine.child);
    if (disk === null) return this.ledger;
    return { ...this.ledger, roomLeftBytes: { [disk]: machine.residence.stateRoom.mostBytes } };
  }

  /** Only a child that ran before may start with less than its startup memory. */
  private startBytes(machine: ChildMachine): number {
    const { child, hasRun } = machine;
    const returning = returningBytes(machine);
    if (returning !== null) return returning;
    if (!hasRun) return child.memory.startupBytes;
    const pages = Math.floor((this.roomiestBytes() - machineOverheadBytes(child.memory.startupBytes)) / PAGE_BYTES);
    return restartBytes(this.parts.model, child, pages * PAGE_BYTES);
  }

  private resized(child: ChildMachine, bytes: number): void {
    const before = this.admissions.get(child);
    invariant(before !== undefined, 'a child that was not admitted changed its memory');
    const { admission, ledger } = resizeChild(this.ledger, before, bytes);
    this.ledger = ledger;
    this.admissions.set(child, admission);
    this.holdFor(child, admission);
    this.memoryFreed();
  }

  /** What is held for its state follows its memory; where there is no room for more it runs all the same (assumed). */
  private holdFor({ child, residence }: ChildMachine, { memoryBytes }: ChildAdmission): void {
    const guestBytes = memoryBytes - machineOverheadBytes(child.memory.startupBytes);
    const bytes = heldBytes(this.parts.model, child, guestBytes);
    if (bytes > 0) residence.stateRoom.resize(bytes);
  }

  private memoryFreed(): void {
    if (this.awaiting && this.roomiestBytes() >= this.awaiting.bytes) this.goOn();
  }

  private stopped(child: ChildMachine): void {
    const admission = this.admissions.get(child);
    if (admission) this.ledger = releaseChild(this.ledger, admission);
    this.admissions.delete(child);
    if (child.isResident && !child.saved.exists) child.residence.stateRoom.resize(0);
    this.memoryFreed();
    if (this.awaiting?.machine === child) this.goOn();
    if (this.current === child) {
      this.parts.timers.disarm(this.slot);
      this.startNext();
    }
  }

  /** LPs that are reserved by partitions other than this one. */
  private reservedBesides(machine: ChildMachine): number {
    let reserved = 0;
    for (const { partition } of this.children) {
      if (partition && partition !== machine.partition)
        reserved += (partition.vpCount * partition.cpu.reserve) / FULL_LP;
    }
    return reserved;
  }
}

/** What a guest needs that goes on where it was: every page it had, all at once. */
function returningBytes({ returningPages }: ChildMachine): number | null {
  return returningPages > 0 ? returningPages * PAGE_BYTES : null;
}
