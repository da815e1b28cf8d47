import type { CheckpointType } from '../../../model/scenario.js';
import type { DifferencingChain } from './differencing-chain.js';
import type { DiskLayer } from './disk-layer.js';

/** One checkpoint: a file of each disk that is not written to any more, and perhaps a saved state. */
export interface Checkpoint {
  name: string;
  type: CheckpointType;
  /** The newest file of each disk when it was made. */
  layers: DiskLayer[];
  /** Pages of its saved state; 0 where it has none. */
  pages: number;
}

/** The checkpoints of one machine, and how the files of its disks build on one another. */
export class CheckpointTree {
  readonly checkpoints: Checkpoint[] = [];

  constructor(private readonly disks: readonly DifferencingChain[]) {}

  find(name: string): Checkpoint | undefined {
    return this.checkpoints.find((checkpoint) => checkpoint.name === name);
  }

  /** What the disks are now becomes a checkpoint; from here on new files take the writes. */
  freeze(name: string, type: CheckpointType, pages: number): Checkpoint {
    const checkpoint = { name, type, pages, layers: this.disks.map(({ top }) => top) };
    this.checkpoints.push(checkpoint);
    for (const disk of this.disks) disk.branch();
    return checkpoint;
  }

  /** The disks are what they were then; what was written since is gone, unless another checkpoint has it. */
  goBack(checkpoint: Checkpoint): void {
    this.disks.forEach((disk, i) => {
      disk.branch(checkpoint.layers[i]);
    });
  }

  remove(checkpoint: Checkpoint): void {
    this.checkpoints.splice(this.checkpoints.indexOf(checkpoint), 1);
  }

  /** The one file that builds on this one, if nothing else needs this one as it is. */
  onlyHeir(disk: number, layer: DiskLayer): DiskLayer | null {
    if (this.checkpoints.some(({ layers }) => layers[disk] === layer)) return null;
    const heirs = this.files(disk).filter(({ parent }) => parent === layer);
    return heirs.length === 1 ? heirs[0]! : null;
  }

  /** `layer` holds what its heir held: it takes its place. */
  replace(disk: number, heir: DiskLayer, layer: DiskLayer): void {
    const chain = this.disks[disk]!;
    for (const file of this.files(disk)) if (file.parent === heir) file.parent = layer;
    for (const { layers } of this.checkpoints) if (layers[disk] === heir) layers[disk] = layer;
    if (chain.top === heir) chain.top = layer;
  }

  /** Every file that somebody needs. */
  private files(disk: number): DiskLayer[] {
    const files = new Set<DiskLayer>();
    const ends = [this.disks[disk]!.top, ...this.checkpoints.map(({ layers }) => layers[disk]!)];
    for (const end of ends) for (let file: DiskLayer | null = end; file; file = file.parent) files.add(file);
    return [...files];
  }
}
