import type { GuestPages } from '../../vmbus/balloon-messages.js';

/**
 * What host and guest know of a child's pages, and what is under way between the two. Of the pages that a guest has ever
 * seen its balloon holds the highest.
 */
export class BalloonBooks {
  /** Pages the guest has ever been shown: what a balloon takes stays visible. */
  visible = 0;
  /** Visible, but backed by a file of the parent since a start for which memory was short. */
  smartPaged = 0;
  ballooned = 0;
  /** On the way to the guest, and not mapped yet. */
  promised = 0;
  private asked = 0;
  /** Mapped, and not answered for. */
  private givenBack = 0;
  private added = 0;

  /** A guest starts with so many pages of its own; the rest is lent. */
  start(visible: number, assigned: number): void {
    this.clear();
    this.visible = visible;
    this.smartPaged = visible - assigned;
  }

  clear(): void {
    this.visible = 0;
    this.smartPaged = 0;
    this.ballooned = 0;
    this.promised = 0;
    this.asked = 0;
    this.givenBack = 0;
    this.added = 0;
  }

  /** Something was asked of the guest and is not answered. */
  get busy(): boolean {
    return this.asked > 0 || this.promised > 0 || this.givenBack > 0 || this.added > 0;
  }

  ask(pages: number): void {
    this.asked = pages;
  }

  /** How many pages the guest has given up, and how many of them were lent; null when that makes no sense. */
  released(ranges: readonly GuestPages[], more: boolean): { pages: number; lent: number } | null {
    const pages = ranges.reduce((sum, { count }) => sum + count, 0);
    if (pages > this.asked || pages === 0 || !this.areHighest(ranges, pages)) return null;
    const lent = Math.min(this.smartPaged, pages);
    this.smartPaged -= lent;
    this.ballooned += pages;
    this.asked = more ? this.asked - pages : 0;
    return { pages, lent };
  }

  /** The lowest pages of the balloon, which lie next to those that the guest uses. */
  lowest(pages: number): GuestPages {
    return { start: this.visible - this.ballooned, count: pages };
  }

  giveBack(pages: number): void {
    this.promised = 0;
    this.givenBack = pages;
  }

  fillIn(pages: number): void {
    this.promised = 0;
    this.smartPaged -= pages;
  }

  hotAdd(pages: number): void {
    this.promised = 0;
    this.added = pages;
    this.visible += pages;
  }

  /** The guest has taken back what it was given; false: it was given nothing. */
  taken(): boolean {
    if (this.givenBack === 0) return false;
    this.ballooned -= this.givenBack;
    this.givenBack = 0;
    return true;
  }

  hotAdded(pages: number): boolean {
    if (pages === 0 || pages !== this.added) return false;
    this.added = 0;
    return true;
  }

  /** A modelled guest gives up the highest pages it uses, as its address space has them. */
  private areHighest(ranges: readonly GuestPages[], pages: number): boolean {
    let next = this.visible - this.ballooned - pages;
    if (next < 0) return false;
    for (const { start, count } of ranges) {
      if (start !== next || count === 0) return false;
      next += count;
    }
    return true;
  }
}
