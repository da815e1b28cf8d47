import type { VirtualDisk } from '../../model/host-model.js';
import type { KnownDisk } from '../child/known-disks.js';
import type { FileUnit } from './storage-provider.js';
import { SyntheticDevice } from './synthetic-device.js';
import type { StorageController } from './vsp/storage/storage-controller.js';

/** A storage controller that the parent offers to a modelled child, whose disks come and go. */
export class StorageDevice extends SyntheticDevice {
  constructor(
    private readonly controller: StorageController<FileUnit>,
    private readonly places: ReadonlyMap<VirtualDisk, { unit: FileUnit; known: KnownDisk }>,
    ...base: ConstructorParameters<typeof SyntheticDevice>
  ) {
    super(...base);
  }

  /** What its guest knows of this disk. */
  knownAs(disk: VirtualDisk): Readonly<KnownDisk> {
    return this.places.get(disk)!.known;
  }

  plugIn(disk: VirtualDisk): void {
    this.controller.attach(this.places.get(disk)!.unit);
  }

  unplug(disk: VirtualDisk): void {
    this.controller.detach(this.places.get(disk)!.unit.lun);
  }
}
