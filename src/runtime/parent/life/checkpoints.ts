import {
  CHECKPOINTS_OF_A_MACHINE,
  defaultCheckpointType,
  isSince,
  LIVE_MERGE,
} from '../../../model/catalog/checkpoints.js';
import { formatBytes } from '../../../model/format.js';
import type { CheckpointType } from '../../../model/scenario.js';
import { PAGE_BYTES } from '../../hardware/system-memory.js';
import type { HostParts } from '../../host-parts.js';
import { hasBackupService } from '../../vmbus/offers.js';
import type { ChildMachine } from '../child-machine.js';
import type { Checkpoint, CheckpointTree } from './checkpoint-tree.js';
import type { DiskLayer } from './disk-layer.js';
import { freezer } from './freezer.js';
import { LayerMerge } from './layer-merge.js';
import { Quiescence } from './quiescence.js';
import { StateTransfer } from './state-transfer.js';

const HOST_DOWN = 'the host is down';

/**
 * The checkpoints of one child. A standard one stops the VPs for a moment, puts a differencing disk on every disk and writes
 * the memory beside them while the guest goes on; a production one lets the guest flush and hold its writes, and keeps no
 * memory. Deleting one merges its disks.
 */
export class Checkpoints {
  private underWay: { name: string; stop(): void } | null = null;
  /** Deleted, and not merged yet. */
  private readonly toMerge: { disk: number; layer: DiskLayer }[] = [];
  private merging: { work: LayerMerge; disk: number; layer: DiskLayer } | null = null;
  private hostIsUp = true;
  private beganNs = 0;
  private isHolding = false;

  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
    /** The same on every host that the machine can come to. */
    readonly tree: CheckpointTree,
  ) {}

  /** One is being made. */
  get busy(): boolean {
    return this.underWay !== null;
  }

  /** The VPs stand still for one until the devices have come to rest, whatever else is said to them. */
  get holdsVps(): boolean {
    return this.isHolding;
  }

  /** The disks of one are being merged, or wait for it. */
  get merges(): boolean {
    return this.merging !== null || this.toMerge.length > 0;
  }

  /** `type` null: the default of the release. */
  take(name: string, type: CheckpointType | null): void {
    const why = this.whyNotTaken(name);
    if (why !== null) {
      this.log(`checkpoint ${name} refused`, why);
      return;
    }
    this.beganNs = this.parts.timers.nowNs;
    const wanted = type ?? defaultCheckpointType(this.parts.model.hypervisor);
    if (!this.machine.exists) this.finish(name, wanted, 0);
    else if (wanted === 'production' && this.canFreeze(name)) this.takeProduction(name);
    else this.takeStandard(name);
  }

  /** Goes back to a checkpoint. True when the machine ran, and is to run again. */
  revert(name: string): boolean {
    const { machine } = this;
    const checkpoint = this.tree.find(name);
    if (checkpoint === undefined || this.busy || !this.hostIsUp) {
      const why = this.busy ? 'a checkpoint is being made' : 'there is no such checkpoint';
      this.log(`revert to ${name} refused`, this.hostIsUp ? why : HOST_DOWN);
      return false;
    }
    const ran = machine.exists;
    machine.saved.discard();
    machine.turnOff(`reverted to ${name}`);
    this.tree.goBack(checkpoint);
    if (checkpoint.pages > 0) machine.saved.adopt(checkpoint.pages);
    else if (machine.state === 'saved') machine.setState('stopped');
    this.log(
      `reverted to ${name}`,
      checkpoint.pages > 0 ? 'disks, memory and devices' : 'disks only: the guest boots anew',
    );
    return ran;
  }

  remove(name: string): void {
    const why = this.whyNotRemoved(name);
    if (why !== null) {
      this.log(`checkpoint ${name} not deleted`, why);
      return;
    }
    this.discard(this.tree.find(name)!);
    const later = this.mayMerge() ? undefined : 'its disks are merged when the machine is off';
    this.log(`checkpoint ${name} deleted`, later);
    this.merge();
  }

  /** The machine is taken down: a checkpoint that was being made is not one. */
  abandon(): void {
    const { underWay } = this;
    this.underWay = null;
    underWay?.stop();
    this.isHolding = false;
  }

  /** Nobody is there to merge; what is under way begins again when the host is back. */
  hostDown(): void {
    this.hostIsUp = false;
    if (!this.merging) return;
    const { work, disk, layer } = this.merging;
    work.stop();
    this.toMerge.unshift({ disk, layer });
    this.merging = null;
  }

  hostUp(): void {
    this.hostIsUp = true;
    this.merge();
  }

  /** Merges what waits for it, one file after the other; the machine has perhaps just come to rest. */
  merge(): void {
    if (this.merging || !this.mayMerge()) return;
    const next = this.toMerge.shift();
    if (!next) return;
    const { disk, layer } = next;
    const heir = this.tree.onlyHeir(disk, layer);
    if (heir === null) {
      this.merge();
      return;
    }
    const beganNs = this.parts.timers.nowNs;
    const bytes = heir.writtenBytes;
    const merged = () => {
      this.tree.replace(disk, heir, layer);
      for (const waiting of this.toMerge) if (waiting.disk === disk && waiting.layer === heir) waiting.layer = layer;
      this.merging = null;
      const detail = `${formatBytes(bytes)} of disk ${disk}`;
      const durationNs = this.parts.timers.nowNs - beganNs;
      this.parts.log.record('life', this.machine.name, 'differencing disk merged', { detail, durationNs });
      this.merge();
    };
    const failed = () => {
      this.merging = null;
      this.toMerge.unshift({ disk, layer });
      this.log('differencing disk not merged', 'its disk failed; it is tried again when the machine comes to rest');
    };
    const work = new LayerMerge(this.machine.disks[disk]!, heir, layer, merged, failed);
    this.merging = { work, disk, layer };
    work.start();
  }

  private mayMerge(): boolean {
    const { exists, saved } = this.machine;
    if (!this.hostIsUp) return false;
    return (!exists && !saved.exists) || isSince(this.parts.model.hypervisor.release, LIVE_MERGE.since);
  }

  private whyNotTaken(name: string): string | null {
    const { state, child } = this.machine;
    if (!this.hostIsUp) return HOST_DOWN;
    const steady = state === 'running' || state === 'paused' || state === 'off' || state === 'stopped';
    if (!steady) return `the machine is ${state}`;
    if (this.busy) return 'another checkpoint is under way';
    if (this.machine.relocation.transit) return 'the machine is being migrated';
    if (this.tree.find(name)) return 'there is one of that name';
    if (this.tree.checkpoints.length >= CHECKPOINTS_OF_A_MACHINE.value) {
      return `there are ${CHECKPOINTS_OF_A_MACHINE.value} already, the most a machine can have`;
    }
    if (child.disks.length === 0) return 'the machine has no disk';
    return child.disks.some(({ allocation }) => allocation === 'pass-through')
      ? 'a pass-through disk has no file that another could build on'
      : null;
  }

  /** Nobody goes back to it any more; its files wait to be merged. */
  private discard(checkpoint: Checkpoint): void {
    this.tree.remove(checkpoint);
    this.hold(-checkpoint.pages);
    checkpoint.layers.forEach((layer, disk) => {
      this.toMerge.push({ disk, layer });
    });
  }

  private whyNotRemoved(name: string): string | null {
    if (!this.hostIsUp) return HOST_DOWN;
    if (this.tree.find(name) === undefined) return 'there is no such checkpoint';
    if (this.underWay?.name === name) return 'it is being made';
    return this.machine.relocation.transit ? 'the machine is being migrated' : null;
  }

  /** Can the guest hold its writes? If not, a production checkpoint becomes a standard one, and the log says so. */
  private canFreeze(name: string): boolean {
    const { machine } = this;
    if (machine.state === 'running' && hasBackupService(machine.child)) return true;
    const why =
      machine.state === 'running' ? 'the guest has no service to freeze its writes' : 'the guest does not run';
    this.log(`checkpoint ${name} becomes a standard one`, why);
    return false;
  }

  private takeStandard(name: string): void {
    const { machine, parts } = this;
    this.isHolding = true;
    machine.vps.suspend();
    const rest = new Quiescence(parts.root, machine.disks, () => {
      const { pages } = machine.partition!.space;
      const hasRoom = this.hold(pages);
      const checkpoint = hasRoom ? this.tree.freeze(name, 'standard', pages) : null;
      this.isHolding = false;
      if (machine.state !== 'paused') machine.vps.resume();
      if (checkpoint === null) {
        this.underWay = null;
        this.log(`checkpoint ${name} refused`, `no room on the disk for ${formatBytes(pages * PAGE_BYTES)} of memory`);
        return;
      }
      const bytes = machine.saved.fileBytes(pages);
      const write = new StateTransfer(
        `checkpoint of ${machine.name}`,
        parts,
        machine.saved.file!,
        'write',
        bytes,
        () => this.made(checkpoint, `standard: ${formatBytes(bytes)} of memory and devices`),
        () => this.abandon(),
      );
      this.underWay = {
        name,
        stop: () => {
          write.stop();
          this.log(`checkpoint ${name} failed`, 'its memory was not written to the end');
          this.discard(checkpoint);
          this.merge();
        },
      };
      write.start();
    });
    this.underWay = { name, stop: () => rest.stop() };
    rest.start();
  }

  /** Room for the memory of a checkpoint, beside the first disk; negative: it is given back. */
  private hold(pages: number): boolean {
    const { stateFile } = this.machine.residence;
    return stateFile !== null && this.parts.freeSpace.hold(stateFile.disk, pages * PAGE_BYTES);
  }

  private takeProduction(name: string): void {
    let stopped = false;
    this.underWay = { name, stop: () => (stopped = true) };
    const guest = freezer(this.parts, this.machine);
    guest.freeze((answer) => {
      if (stopped) return;
      if (answer === 'gone') {
        this.underWay = null;
        this.log(`checkpoint ${name} failed`, 'the guest went away while it was asked to hold its writes');
        return;
      }
      if (answer === 'refused') {
        this.log(`checkpoint ${name} becomes a standard one`, 'the guest did not hold its writes');
        this.takeStandard(name);
        return;
      }
      const checkpoint = this.tree.freeze(name, 'production', 0);
      guest.thaw(() => {
        if (!stopped) this.made(checkpoint, 'production: the guest flushed and held its writes');
      });
    });
  }

  private finish(name: string, type: CheckpointType, pages: number): void {
    this.made(this.tree.freeze(name, type, pages), 'disks only: the machine is off');
  }

  private made({ name }: Checkpoint, detail: string): void {
    this.underWay = null;
    const durationNs = this.parts.timers.nowNs - this.beganNs;
    this.parts.log.record('life', this.machine.name, `checkpoint ${name}`, { detail, durationNs });
  }

  private log(title: string, detail?: string): void {
    this.parts.log.record('life', this.machine.name, title, { detail });
  }
}
