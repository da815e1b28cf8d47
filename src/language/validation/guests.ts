import { findGuest } from '../../model/catalog/guests.js';
import { formatBytes } from '../../model/format.js';
import type { ChildDeclaration } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { cite, type Report, replaceWith } from './report.js';

/** What the operating system of a child needs. A child without a memory statement has the 512 MB of New-VM. */
export function checkGuest(child: ChildDeclaration, report: Report): void {
  if (child.operatingSystem === undefined) return;
  const guest = findGuest(child.operatingSystem);
  if (guest === undefined) {
    report('HV512', `Nothing is known here of '${child.operatingSystem}': its limits are not checked.`, {
      node: child,
      property: 'operatingSystem',
    });
    return;
  }
  const size = child.memory?.startup ?? child.memory?.size;
  const startup = soundValue(size);
  if (guest.memory === null || child.memory === undefined || startup === undefined) return;
  const property = child.memory.startup ? 'startup' : 'size';
  const { minimum, recommended } = guest.memory;
  const raise = (bytes: number) => replaceWith(`Use ${formatBytes(bytes)}`, size?.$cstNode, formatBytes(bytes));
  if (startup < minimum.value) {
    const message = `${guest.title} needs at least ${formatBytes(minimum.value)}${cite(minimum)}.`;
    report('HV513', message, { node: child.memory, property, fixes: raise(minimum.value) });
  } else if (startup < recommended.value) {
    const message = `${formatBytes(recommended.value)} are recommended for ${guest.title}${cite(recommended)}.`;
    report('HV514', message, { node: child.memory, property, fixes: raise(recommended.value) });
  }
}
