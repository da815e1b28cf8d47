import { admitChild, type ChildAdmission, type Ledger, openLedger, releaseChild } from '../../model/admission.js';
import { invariant } from '../defect.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { FULL_LP, type Partition } from '../hypervisor/partition.js';
import { HvStatus } from '../hypervisor/tlfs/status.js';
import type { TimerOwner } from '../timers.js';
import type { ChildMachine } from './child-machine.js';

interface Step {
  title: string;
  detail?: string;
  durationNs: number;
  act(): HvStatus;
}

/**
 * Virtual machine management (VMMS) in the parent: starts children one after the other, each by the sequence of
 * hypercalls that makes a partition, and keeps the ledger of what has been given away.
 */
export class MachineManagement implements TimerOwner {
  private ledger: Ledger;
  private readonly admissions = new Map<ChildMachine, ChildAdmission>();
  private readonly queue: ChildMachine[] = [];
  private current: ChildMachine | null = null;
  private steps: Step[] = [];
  private step: Step | null = null;
  private down = false;
  private readonly slot: number;

  constructor(
    private readonly parts: HostParts,
    private readonly children: readonly ChildMachine[],
  ) {
    this.ledger = openLedger(parts.model);
    this.slot = parts.timers.add(this);
    for (const child of children) child.onStopped = (stopped) => this.stopped(stopped);
  }

  /** Queues a child for its start. A child that runs, or waits already, is left as it is. */
  start(child: ChildMachine): void {
    if (this.down) {
      this.parts.log.record('fault', child.name, 'not started', { detail: 'there is no parent to start it' });
      return;
    }
    if (child.exists || child.state === 'waiting' || child.state === 'starting') return;
    child.setState('waiting');
    this.queue.push(child);
    if (!this.current) this.startNext();
  }

  /** The parent is gone. */
  stop(): void {
    this.down = true;
    this.queue.length = 0;
    this.current = null;
    this.steps = [];
    this.parts.timers.disarm(this.slot);
  }

  /** A step of the sequence is done. */
  fire(): void {
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
      if (child.state === 'waiting' && this.admit(child)) {
        this.current = child;
        child.setState('starting');
        this.steps = this.stepsFor(child);
        this.nextStep();
        return;
      }
    }
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
    const { admission, ledger } = admitChild(model, this.ledger, child);
    if (admission.refusals.length > 0) {
      const why = admission.refusals.map(({ code, message }) => `${code}: ${message}`).join(' ');
      machine.setState('refused', why);
      log.record('life', child.name, 'refused', { detail: why });
      return false;
    }
    this.ledger = ledger;
    this.admissions.set(machine, admission);
    return true;
  }

  private stopped(child: ChildMachine): void {
    const admission = this.admissions.get(child);
    if (admission) this.ledger = releaseChild(this.ledger, admission);
    this.admissions.delete(child);
    if (this.current === child) {
      this.parts.timers.disarm(this.slot);
      this.startNext();
    }
  }

  /** The documented sequence (TLFS virtualization host; TLFS 2.0a §10.1.5), in the words of the architecture. */
  private stepsFor(machine: ChildMachine): Step[] {
    const { costs, log, architecture, model } = this.parts;
    const { child } = machine;
    const { count, weight } = child.processors;
    const share = architecture.scheduling.share(child.processors, model);
    const words = architecture.start;
    const admission = this.admissions.get(machine)!;
    const startupPages = Math.ceil(child.memory.startupBytes / PAGE_BYTES);
    const overheadPages = Math.max(1, Math.floor(admission.memoryBytes / PAGE_BYTES) - startupPages);
    const step = () => costs.get('create-step').charge();
    const partition = (): Partition => machine.partition!;
    return [
      {
        ...words.create,
        durationNs: costs.get('create-partition').charge(),
        act: () => {
          machine.createPartition();
          return HvStatus.Success;
        },
      },
      {
        ...words.properties(share, child.processors),
        durationNs: step(),
        act: () =>
          partition().setCpuProperties({
            // Rounded down, so that reserves that were admitted together never exceed the processors.
            reserve: Math.floor(share.reserve * FULL_LP),
            cap: Math.round(share.limit * FULL_LP),
            weight,
          }),
      },
      { ...words.initialize, durationNs: step(), act: () => partition().initialize() },
      {
        ...words.deposit(overheadPages),
        durationNs: step(),
        act: () => partition().deposit(overheadPages),
      },
      ...Array.from({ length: count }, (_, vp) => ({
        ...words.createVp(vp),
        durationNs: step(),
        act: () => partition().createVp(this.reservedBesides(machine), this.parts.lps.lpCount),
      })),
      {
        ...words.map(startupPages),
        durationNs: Math.round((child.memory.startupBytes / 1024 ** 3) * costs.get('create-map-gigabyte').charge()),
        act: () => partition().mapGpaPages(startupPages),
      },
      {
        ...words.run(child),
        durationNs: step(),
        act: () => {
          if (child.kind === 'legacy') log.record('boot', child.name, 'emulated devices only: IDE, 21140, VGA');
          for (const { title, detail } of architecture.devices.offers(child))
            log.record('vmbus', child.name, title, { detail });
          machine.unsuspend(partition());
          return HvStatus.Success;
        },
      },
    ];
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
