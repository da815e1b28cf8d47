import assert from 'node:assert/strict';
import { pageEvent, pageSnapshot } from '../../src/protocol/page-snapshot.js';
import type { PartitionSnapshot, Snapshot } from '../../src/protocol/snapshot.js';
import { recordingFixture } from '../ui/fixtures/recording.js';

describe('a snapshot for a page', () => {
  const times = { runningPercent: 1, readyPercent: 2, waitingPercent: 97, suspendedPercent: 0, remotePercent: 0 };
  const { events, ...host } = recordingFixture().snapshots.at(-40)!;
  const partitions = host.partitions.map((partition) => ({ ...partition, vpTimes: [times, times] }));
  const snapshot: Snapshot = { ...host, events, partitions, peers: [{ ...host, partitions, host: 'Second' }] };
  const withoutTimes = (partition: PartitionSnapshot) => ({ ...partition, vpTimes: [] });

  it('holds all of its host but the times of virtual processors', () => {
    const { peers, ...page } = pageSnapshot(snapshot);
    assert.deepEqual(page, { ...host, events, partitions: partitions.map(withoutTimes) });
    assert.equal(peers?.length, 1);
  });

  it('holds the partitions and the memory of other hosts', () => {
    const [peer] = pageSnapshot(snapshot).peers ?? [];
    assert.deepEqual(peer?.partitions, partitions.map(withoutTimes));
    assert.deepEqual(peer?.memory, host.memory);
    assert.deepEqual([peer?.host, peer?.phase], ['Second', host.phase]);
    assert.deepEqual([peer?.logicalProcessors, peer?.channels], [[], []]);
  });

  it('says of no other host where there is none, and leaves other events as they are', () => {
    assert.equal('peers' in pageSnapshot({ ...host, events }), false);
    assert.deepEqual(pageEvent({ type: 'paused' }), { type: 'paused' });
  });
});
