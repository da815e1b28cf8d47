import type { VirtualDisk } from '../../model/host-model.js';
import type { KnownDisks } from '../child/known-disks.js';
import type { FileUnit } from './storage-provider.js';
import { SyntheticDevice } from './synthetic-device.js';
import type { StorageController } from './vsp/storage/storage-controller.js';

/** A storage controller that the parent offers to a modelled child, whose disks come and go. */
export class StorageDevice extends SyntheticDevice {
  constructor(
    private readonly controller: StorageController<FileUnit>,
    /** What its guest knows of them. */
    private readonly known: KnownDisks,
    private readonly units: ReadonlyMap<VirtualDisk, FileUnit>,
    ...base: ConstructorParameters<typeof SyntheticDevice>
  ) {
    super(...base);
  }

  /** Tells whenever it is asked whether the guest believes that this disk is there. */
  presenceOf(disk: VirtualDisk): () => boolean {
    const { known } = this;
    const { lun } = this.units.get(disk)!;
    return () => known.has(lun);
  }

  plugIn(disk: VirtualDisk): void {
    this.controller.attach(this.units.get(disk)!);
  }

  unplug(disk: VirtualDisk): void {
    this.controller.detach(this.units.get(disk)!.lun);
  }
}
