/** How many frames, and how many bytes they have together. */
export interface FrameCount {
  frames: number;
  bytes: number;
}

/** What came into a switch, and what became of it: sent + copied = delivered + dropped + what waits at its ports. */
export interface SwitchLedger {
  sent: FrameCount;
  /** Further copies of group frames, beyond one for each. */
  copied: FrameCount;
  /** Taken by the owner of a port. */
  delivered: FrameCount;
  dropped: FrameCount;
}

export function noFrames(): FrameCount {
  return { frames: 0, bytes: 0 };
}

export function count(counted: FrameCount, bytes: number): void {
  counted.frames++;
  counted.bytes += bytes;
}
