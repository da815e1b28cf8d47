import assert from 'node:assert/strict';
import type { CostRow } from '../../../src/model/catalog/costs.js';
import {
  balloonResponse,
  capabilitiesReport,
  decodeHostMessage,
  hotAddResponse,
  statusReport,
  unballoonResponse,
  versionRequest,
} from '../../../src/runtime/child/balloon-protocol.js';
import { DriverMemory } from '../../../src/runtime/child/driver-memory.js';
import type { BackEnd } from '../../../src/runtime/parent/back-end.js';
import { MemoryService } from '../../../src/runtime/parent/dynamic-memory/memory-service.js';
import { Cost } from '../../../src/runtime/trace/cost-ledger.js';
import { balloonMessage } from '../../../src/runtime/vmbus/balloon-messages.js';
import { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import { RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';
import { PacketType, RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
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
    interrupt: () => {},
    broken: (reason) => heard.push(reason),
    pages: () => null,
    offerSubChannels: () => {},
  });
  const free = new Cost({ id: 'free' } as CostRow, 0, false);
  const costs = { message: free, remapGigabyte: free, signal: free };
  const listener = {
    status: (pages: number) => heard.push(`needs ${pages}`) > 0,
    released: ([first]: readonly { count: number }[]) => first?.count === 7 && heard.push('released 7') > 0,
    taken: () => false,
    hotAdded: () => false,
  };
  const service = new MemoryService('memory', channel, AT_ONCE, costs, listener, traffic);
  const say = (payload: Uint8Array) => {
    const packet = new RingPacket(payload.length);
    packet.body.set(payload);
    packet.type = PacketType.InBand;
    packet.bodyBytes = payload.length;
    if (outgoing.write(packet) === 'signal') service.signalled();
  };
  const answers = () => {
    const packet = new RingPacket();
    const found = [];
    while (incoming.read(packet) === 'packet') found.push(decodeHostMessage(packet.body.slice(0, packet.bodyBytes)));
    return found;
  };
  return { channel, answers, traffic, service, heard, say };
}

function agreed() {
  const served = serve();
  served.say(versionRequest(0x0002_0000, false, 1));
  served.say(capabilitiesReport(2));
  return served;
}

describe('the dynamic memory service', () => {
  it('agrees on a version it knows, and then hears what the guest can', () => {
    const { say, answers } = serve();
    say(versionRequest(0x0003_0000, false, 1));
    say(versionRequest(0x0001_0000, true, 2));
    say(capabilitiesReport(3));
    assert.deepEqual(answers(), [
      { type: 'version answered', accepted: false },
      { type: 'version answered', accepted: true },
      { type: 'capabilities answered' },
    ]);
  });

  it('hears what a guest needs and what it gives up', () => {
    const { heard, say, traffic } = agreed();
    say(statusReport(0, 1234, 3));
    say(balloonResponse([{ start: 0, count: 7 }], 4));
    assert.deepEqual(heard, ['needs 1234', 'released 7']);
    const bytes = 16 + 32 + 48 + 24;
    assert.deepEqual(traffic, { packets: 4, signals: 0, bytes, highestPercent: 0 }, 'the guest counts signals');
  });

  it('asks in packets that the guest can read', () => {
    const { service, answers } = agreed();
    answers();
    service.takeBack(99);
    service.giveBack([{ start: 5, count: 3 }], () => {});
    service.hotAdd({ start: 2 ** 33, count: 2 ** 20 }, () => {});
    service.fillIn(4, () => {});
    assert.deepEqual(answers(), [
      { type: 'balloon', pages: 99 },
      { type: 'unballoon', ranges: [{ start: 5, count: 3 }], more: false },
      { type: 'hot add', pages: { start: 2 ** 33, count: 2 ** 20 } },
    ]);
  });

  const nonsense: [string, Uint8Array][] = [
    ['more pages than it was asked for', balloonResponse([{ start: 0, count: 8 }], 9)],
    ['more ranges than it has room for', balloonResponse([{ start: 0, count: 7 }], 9).slice(0, 16)],
    ['pages that it was not given', unballoonResponse(9)],
    ['an addition that nobody asked for', hotAddResponse(5, 9)],
    ['a type that there is not', balloonMessage(99, 9, [1n])],
    ['a demand that cannot be counted', statusReport(0, 2 ** 60, 9)],
    ['nothing', new Uint8Array(0)],
  ];
  for (const [what, payload] of nonsense)
    it(`closes the channel of a guest that says ${what}, and does no harm`, () => {
      const { heard, say, channel } = agreed();
      say(payload);
      assert.equal(channel.isOpen, false);
      assert.equal(heard.length, 1);
      say(statusReport(0, 1, 10));
      assert.equal(heard.length, 1, 'nobody listens any more');
    });

  it('believes nothing before the guest has said what it can', () => {
    const { heard, say, channel } = serve();
    say(statusReport(0, 1234, 1));
    assert.equal(channel.isOpen, false);
    assert.deepEqual(heard, ['the child answers what it was not asked']);
  });
});
