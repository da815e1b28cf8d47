import type { Child, HostModel } from '../../../model/host-model.js';
import { pathBetween } from '../../../model/network-path.js';

/** The adapter, counted from 0, through which a child's work goes: that which reaches whom it sends to, else the first. */
export function workAdapterOf(model: HostModel, child: Child): number {
  const peer = model.children.find(({ name }) => name === child.sendsTo);
  return (peer && pathBetween(child, peer)?.from) ?? 0;
}
