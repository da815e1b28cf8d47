import type { HostModel } from '../../model/host-model.js';
import { modelledChildren } from '../../model/modelled-children.js';
import type { Neighbour, NeighbourStatus } from '../../protocol/neighbours.js';
import type { Snapshot } from '../../protocol/snapshot.js';
import type { BridgeCounters } from '../../runtime/parent/network/switch-bridge.js';

/** What is told of the modelled children beside machine children, added up over the snapshots of their run. */
export class NeighbourCounts {
  private readonly children: Neighbour[];
  /** Those that start by themselves and at once. */
  private readonly awaited: ReadonlySet<string>;
  private readonly told = new Set<string>();

  constructor(host: HostModel) {
    const modelled = modelledChildren(host);
    this.children = modelled.map(({ name }) => ({ name, state: 'off', sentFrames: 0, receivedFrames: 0 }));
    const atOnce = modelled.filter(({ start }) => start.action !== 'never' && start.delayNs === 0);
    this.awaited = new Set(atOnce.map(({ name }) => name));
  }

  /** Nobody of those who start by themselves is still on the way. */
  get haveStarted(): boolean {
    return this.children.every(
      ({ name, state }) => !this.awaited.has(name) || !(state === 'off' || state === 'waiting' || state === 'starting'),
    );
  }

  /** What became of children that are not there, in sentences; each is told once. */
  news({ partitions }: Snapshot): string[] {
    return partitions.flatMap(({ name, state, reason }) => {
      const isAway = (state === 'refused' || state === 'failed') && this.children.some((child) => child.name === name);
      const text = `${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
      if (!isAway || this.told.has(text)) return [];
      this.told.add(text);
      return [text];
    });
  }

  add(snapshot: Snapshot, bridges: readonly BridgeCounters[]): NeighbourStatus {
    const seconds = snapshot.intervalNs / 1e9;
    for (const child of this.children) {
      child.state = snapshot.partitions.find(({ name }) => name === child.name)?.state ?? child.state;
      for (const adapter of snapshot.adapters.filter((each) => each.child === child.name)) {
        child.sentFrames += Math.round(adapter.sentPerSecond * seconds);
        child.receivedFrames += Math.round(adapter.receivedPerSecond * seconds);
      }
    }
    const dropped = bridges.reduce((sum, { overflowed, lost, port }) => sum + overflowed + lost + port.overflowed, 0);
    return { children: this.children.map((child) => ({ ...child })), dropped };
  }
}
