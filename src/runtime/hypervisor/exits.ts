import type { VirtualProcessors } from './virtual-processors.js';

/** Why a VP left its guest, as the panel names it. */
export const EXIT_REASONS = ['halt', 'hypercall', 'I/O port', 'interrupt'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** How often the VPs of each partition exited, by reason. */
export class Exits {
  private readonly counts: Record<ExitReason, Float64Array>;
  /** Of the hypercalls, those of a Xen-enabled guest, which the adapter has translated. */
  private readonly translated: Float64Array;

  constructor(
    private readonly vps: VirtualProcessors,
    partitions: number,
  ) {
    this.translated = new Float64Array(partitions);
    this.counts = {
      halt: new Float64Array(partitions),
      hypercall: new Float64Array(partitions),
      'I/O port': new Float64Array(partitions),
      interrupt: new Float64Array(partitions),
    };
  }

  count(vp: number, reason: ExitReason): void {
    const counts = this.counts[reason];
    const partition = this.vps.partition[vp]!;
    counts[partition] = counts[partition]! + 1;
  }

  countTranslated(vp: number): void {
    const partition = this.vps.partition[vp]!;
    this.translated[partition] = this.translated[partition]! + 1;
  }

  translatedOf(partition: number): number {
    return this.translated[partition]!;
  }

  of(partition: number, reason: ExitReason): number {
    return this.counts[reason][partition]!;
  }
}
