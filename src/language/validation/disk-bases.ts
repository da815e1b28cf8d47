import type { ChildDeclaration, DiskDeclaration, HostDeclaration } from '../generated/ast.js';
import type { Report } from './report.js';

interface AttachedDisk {
  node: DiskDeclaration;
  child: ChildDeclaration;
}

/** The base of a differencing disk is a file that nobody writes to, and not the disk itself. Files are compared as Windows does. */
export function checkDiskBases(host: HostDeclaration, report: Report): void {
  const attached = new Map<string, AttachedDisk>();
  for (const child of host.children) for (const node of child.disks) attached.set(fileOf(node), { node, child });
  for (const { disks } of host.children) {
    for (const node of disks) {
      const base = node.base === undefined ? undefined : attached.get(node.base.toLowerCase());
      if (base === undefined) continue;
      const place = { node, property: 'base' } as const;
      if (node === base.node) report('HV320', `'${node.file}' is its own base.`, place);
      else if (comesBackTo(node, attached))
        report('HV320', `'${node.file}' builds on '${node.base}', and that in the end on '${node.file}'.`, place);
      else report('HV321', `'${base.child.name}' writes to '${node.base}'.`, place);
    }
  }
}

function comesBackTo(start: DiskDeclaration, attached: ReadonlyMap<string, AttachedDisk>): boolean {
  const seen = new Set<DiskDeclaration>();
  let disk: DiskDeclaration | undefined = start;
  while (disk?.base !== undefined && !seen.has(disk)) {
    seen.add(disk);
    disk = attached.get(disk.base.toLowerCase())?.node;
    if (disk === start) return true;
  }
  return false;
}

function fileOf({ file }: DiskDeclaration): string {
  return file?.toLowerCase() ?? '';
}
