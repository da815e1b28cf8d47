import { formatBytes } from '../../../model/format.js';
import { heldBytes } from '../../../model/state-room.js';
import { PAGE_BYTES } from '../../hardware/system-memory.js';
import type { HostParts } from '../../host-parts.js';
import type { ChildMachine } from '../child-machine.js';
import type { DiskFile } from '../storage-provider.js';
import { Quiescence } from './quiescence.js';
import { StateTransfer } from './state-transfer.js';

/**
 * The saved state of one child: its memory and its devices in a file beside its first disk. Saving suspends the VPs, lets the
 * devices come to rest, writes everything and takes the partition down; the next start maps the same number of pages,
 * reads everything back and lets the guest go on where it was. The file goes when that is done, and not before.
 */
export class SavedState {
  /** Pages in the file; 0 when there is none. */
  pages = 0;
  private underWay: { stop(): void } | null = null;
  private beganNs = 0;
  private wasPaused = false;
  private ended: (saved: boolean) => void = () => {};

  constructor(
    private readonly parts: HostParts,
    private readonly machine: ChildMachine,
    /** Where the file lies; null on a host without disks. */
    readonly file: DiskFile | null,
  ) {}

  /** There is a state to go on from. */
  get exists(): boolean {
    return this.pages > 0;
  }

  /** Bytes that go to the file, or come from it, for so many pages. */
  fileBytes(pages: number): number {
    return pages * PAGE_BYTES + this.parts.costs.get('state-devices').amount;
  }

  /** Saves the machine; `then` hears whether it is, or is not called when the machine is taken down before. */
  save(then: (saved: boolean) => void = () => {}): void {
    const { machine, parts } = this;
    const why = this.whyNot() ?? this.whyNoRoom();
    if (why !== null) {
      parts.log.record('life', machine.name, 'not saved', { detail: why });
      then(false);
      return;
    }
    this.ended = then;
    this.wasPaused = machine.state === 'paused';
    machine.relocation.break('it is saved');
    this.beganNs = parts.timers.nowNs;
    machine.hold();
    machine.setState('saving');
    parts.log.record('life', machine.name, 'saving', { detail: 'every VP suspended; devices come to rest' });
    this.comeToRest(() => this.write());
  }

  /** The partition is there, its pages are mapped: the guest's memory comes back. */
  restore(): void {
    this.beganNs = this.parts.timers.nowNs;
    const failed = () => this.machine.turnOff('its saved state cannot be read');
    this.transfer('read', this.pages, () => this.restored(), failed);
  }

  /** A state that was not written by saving: a copy of that of a checkpoint. The guest goes on with its work from there. */
  adopt(pages: number): void {
    this.pages = pages;
    this.machine.residence.stateRoom.resize(pages * PAGE_BYTES);
    this.machine.setState('saved');
  }

  /** The file is deleted. */
  discard(): void {
    this.pages = 0;
    if (!this.machine.exists) this.machine.residence.stateRoom.resize(0);
  }

  /** Saving or restoring ends without an effect. */
  abandon(): void {
    this.underWay?.stop();
    this.underWay = null;
  }

  private whyNot(): string | null {
    const { state, checkpoints } = this.machine;
    if (state !== 'running' && state !== 'paused') return `it is ${state}`;
    if (checkpoints.busy) return 'a checkpoint is under way';
    return this.file === null ? 'the host has no disk' : null;
  }

  /** Takes the room for its memory; the devices' state is small beside it and not counted. */
  private whyNoRoom(): string | null {
    const { partition, residence } = this.machine;
    const { stateRoom } = residence;
    const bytes = partition!.space.pages * PAGE_BYTES;
    if (stateRoom.resize(Math.max(stateRoom.bytes, bytes))) return null;
    const { name } = stateRoom.disk!.disk;
    return `'${name}' has no room for ${formatBytes(bytes)} of memory: ${formatBytes(stateRoom.mostBytes)} are left`;
  }

  /** It is on: what is held for its state is as large as its memory, or nothing. */
  private giveRoomBack(): void {
    const { machine, parts } = this;
    machine.residence.stateRoom.resize(heldBytes(parts.model, machine.child, machine.assignedBytes));
  }

  private comeToRest(then: () => void): void {
    const quiescence = new Quiescence(this.parts.root, this.machine.disks, then);
    this.underWay = quiescence;
    quiescence.start();
  }

  private write(): void {
    const { partition } = this.machine;
    const { pages } = partition!.space;
    // What the parent had begun when the VPs stopped may still come: it is looked for again before the partition goes.
    this.transfer(
      'write',
      pages,
      () => this.comeToRest(() => this.written(pages)),
      () => this.notWritten(),
    );
  }

  private transfer(direction: 'read' | 'write', pages: number, done: () => void, failed: () => void): void {
    const { machine, parts } = this;
    const title = `${direction === 'write' ? 'save' : 'restore'} of ${machine.name}`;
    const transfer = new StateTransfer(title, parts, this.file!, direction, this.fileBytes(pages), done, failed);
    this.underWay = transfer;
    transfer.start();
  }

  private written(pages: number): void {
    const { machine } = this;
    this.underWay = null;
    this.pages = pages;
    machine.memory.leave();
    machine.setState('saved');
    this.record('saved', pages);
    machine.onStopped(machine);
    this.ended(true);
  }

  private notWritten(): void {
    this.underWay = null;
    this.parts.log.record('fault', this.machine.name, 'not saved', { detail: 'its disk failed: it goes on' });
    this.giveRoomBack();
    this.machine.goOn();
    if (this.wasPaused) this.machine.pause();
    this.ended(false);
  }

  private restored(): void {
    const { machine, pages } = this;
    this.underWay = null;
    this.pages = 0;
    this.giveRoomBack();
    machine.goOn();
    machine.devices?.bus.goOn();
    this.record('restored', pages);
  }

  private record(title: string, pages: number): void {
    const { log, timers } = this.parts;
    const detail = `${formatBytes(this.fileBytes(pages))} of memory and devices`;
    log.record('life', this.machine.name, title, { detail, durationNs: timers.nowNs - this.beganNs });
  }
}
