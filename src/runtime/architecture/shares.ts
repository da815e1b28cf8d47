import { logicalProcessors } from '../../model/admission.js';
import type { ChildProcessors, HostModel } from '../../model/host-model.js';
import type { VpShare } from '../hypervisor/virtual-processors.js';

/** Nobody has more than anybody else. */
export const EQUAL_SHARE: VpShare = { reserve: 0, limit: 1, weight: 100 };

/** Reserve, limit and weight, each for every VP. */
export function perVp({ reservePercent, limitPercent, weight }: ChildProcessors): VpShare {
  return { reserve: reservePercent / 100, limit: limitPercent / 100, weight };
}

/** The same share, bound by the CPU group of the machine if it has one. */
export function inGroup(share: VpShare, { group: name }: ChildProcessors, model: HostModel): VpShare {
  const group = model.cpuGroups.find((each) => each.name === name);
  if (group === undefined) return share;
  const processors = (logicalProcessors(model.hardware) * group.limitPercent) / 100;
  return { ...share, group: { name: group.name, processors } };
}

export function inPercent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}

/** Says whose reserves have no effect where there is no such thing. */
export function reserveNote(model: HostModel, title: string): string[] {
  const names = model.children.filter(({ processors }) => processors.reservePercent > 0).map(({ name }) => name);
  const parent = (model.parent?.reserve.cpuPercent ?? 0) > 0 ? ['the parent'] : [];
  const all = [...parent, ...names];
  if (all.length === 0) return [];
  return [`${title} has no CPU reserve: that of ${all.join(', ')} had no effect.`];
}

/** Says which children ran with other drivers than the file says. */
export function xenKindNote(model: HostModel, title: string): string[] {
  const names = model.children.filter(({ kind }) => kind === 'xen').map(({ name }) => name);
  if (names.length === 0) return [];
  return [`${title} has no hypercall adapter: ${names.join(', ')} ran with its own paravirtual drivers.`];
}
