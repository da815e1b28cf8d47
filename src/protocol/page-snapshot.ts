import type { EngineEvent } from './protocol.js';
import type { PartitionSnapshot, PeerSnapshot, Snapshot } from './snapshot.js';

/**
 * A snapshot as a page needs it: without what no page shows, which with several hosts of many processors is three quarters of it.
 * A run sends up to a thousand, and a report keeps them all.
 */
export function pageSnapshot(snapshot: Snapshot): Snapshot {
  const page = { ...snapshot, partitions: snapshot.partitions.map(withoutVpTimes) };
  return snapshot.peers === undefined ? page : { ...page, peers: snapshot.peers.map(pagePeer) };
}

/** What an engine says, as a page needs it. */
export function pageEvent(event: EngineEvent): EngineEvent {
  return event.type === 'snapshot' ? { ...event, snapshot: pageSnapshot(event.snapshot) } : event;
}

/** Of another host a page shows the partitions and the memory. */
function pagePeer(peer: PeerSnapshot): PeerSnapshot {
  const partitions = peer.partitions.map(withoutVpTimes);
  return { ...peer, partitions, logicalProcessors: [], disks: [], nics: [], switches: [], adapters: [], channels: [] };
}

function withoutVpTimes(partition: PartitionSnapshot): PartitionSnapshot {
  return { ...partition, vpTimes: [] };
}
