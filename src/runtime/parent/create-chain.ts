import { differencingFormat, growingFormat } from '../../model/catalog/disk-formats.js';
import type { VirtualDisk } from '../../model/host-model.js';
import type { HostParts } from '../host-parts.js';
import { RandomStream } from '../random.js';
import type { PlacedFile } from './disk-layout.js';
import { GrowingFile } from './growing-file.js';
import { DifferencingChain } from './life/differencing-chain.js';

/** A virtual disk as its format and allocation make it; a differencing one builds on a file of the same size beside it. */
export function createChain(parts: HostParts, child: string, disk: VirtualDisk, file: PlacedFile): DifferencingChain {
  const { costs, seed, freeSpace } = parts;
  const growing = disk.allocation === 'dynamic' ? growingFormat(disk) : null;
  const filled = costs.get('dynamic-filled').amount / 100;
  const chain = new DifferencingChain(file, freeSpace, {
    base: growing && new GrowingFile(growing, filled, new RandomStream(seed, `blocks of ${disk.file} of ${child}`)),
    differencing: differencingFormat(disk.format),
    sectorBytes: costs.get(`${file.disk.disk.medium}-sector`).amount,
    zeroedBytes: costs.get('vhd-zeroing').amount,
  });
  if (disk.allocation === 'differencing') chain.branch();
  return chain;
}
