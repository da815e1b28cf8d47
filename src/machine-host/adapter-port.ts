import type { EthernetFrame, NetworkPort } from '../runtime/parent/ethernet/ethernet-frame.js';
import type { TokenBucket } from '../runtime/parent/network/token-bucket.js';
import type { Delivery } from '../runtime/parent/switch/frame.js';
import type { PortCounters, SwitchPort } from '../runtime/parent/switch/switch-port.js';

/** Where an adapter of a machine child is plugged in. */
export interface AdapterPort extends NetworkPort {
  readonly counters: PortCounters;
  /** Untagged, unless a tag is said. */
  send(frame: EthernetFrame, tag?: number | null): void;
  unplug(): void;
}

/** The time of the thread that the switches are on. */
export interface SwitchClock {
  nowNs(): number;
  /** Does `task` in so many ms, unless the function that it returns is called before. */
  after(ms: number, task: () => void): () => void;
}

export const SWITCH_CLOCK: SwitchClock = {
  nowNs: () => performance.now() * 1e6,
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** A port whose owner sends no faster than its bandwidth limit: it waits, and nothing is dropped. */
export class LimitedPort implements AdapterPort {
  private cancel: (() => void) | null = null;

  constructor(
    private readonly port: SwitchPort<EthernetFrame>,
    private readonly limit: TokenBucket,
    private readonly clock: SwitchClock,
    /** There is room again. */
    private readonly wake: () => void,
  ) {}

  get busy(): boolean {
    return this.cancel !== null;
  }

  get counters(): PortCounters {
    return this.port.counters;
  }

  send(frame: EthernetFrame, tag: number | null = null): void {
    const nowNs = this.clock.nowNs();
    this.limit.take(frame.bytes, nowNs);
    this.port.send(frame, tag);
    if (this.limit.freeNs <= nowNs || this.cancel !== null) return;
    this.cancel = this.clock.after(Math.ceil((this.limit.freeNs - nowNs) / 1e6), () => {
      this.cancel = null;
      this.wake();
    });
  }

  take(): Delivery<EthernetFrame> | null {
    return this.port.take();
  }

  unplug(): void {
    this.cancel?.();
    this.cancel = null;
    this.port.unplug();
  }
}
