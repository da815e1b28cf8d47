import type { Timeline } from '../trace/timeline.js';

/** What runs the virtual processors of a host, as everybody else sees it. */
export interface Processors {
  readonly lpCount: number;
  readonly nowNs: number;
  /** Where the time of each LP went, up to the last {@link account}. */
  readonly times: { readonly busyNs: Float64Array; readonly hypervisorNs: Float64Array };
  timeline: Timeline | null;
  /** Whether a VP can be at home on a node. */
  isHome(node: number): boolean;
  /** An interrupt for a VP: wakes it when it halted, else the guest may turn to it at once. */
  interrupt(vp: number): void;
  /** A halted VP has something to do. */
  wake(vp: number): void;
  suspend(vp: number, why: number): void;
  /** Clears a reason for suspension; the VP is ready when it was the last one. */
  resume(vp: number, why: number): void;
  /** Takes a VP out for good; whatever it was to run is dropped and returned in ns. */
  stop(vp: number): number;
  /** A guest spends part of the burst it asks for in the hypervisor; returns that part. */
  chargeHypervisor(vp: number, ns: number): number;
  /** Brings all counters up to now. */
  account(): void;
}
