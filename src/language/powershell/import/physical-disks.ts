import { BUS_TYPES, MEDIA_TYPES } from './enumerations.js';
import type { JsonObject } from './json-object.js';
import { Names } from './names.js';
import { comment, quoted, roundedSize, sizeOf, withRemark } from './words.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
const TB = 1024 ** 4;

interface PhysicalDisk {
  name: string;
  bytes: number | undefined;
  lines: string[];
}

/** The physical disks, found by the paths of the files they hold. */
export class PhysicalDisks {
  private readonly disks = new Map<number, PhysicalDisk>();
  private readonly volumes = new Map<string, number>();
  private readonly names = new Names();
  private elsewhere: { name: string; bytes: number } | undefined;

  constructor(document: JsonObject) {
    const media = new Map(document.objects('PhysicalDisks').map((each) => [each.text('DeviceId'), each]));
    for (const each of document.objects('Disks')) {
      const index = each.count('Index', { minimum: 0, maximum: 1e6 }) ?? this.disks.size;
      const bytes = each.count('Size', { minimum: 1, maximum: LARGEST });
      this.disks.set(index, { bytes, ...this.declare(index, each, bytes, media.get(String(index))) });
    }
    for (const each of document.objects('Volumes')) {
      const drive = each.text('Drive')?.slice(0, 1).toUpperCase();
      const disk = each.count('Disk', { minimum: 0, maximum: 1e6 });
      if (drive !== undefined && disk !== undefined) this.volumes.set(drive, disk);
    }
  }

  /** The name of the disk that holds a file of so many bytes. */
  holding(path: string, bytes: number): string {
    const drive = /^([a-z]):/i.exec(path)?.[1]?.toUpperCase() ?? '';
    const disk = this.disks.get(this.volumes.get(drive) ?? -1);
    if (disk !== undefined) return disk.name;
    this.elsewhere ??= { name: this.names.give('elsewhere', 'elsewhere'), bytes: 0 };
    this.elsewhere.bytes = Math.min(LARGEST, this.elsewhere.bytes + bytes);
    return this.elsewhere.name;
  }

  numbered(index: number): { name: string; bytes: number | undefined } | undefined {
    return this.disks.get(index);
  }

  /** Ask last: what lies elsewhere is known only then. */
  lines(): string[] {
    const lines = [...this.disks.values()].flatMap((disk) => disk.lines);
    if (this.elsewhere === undefined) return lines;
    const { name, bytes } = this.elsewhere;
    return [
      ...lines,
      comment('Files on shares, cluster volumes and volumes that Volumes does not list; as large as they can grow.'),
      withRemark(`disk ${name} "storage that was not told" ${sizeOf(bytes)}`, roundedSize(bytes)),
    ];
  }

  private declare(index: number, disk: JsonObject, bytes: number | undefined, physical: JsonObject | undefined) {
    const name = this.names.give(`disk${index}`, 'disk');
    const medium = mediumOf(physical);
    const notes = [];
    if (bytes === undefined) notes.push(`${disk.at('Size')} is missing: 1 TB is assumed.`);
    if (medium === undefined)
      notes.push(`PhysicalDisks does not tell the medium of disk ${index}: rotational is assumed.`);
    const title = disk.text('Model') ?? disk.text('Caption');
    const size = bytes ?? TB;
    const statement = `disk ${name}${title === undefined ? '' : ` ${quoted(title)}`} ${sizeOf(size)} ${medium ?? 'rotational'}`;
    return { name, lines: [...notes.map(comment), withRemark(statement, roundedSize(size))] };
  }
}

function mediumOf(disk: JsonObject | undefined): 'nvme' | 'ssd' | 'rotational' | undefined {
  if (disk?.choice('BusType', BUS_TYPES) === 'NVMe') return 'nvme';
  const medium = disk?.choice('MediaType', MEDIA_TYPES);
  if (medium === undefined) return undefined;
  return medium === 'HDD' ? 'rotational' : 'ssd';
}
