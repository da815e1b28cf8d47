import assert from 'node:assert/strict';
import type { CostRow } from '../../../src/model/catalog/costs.js';
import { DriverMemory } from '../../../src/runtime/child/driver-memory.js';
import type { BackEnd } from '../../../src/runtime/parent/back-end.js';
import { MemoryService } from '../../../src/runtime/parent/dynamic-memory/memory-service.js';
import { Cost } from '../../../src/runtime/trace/cost-ledger.js';
import { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import { decodeMemoryMessage, encodeMemoryMessage, MemoryMessage } from '../../../src/runtime/vmbus/memory-protocol.js';
import { RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';
import { RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
import { ContiguousBytes } from '../../../src/runtime/vmbus/shared-bytes.js';
import { noTraffic } from '../../../src/runtime/vmbus/traffic.js';

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
  const heard: string[] = [];
  const traffic = noTraffic();
  const [up, down] = [new ContiguousBytes(new Uint8Array(8192)), new ContiguousBytes(new Uint8Array(8192))];
  const [outgoing, incoming] = [new RingBuffer(up), new RingBuffer(down)];
  const channel = new HostChannel(new DriverMemory(() => 1), new RingBuffer(up), new RingBuffer(down), {
    interrupt: () => heard.push('interrupt'),
    broken: (reason) => heard.push(reason),
    pages: () => null,
  });
  const free = new Cost({ id: 'free' } as CostRow, 0, false);
  const costs = { message: free, remapGigabyte: free, signal: free };
  const listener = {
    status: (pages: number) => heard.push(`needs ${pages}`),
    released: (pages: number) => pages === 7 && heard.push(`released ${pages}`) > 0,
    taken: () => false,
  };
  const service = new MemoryService('memory', channel, AT_ONCE, costs, listener, traffic);
  const say = (type: number, pages: number) => {
    const packet = new RingPacket();
    encodeMemoryMessage(packet, type as MemoryMessage, pages);
    if (outgoing.write(packet) === 'signal') service.signalled();
  };
  return { channel, incoming, traffic, service, heard, say };
}

describe('the dynamic memory service', () => {
  it('hears what a guest needs and what it gives up', () => {
    const { heard, say, traffic } = serve();
    say(MemoryMessage.Status, 1234);
    say(MemoryMessage.BalloonResponse, 7);
    assert.deepEqual(heard, ['needs 1234', 'released 7']);
    assert.deepEqual(
      traffic,
      { packets: 2, signals: 0, bytes: 32, highestPercent: 0 },
      'signals are counted by the guest',
    );
  });

  it('asks in packets that the guest can read', () => {
    const { service, incoming, heard } = serve();
    service.send(MemoryMessage.BalloonRequest, 99);
    const packet = new RingPacket();
    assert.equal(incoming.read(packet), 'packet');
    assert.deepEqual(decodeMemoryMessage(packet), { type: MemoryMessage.BalloonRequest, pages: 99 });
    assert.deepEqual(heard, ['interrupt']);
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
      assert.equal(channel.isOpen, false, `${type} ${pages}`);
      assert.equal(heard.length, 1);
      say(MemoryMessage.Status, 1);
      assert.equal(heard.length, 1, 'nobody listens any more');
    }
  });
});
