import type { Child } from '../../model/host-model.js';
import type { ArchitectureWords } from './architecture.js';
import type { Port } from './layout.js';

/** The devices of a child that the map draws: storage and network, by the way they leave the child. */
export function portsOf(child: Child, words: ArchitectureWords): Port[] {
  if (child.kind === 'legacy') {
    return [
      { id: 'storage', label: 'IDE', path: 'intercept' },
      ...(child.nics.length > 0 ? ([{ id: 'network', label: '21140', path: 'intercept' }] as const) : []),
      { id: 'display', label: 'VGA', path: 'intercept' },
    ];
  }
  const adapter: Port[] =
    child.kind === 'xen' && words.adapter ? [{ id: 'adapter', label: 'adapter', path: 'none' }] : [];
  const storage: Port[] =
    child.disks.length > 0 || child.kind === 'machine'
      ? [{ id: 'storage', label: `${words.client} disk`, path: 'bus' }]
      : [];
  const synthetic = child.nics.some((nic) => nic.kind === 'synthetic');
  const emulated = child.nics.some((nic) => nic.kind === 'legacy');
  return [
    ...adapter,
    ...storage,
    ...(synthetic ? ([{ id: 'network', label: `${words.client} net`, path: 'bus' }] as const) : []),
    ...(emulated ? ([{ id: 'legacy network', label: '21140', path: 'intercept' }] as const) : []),
  ];
}
