import assert from 'node:assert/strict';
import type { CostRow } from '../../../src/model/catalog/costs.js';
import type { BackEnd } from '../../../src/runtime/parent/back-end.js';
import { MemoryService } from '../../../src/runtime/parent/dynamic-memory/memory-service.js';
import { Cost } from '../../../src/runtime/trace/cost-ledger.js';
import { Channel, noTraffic } from '../../../src/runtime/vmbus/channel.js';
import { decodeMemoryMessage, encodeMemoryMessage, MemoryMessage } from '../../../src/runtime/vmbus/memory-protocol.js';
import { RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';

/** Does at once what it is asked to. */
const AT_ONCE: BackEnd = {
  assignVp: () => 0,
  post: (_vp, work, what) => {
    work.begin(what);
    work.end(what);
  },
  inHypervisor: (_vp, ns) => ns,
};

function serve() {
  const channel = new Channel('web', 'memory', 4096, noTraffic());
  const heard: string[] = [];
  const free = new Cost({ id: 'free' } as CostRow, 0, false);
  const costs = { message: free, remapGigabyte: free, signal: free };
  const listener = {
    status: (pages: number) => heard.push(`needs ${pages}`),
    released: (pages: number) => pages === 7 && heard.push(`released ${pages}`) > 0,
    taken: () => false,
  };
  const service = new MemoryService(channel, AT_ONCE, costs, listener, (why) => heard.push(why));
  const say = (type: number, pages: number) => {
    const packet = new RingPacket();
    encodeMemoryMessage(packet, type as MemoryMessage, pages);
    if (channel.childWrites.write(packet) === 'signal') channel.signalHost();
  };
  return { channel, service, heard, say };
}

describe('the dynamic memory service', () => {
  it('hears what a guest needs and what it gives up', () => {
    const { heard, say, channel } = serve();
    say(MemoryMessage.Status, 1234);
    say(MemoryMessage.BalloonResponse, 7);
    assert.deepEqual(heard, ['needs 1234', 'released 7']);
    assert.deepEqual(
      { ...channel.traffic, highestPercent: 0 },
      { packets: 2, signals: 2, bytes: 32, highestPercent: 0 },
    );
  });

  it('asks in packets that the guest can read', () => {
    const { service, channel } = serve();
    service.send(MemoryMessage.BalloonRequest, 99);
    const packet = new RingPacket();
    assert.equal(channel.childReads.read(packet), 'packet');
    assert.deepEqual(decodeMemoryMessage(packet), { type: MemoryMessage.BalloonRequest, pages: 99 });
  });

  it('closes the channel of a guest that makes no sense, and does no harm', () => {
    for (const [type, pages] of [
      [MemoryMessage.BalloonResponse, 8],
      [MemoryMessage.HotAddResponse, 5],
      [99, 1],
      [MemoryMessage.Status, -1],
      [MemoryMessage.Status, Number.NaN],
      [MemoryMessage.Status, 0.5],
    ] as const) {
      const { heard, say, channel } = serve();
      say(type, pages);
      assert.equal(channel.open, false, `${type} ${pages}`);
      assert.equal(heard.length, 1);
      say(MemoryMessage.Status, 1);
      assert.equal(heard.length, 1, 'nobody listens any more');
    }
  });
});
