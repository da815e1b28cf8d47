import type { Child, HostModel } from './host-model.js';

/** The children that the engine models; the others execute a kernel. */
export function modelledChildren({ children }: Pick<HostModel, 'children'>): Child[] {
  return children.filter(({ kind }) => kind !== 'machine');
}
