/** What a person can still read; a guest may make events as fast as it executes. */
const MOST_PER_SECOND = 100;
const SECOND_NS = 1e9;

/** So many events of the last second or more were not told. */
export interface LeftOut {
  type: 'events left out';
  count: number;
}

export function describeLeftOut({ count }: LeftOut): string {
  return `${count} more such messages within a second are left out`;
}

/** Hands events on as long as they are few, and tells how many were left out before the next that is not. */
export function limitedEvents<Event>(tell: (event: Event | LeftOut) => void, nowNs: () => number) {
  let beganNs = nowNs();
  let told = 0;
  let leftOut = 0;
  return (event: Event): void => {
    if (nowNs() - beganNs >= SECOND_NS) {
      beganNs = nowNs();
      told = 0;
      if (leftOut > 0) tell({ type: 'events left out', count: leftOut });
      leftOut = 0;
    }
    if (told++ < MOST_PER_SECOND) tell(event);
    else leftOut++;
  };
}
