/** Round distances on an axis of time, in seconds: as clocks are read above a second, decimal below. */
export const TIME_STEPS_S: readonly number[] = [
  ...[1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 4, 6, 12, 24, 48, 96].map((hours) => hours * 3600),
];

/** The round moments from `fromNs` to `toNs`, about `count` of them. */
export function timeTicks(fromNs: number, toNs: number, count: number): number[] {
  const rough = (toNs - fromNs) / count / 1e9;
  const step = (TIME_STEPS_S.find((candidate) => candidate >= rough) ?? rough) * 1e9;
  const first = Math.ceil(fromNs / step);
  const last = Math.floor(toNs / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}
