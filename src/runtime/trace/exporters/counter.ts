import type { Snapshot } from '../../../protocol/snapshot.js';

/**
 * Where the spelling of a counter comes from. `documented`: Microsoft's own pages; `secondary`: counter lists of
 * monitoring tools; `recalled`: from memory; `own`: Hyper-V has no such counter, so its object is called `hvhost …`.
 */
export type Standing = 'documented' | 'secondary' | 'recalled' | 'own';

/** One counter: its path in Performance Monitor, its name in Prometheus, and what a snapshot says about it. */
export interface Counter {
  /** The counter object (PerfMon calls it that), e.g. "Hyper-V Hypervisor Logical Processor". */
  object: string;
  name: string;
  standing: Standing;
  /** Metric name by the rules of Prometheus: base units, the unit last. */
  metric: string;
  /** From the counter's unit to that of the metric. */
  scale: number;
  help: string;
  read(snapshot: Snapshot): Reading[];
}

export interface Reading {
  instance: string;
  /** Null for an instance that only sums up others; Prometheus sums itself. */
  labels: Record<string, string> | null;
  value: number;
}

/** One instance of a counter object, and the part of a snapshot that tells of it. */
export type Instance<T> = Omit<Reading, 'value'> & { of: T };
/** Name, standing, metric, scale, help, value; null where there is nothing to tell. */
type Row<T> = [string, Standing, string, number, string, (of: T) => number | null];

/** The counters of one object, which all have the same instances. */
export function counterObject<T>(
  name: string,
  instances: (snapshot: Snapshot) => Instance<T>[],
  rows: Row<T>[],
): Counter[] {
  return rows.map(([counter, standing, metric, scale, help, figure]) => ({
    object: name,
    name: counter,
    standing,
    metric: `hvhost_${metric}`,
    scale,
    help,
    read: (snapshot) =>
      instances(snapshot).flatMap(({ instance, labels, of }) => {
        const value = figure(of);
        return value === null ? [] : [{ instance, labels, value }];
      }),
  }));
}
