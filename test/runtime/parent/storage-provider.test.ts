import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildHost } from '../../../src/runtime/build-host.js';
import { AddressSpace } from '../../../src/runtime/hypervisor/address-space.js';
import { StorageProvider } from '../../../src/runtime/parent/storage-provider.js';
import { Channel, noTraffic } from '../../../src/runtime/vmbus/channel.js';
import { RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';
import { PacketType, RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
import { ContiguousBytes } from '../../../src/runtime/vmbus/shared-bytes.js';
import { encodeStorageCommand, SRB_INVALID_REQUEST, SRB_SUCCESS } from '../../../src/runtime/vmbus/storage-protocol.js';
import { host } from '../hosts.js';

/** A storage VSP on a running host, with the child's side of its channel in the hands of the test. */
function provider() {
  const built = buildHost(host(), 1, { answered: () => {}, stateChanged: () => {} });
  built.installScheduler();
  const { parts } = built;
  parts.timers.seal();
  parts.root.launch();
  const channel = new Channel('hostile', 'storage', 4096, noTraffic());
  const cost = (id: Parameters<typeof parts.costs.get>[0]) => parts.costs.get(id);
  const space = new AddressSpace();
  space.map([{ first: 100, count: 50 }]);
  const file = { disk: parts.disks.get('raid0')!, position: 0, bytes: 1e6 };
  const closed: string[] = [];
  new StorageProvider(
    channel,
    parts.root,
    {
      request: cost('vsp-storage-request'),
      completion: cost('vsp-storage-completion'),
      signal: cost('hypercall'),
      perRequest: [],
      copy: null,
      batch: 4,
    },
    space,
    [file],
    (why) => closed.push(why),
  );
  const run = () => {
    for (let n = 0; n < 10_000 && parts.timers.nextNs() < Number.POSITIVE_INFINITY; n++) parts.timers.step();
  };
  return { channel, closed, run, disk: file.disk };
}

function statuses(channel: Channel): number[] {
  const packet = new RingPacket();
  const seen: number[] = [];
  while (channel.childReads.read(packet) === 'packet') seen.push(packet.body[14]!);
  return seen;
}

function write(channel: Channel, lun: number, sector: number, page: number): void {
  const packet = new RingPacket(4096);
  packet.type = PacketType.GpaDirect;
  packet.flags = 1;
  packet.transaction = 1;
  packet.bodyBytes = encodeStorageCommand(packet.body, { lun, write: false, sector, bytes: 4096 }, page);
  channel.childWrites.write(packet);
}

describe('storage VSP', () => {
  it('serves what is right and refuses what is not, packet by packet', () => {
    const { channel, run, disk } = provider();
    write(channel, 0, 0, 0);
    write(channel, 1, 0, 0);
    write(channel, 0, 1e9, 0);
    write(channel, 0, 0, 50);
    write(channel, 0, 8, 49);
    channel.signalHost();
    run();
    const bad = SRB_INVALID_REQUEST;
    assert.deepEqual(statuses(channel).sort(), [SRB_SUCCESS, SRB_SUCCESS, bad, bad, bad]);
    assert.equal(disk.completed, 2);
  });

  it('closes a channel that makes no sense, and only that', () => {
    const { channel, closed, run, disk } = provider();
    const memory = new Uint8Array(8192);
    new DataView(memory.buffer).setUint32(0, 0xfffffff8, true);
    Object.assign(channel, { hostReads: new RingBuffer(new ContiguousBytes(memory)) });
    channel.signalHost();
    run();
    assert.equal(closed.length, 1);
    assert.equal(channel.open, false);
    assert.equal(disk.submitted, 0);
  });

  it('survives any bytes a child puts into its rings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8191), fc.nat(255)), { maxLength: 50 }),
        fc.array(fc.nat(8191)),
        (pokes, more) => {
          const { channel, run } = provider();
          const memory = new Uint8Array(8192);
          Object.assign(channel, {
            hostReads: new RingBuffer(new ContiguousBytes(memory)),
            hostWrites: new RingBuffer(new ContiguousBytes(memory)),
          });
          for (const [at, value] of pokes) memory[at % (at % 3 === 0 ? 16 : 8192)] = value;
          channel.signalHost();
          run();
          for (const at of more) memory[at] = 0x5a;
          channel.signalHost();
          run();
        },
      ),
      { numRuns: 300 },
    );
  });
});
