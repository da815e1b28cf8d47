import type { Child, HostModel } from '../../../model/host-model.js';
import { outsideAdapter, pathBetween } from '../../../model/network-path.js';

/** The adapter, counted from 0, through which a child's work sends: that which reaches whom it sends to, else the outside, else the first. */
export function workAdapterOf(model: HostModel, child: Child): number {
  const peer = model.children.find(({ name }) => name === child.sendsTo);
  const path = peer && pathBetween(child, peer);
  return path ? path.from : Math.max(0, outsideAdapter(child.nics, model.switches));
}
