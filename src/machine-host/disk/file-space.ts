import { DiskError } from './disk-error.js';

export interface Extent {
  offset: number;
  length: number;
}

/** Which parts of a file are taken, and room for more: in the gaps first, then behind the end. */
export class FileSpace {
  /** By offset; no two touch. */
  private readonly gaps: Extent[] = [];
  /** Where the last part ends. */
  end = 0;

  /** Throws DiskError where two parts overlap. */
  constructor(taken: readonly Extent[]) {
    for (const { offset, length } of taken.toSorted((one, other) => one.offset - other.offset)) {
      if (offset < this.end) throw new DiskError(`two parts of the file overlap at byte ${offset}`);
      if (offset > this.end) this.gaps.push({ offset: this.end, length: offset - this.end });
      this.end = offset + length;
    }
  }

  /** `fresh`: the room lies behind the end; otherwise there is something old in it. */
  allocate(length: number, alignment: number): { offset: number; fresh: boolean } {
    for (const [index, gap] of this.gaps.entries()) {
      const offset = roundUp(gap.offset, alignment);
      const behind = gap.offset + gap.length - offset - length;
      if (behind < 0) continue;
      const rest = [
        { offset: gap.offset, length: offset - gap.offset },
        { offset: offset + length, length: behind },
      ];
      this.gaps.splice(index, 1, ...rest.filter((part) => part.length > 0));
      return { offset, fresh: false };
    }
    const offset = roundUp(this.end, alignment);
    if (offset > this.end) this.gaps.push({ offset: this.end, length: offset - this.end });
    this.end = offset + length;
    return { offset, fresh: true };
  }

  /** Gives up a gap at the end: `end` is where the last part ends then. The caller cuts the file off there. */
  shrink(): void {
    const last = this.gaps.at(-1);
    if (last === undefined || last.offset + last.length !== this.end) return;
    this.gaps.pop();
    this.end = last.offset;
  }

  /** Makes a gap of a part that was taken. */
  release({ offset, length }: Extent): void {
    const at = this.gaps.findIndex((gap) => gap.offset > offset);
    const index = at === -1 ? this.gaps.length : at;
    const before = this.gaps[index - 1];
    const after = this.gaps[index];
    const merged = { offset, length };
    const touchesBefore = before !== undefined && before.offset + before.length === offset;
    const touchesAfter = after !== undefined && after.offset === offset + length;
    if (touchesBefore) {
      merged.offset = before.offset;
      merged.length += before.length;
    }
    if (touchesAfter) merged.length += after.length;
    this.gaps.splice(index - Number(touchesBefore), Number(touchesBefore) + Number(touchesAfter), merged);
  }
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
