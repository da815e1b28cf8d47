import { computed, signal } from '@preact/signals';
import { EMPTY, type RunState } from './run-state.js';

export const run = signal<RunState>(EMPTY);

/** The partition selected everywhere at once; null selects none. */
export const selected = signal<string | null>(null);

/** Raised when the colours of the page change, so that canvases are drawn again. */
export const themeVersion = signal(0);

export const latest = computed(() => run.value.snapshots.at(-1) ?? null);

/** What the numbers show: the totals when the run is over, the newest moment while it runs. */
export const shown = computed(() => run.value.result?.total ?? latest.value);

export function toggleSelected(partition: string): void {
  selected.value = selected.value === partition ? null : partition;
}
