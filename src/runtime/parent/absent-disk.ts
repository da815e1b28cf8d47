import type { DeviceSite } from './device-site.js';
import type { DiskFile } from './storage-provider.js';

/** The file of a disk of the child; where the disk was taken out, one of which everything that is asked fails. */
export function fileBehind({ files, unplugged }: DeviceSite, disk: number): DiskFile | null {
  const file = files[disk];
  if (file === undefined) return null;
  if (!unplugged.disk.has(disk)) return file;
  return { ...file, disk: { submit: (_position, _bytes, _write, client, tag) => client.diskFailed(tag) } };
}
