import {
  bitOf,
  groupOf,
  LATENCY_UNIT_NS,
  MAX_LATENCY,
  MONITORS,
  type MonitorPage,
  monitorsIn,
} from '../monitor-page.js';

interface Monitor {
  connectionId: number;
  latency: number;
  /** When its trigger, which has been seen set, leads to a signal; null: it was not set. */
  dueNs: number | null;
}

/** The hypervisor's part of the monitored notification facility, for one partition: who looks at its triggers, and when. */
export class MonitoredNotifications {
  private readonly monitors = new Map<number, Monitor>();
  /** Triggers that belong to a monitor, as bits of each group. */
  private readonly known = [0, 0, 0, 0];
  private current: MonitorPage | null = null;

  /** `signal`: as if the guest had made the hypercall HvCallSignalEvent. */
  constructor(private readonly signal: (connectionId: number) => void) {}

  get page(): MonitorPage | null {
    return this.current;
  }

  /** The guest has handed over this page; null: it has none, and is to be offered no monitors. */
  use(page: MonitorPage | null): void {
    this.current = page;
    for (const [id, monitor] of this.monitors) {
      monitor.dueNs = null;
      page?.prepare(id, monitor.connectionId, monitor.latency);
    }
  }

  /** The same after a snapshot: what the guest has set is in its memory. */
  resume(page: MonitorPage | null): void {
    this.current = page;
  }

  /** A monitor for a connection; null where all are taken. The latency is rounded up to what the page can say. */
  assign(connectionId: number, latencyNs: number): number | null {
    let id = 0;
    while (this.monitors.has(id)) id++;
    if (id >= MONITORS) return null;
    this.keep(id, connectionId, latencyNs);
    this.current?.prepare(id, connectionId, this.monitors.get(id)!.latency);
    return id;
  }

  /** One that was assigned before a snapshot. */
  keep(id: number, connectionId: number, latencyNs: number): void {
    const latency = Math.min(MAX_LATENCY, Math.ceil(latencyNs / LATENCY_UNIT_NS));
    this.monitors.set(id, { connectionId, latency, dueNs: null });
    this.known[groupOf(id)]! |= bitOf(id);
  }

  release(id: number): void {
    this.monitors.delete(id);
    this.known[groupOf(id)]! &= ~bitOf(id);
    this.current?.clear(id);
  }

  clear(): void {
    this.monitors.clear();
    this.known.fill(0);
  }

  /**
   * Looks at the triggers and signals for those whose latency is over. Nanoseconds until another one's is; null where none
   * is set. A trigger that nobody has a monitor for means nothing.
   */
  look(nowNs: number): number | null {
    const page = this.current;
    if (page === null || this.monitors.size === 0) return null;
    let waitNs: number | null = null;
    const due: number[] = [];
    for (const [group, known] of this.known.entries()) {
      const set = known === 0 ? 0 : page.pending(group) & known;
      for (const id of monitorsIn(group, set)) {
        const leftNs = this.seen(id, page, nowNs) - nowNs;
        if (leftNs <= 0) due.push(id);
        else if (waitNs === null || leftNs < waitNs) waitNs = leftNs;
      }
    }
    for (const id of due) this.notify(id, page);
    return waitNs;
  }

  private seen(id: number, page: MonitorPage, nowNs: number): number {
    const monitor = this.monitors.get(id)!;
    if (monitor.dueNs === null) {
      page.arm(id);
      monitor.dueNs = nowNs + page.latency(id) * LATENCY_UNIT_NS;
    }
    return monitor.dueNs;
  }

  /** What one signal does may release the monitor of the next. */
  private notify(id: number, page: MonitorPage): void {
    const monitor = this.monitors.get(id);
    if (monitor === undefined) return;
    monitor.dueNs = null;
    page.clear(id);
    this.signal(monitor.connectionId);
  }
}
