import type { Partition } from '../partitions.js';
import { selected, toggleSelected } from '../store.js';

/** Keys of the partition list: arrows, Home and End move the focus, Enter and space select, Escape selects none. */
export function handlePartitionKey(event: KeyboardEvent, partitions: Partition[]): void {
  const names = partitions.map((partition) => partition.name);
  const name = (event.target as HTMLElement).dataset['partition'] ?? '';
  const index = names.indexOf(name);
  if (index < 0) return;
  const next = neighbour(event.key, index, names.length);
  if (next !== null) focus(event.currentTarget as HTMLElement, names[next] ?? name);
  else if (event.key === 'Enter' || event.key === ' ') toggleSelected(name);
  else if (event.key === 'Escape') selected.value = null;
  else return;
  event.preventDefault();
}

function neighbour(key: string, index: number, count: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(count - 1, index + 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(0, index - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}

function focus(list: HTMLElement, name: string): void {
  list.querySelector<HTMLElement>(`[data-partition="${CSS.escape(name)}"]`)?.focus();
}
