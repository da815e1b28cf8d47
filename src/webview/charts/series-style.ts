/** How the line of a partition is drawn: six colours, then the same six dashed, then dotted. */
export function seriesStyle(index: number): { color: string; dash: number[] } {
  const dashes = [[], [6, 4], [2, 3]];
  return {
    color: `--series-${index % 6}`,
    dash: dashes[Math.floor(index / 6) % dashes.length] ?? [],
  };
}
