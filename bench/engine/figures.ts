/** The last line that a program of this benchmark prints. */
export interface Figures {
  /** What was worked through: timer events and dispatches, or whatever the program counts. */
  events: number;
  dispatches?: number;
  cpuSeconds: number;
}

/** CPU seconds of this process since a reading of `process.cpuUsage()`. */
export function cpuSecondsSince(began: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(began);
  return (used.user + used.system) / 1e6;
}

export function print(title: string, figures: Figures): void {
  console.log(`${title}: ${(figures.events / figures.cpuSeconds / 1e6).toFixed(2)} M/s`);
  console.log(JSON.stringify(figures));
}
