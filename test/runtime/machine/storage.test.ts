import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { type FakeChannel, FakeGuest, words } from './fake-guest.js';
import { AtOnceStore, MemoryStore } from './memory-store.js';

const DISK_BYTES = 64 * 1024;
const IN = 1;

function setUp(store = new MemoryStore(DISK_BYTES)) {
  const failures: unknown[] = [];
  const vsp = new StorageVsp('00000000-0001-8899-0000-000000000000', [{ lun: 0, serial: 'HVHOST-0', store }], (_, e) =>
    failures.push(e),
  );
  const guest = new FakeGuest();
  guest.server.offer(vsp);
  guest.connect();
  return { store, vsp, guest, failures, channel: guest.open(1, 8) };
}

/** An EXECUTE_SRB packet. */
function srb(command: number[], length: number, { lun = 0, path = 0, target = 0 } = {}): Uint8Array {
  const packet = new Uint8Array(64);
  packet.set(words(3, 0, 0));
  packet.set([52, 0, 0, 0, 0, path, target, lun, command.length, 20, IN, 0], 12);
  packet.set(words(length), 24);
  packet.set(command, 28);
  return packet;
}

async function answerOf(channel: FakeChannel): Promise<Uint8Array> {
  for (let turn = 0; turn < 100; turn++) {
    const packet = channel.receive();
    if (packet !== null) return packet.payload;
    await Promise.resolve();
  }
  throw new Error('no answer');
}

const read10 = (sector: number, count: number) => [
  0x28,
  0,
  0,
  0,
  sector >> 8,
  sector & 0xff,
  0,
  count >> 8,
  count & 0xff,
  0,
];
const write10 = (sector: number, count: number) => [0x2a, ...read10(sector, count).slice(1)];

describe('storage VSP: protocol', () => {
  it('initializes as a storvsc does', async () => {
    const { channel } = setUp();
    const ask = async (...values: number[]) => {
      const packet = new Uint8Array(64);
      packet.set(words(...values));
      channel.send(packet, 5n);
      return new DataView((await answerOf(channel)).slice().buffer);
    };
    assert.equal((await ask(7)).getUint32(0, true), 1);
    assert.equal((await ask(9, 0, 0, 0x0603)).getUint32(8, true), 0xc0000059, 'an unknown version');
    assert.equal((await ask(9, 0, 0, 0x0602)).getUint32(8, true), 0);
    const properties = await ask(10);
    assert.equal(properties.getUint16(16, true), 0, 'no sub-channels');
    assert.equal(properties.getUint32(24, true), 1 << 20);
    assert.equal((await ask(8)).getUint32(8, true), 0);
    assert.equal((await ask(99)).getUint32(8, true), 0xc0000010);
  });

  it('breaks the channel on a packet that is too short', () => {
    const { guest, channel } = setUp();
    channel.send(words(3));
    assert.ok(guest.events.some((event) => event.type === 'channel broken'));
  });
});

describe('storage VSP: disks', () => {
  it('refuses sectors beyond the end with ILLEGAL REQUEST', async () => {
    const { guest, channel } = setUp();
    for (const command of [read10(127, 2), write10(128, 1), [0x88, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]]) {
      channel.sendDirect(srb(command, 1024), guest.page(), 1024);
      const answer = await answerOf(channel);
      assert.deepEqual([answer[14], answer[15]], [0x84, 2], 'error, with sense data');
      assert.deepEqual([answer[28 + 2], answer[28 + 12]], [5, 0x21]);
    }
  });

  it('says what disk it is, and that nothing else is there', async () => {
    const { guest, channel } = setUp();
    const page = guest.page();
    const inquire = async (place: { lun?: number; path?: number; target?: number }) => {
      channel.sendDirect(srb([0x12, 0, 0, 0, 36, 0], 36, place), page, 36);
      const answer = await answerOf(channel);
      assert.equal(answer[14], 1);
      return guest.cpu.memory.read(page, 36);
    };
    const disk = await inquire({});
    assert.equal(disk[0], 0);
    assert.equal(Buffer.from(disk.subarray(8, 32)).toString(), 'Msft    Virtual Disk    ');
    for (const place of [{ lun: 1 }, { target: 1 }, { path: 1 }]) assert.equal((await inquire(place))[0], 0x7f);
    channel.sendDirect(srb([0x00, 0, 0, 0, 0, 0], 0, { lun: 3 }), page, 0);
    assert.equal((await answerOf(channel))[14], 0x20, 'no such LUN');
  });

  it('reports its size, its write cache and that it is thin', async () => {
    const { guest, channel } = setUp();
    const page = guest.page();
    const ask = async (command: number[], length: number) => {
      channel.sendDirect(srb(command, length), page, length);
      assert.equal((await answerOf(channel))[14], 1);
      return Buffer.from(guest.cpu.memory.read(page, length));
    };
    assert.equal((await ask([0x25], 8)).readUInt32BE(0), DISK_BYTES / 512 - 1);
    const capacity = await ask([0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32], 32);
    assert.equal(capacity.readBigUInt64BE(0), BigInt(DISK_BYTES / 512 - 1));
    assert.equal(capacity[14], 0x80);
    assert.equal((await ask([0x1a, 0, 8, 0, 24], 24))[6], 4);
    assert.equal((await ask([0x12, 1, 0xb2, 0, 8], 8))[5], 0x80);
  });

  it('tells the guest when disks come and go', async () => {
    const { vsp, guest, channel } = setUp();
    const events: number[] = [];
    const readiness = async () => {
      channel.sendDirect(srb([0x00, 0, 0, 0, 0, 0], 0, { lun: 1 }), guest.page(), 0);
      return (await answerOf(channel))[14];
    };
    const change = async (work: () => void) => {
      work();
      const packet = channel.receive();
      assert.deepEqual([packet?.type, packet?.transactionId], [6, 0n]);
      events.push(packet?.payload[0] ?? 0, (await readiness()) ?? 0);
    };
    await change(() => vsp.attach({ lun: 1, serial: 'HVHOST-1', store: new MemoryStore(4096) }));
    await change(() => vsp.detach(1));
    assert.deepEqual(events, [11, 1, 11, 0x20]);
  });

  it('acknowledges nothing of what is under way on a disk that goes', async () => {
    const { vsp, guest, channel } = setUp();
    channel.sendDirect(srb(write10(0, 1), 512), guest.page(), 512);
    vsp.detach(0);
    assert.equal(channel.receive()?.payload[0], 11);
    assert.equal((await answerOf(channel))[14], 0x20);
  });

  it('flushes and trims', async () => {
    const { store, guest, channel } = setUp();
    channel.send(srb([0x35], 0));
    assert.equal((await answerOf(channel))[14], 1);
    assert.equal(store.flushes, 1);
    const list = Buffer.alloc(24);
    list.writeUInt16BE(22, 0);
    list.writeUInt16BE(16, 2);
    list.writeBigUInt64BE(16n, 8);
    list.writeUInt32BE(8, 16);
    const page = guest.page();
    guest.cpu.memory.write(page, list);
    channel.sendDirect(srb([0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], 24), page, 24);
    assert.equal((await answerOf(channel))[14], 1);
    assert.deepEqual(store.trims, [[16 * 512, 8 * 512]]);
    list.writeBigUInt64BE(BigInt(DISK_BYTES / 512), 8);
    guest.cpu.memory.write(page, list);
    channel.sendDirect(srb([0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], 24), page, 24);
    assert.equal((await answerOf(channel))[14], 0x84);
  });

  it('answers at once where the store does: nothing is in work then', () => {
    const { guest, channel } = setUp(new AtOnceStore(DISK_BYTES));
    channel.sendDirect(srb(read10(0, 1), 512), guest.page(), 512);
    assert.equal(channel.receive()?.payload[14], 1);
  });

  it('waits where the store cannot do it at once', async () => {
    const store = new AtOnceStore(DISK_BYTES);
    store.data.fill(7, 0, 512);
    store.readNow = () => false;
    const { guest, channel } = setUp(store);
    const page = guest.page();
    channel.sendDirect(srb(read10(0, 1), 512), page, 512);
    assert.equal(channel.receive(), null);
    assert.equal((await answerOf(channel))[14], 1);
    assert.equal(guest.cpu.memory.read(page, 512)[511], 7);
  });

  it('finishes what the disks were asked before it is done', async () => {
    const { store, vsp, guest, channel } = setUp();
    const gpa = guest.page();
    guest.cpu.memory.write(gpa, Uint8Array.of(1, 2, 3));
    for (let sector = 0; sector < 8; sector++) channel.sendDirect(srb(write10(sector, 1), 512), gpa, 512);
    guest.server.close();
    await vsp.drain();
    assert.equal(store.data[7 * 512 + 2], 3);
  });
});

for (const Store of [MemoryStore, AtOnceStore]) {
  describe(`storage VSP: data in a ${Store.name}`, () => {
    it('writes and reads back through scattered pages, from the middle of one', async () => {
      const { store, vsp, guest, channel } = setUp(new Store(DISK_BYTES));
      const gpa = guest.page() + 512;
      guest.page();
      guest.page();
      const data = Uint8Array.from({ length: 8192 }, (_, at) => (at * 7) & 0xff);
      guest.cpu.memory.write(gpa, data);
      channel.sendDirect(srb(write10(8, 16), 8192), gpa, 8192);
      const wrote = await answerOf(channel);
      assert.deepEqual([wrote[14], wrote[15]], [1, 0]);
      assert.deepEqual(store.data.slice(8 * 512, 24 * 512), data);

      guest.cpu.memory.write(gpa, new Uint8Array(8192));
      channel.sendDirect(srb(read10(8, 16), 8192), gpa, 8192);
      const got = await answerOf(channel);
      assert.equal(new DataView(got.slice().buffer).getUint32(24, true), 8192);
      assert.deepEqual(guest.cpu.memory.read(gpa, 8192), data);
      assert.deepEqual([vsp.counters.readBytes, vsp.counters.writtenBytes], [8192, 8192]);
    });

    it('turns a failing store into a medium error and says so', async () => {
      const { store, guest, channel, failures } = setUp(new Store(DISK_BYTES));
      store.broken = true;
      channel.sendDirect(srb(read10(0, 1), 512), guest.page(), 512);
      const answer = await answerOf(channel);
      assert.deepEqual([answer[14], answer[28 + 2], answer[28 + 12]], [0x84, 3, 0x11]);
      assert.equal(failures.length, 1);
    });
  });
}

describe('storage VSP: hostile guests', () => {
  it('breaks only the channel when a request names memory that is not there', () => {
    const { guest, channel } = setUp();
    channel.sendRaw(9, words(0, 1, 512, 0, 0x7fffffff, 0), srb(read10(0, 1), 512), 1n);
    const broken = guest.events.filter((event) => event.type === 'channel broken');
    assert.equal(broken.length, 1);
    assert.equal(guest.connect().length, 1);
  });

  it('survives any packet', async () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 2, 3, 512, 4096, 0xffffffff), fc.nat(2000), fc.nat());
    const command = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Array.from(bytes)),
      fc
        .tuple(
          fc.constantFrom(0x08, 0x0a, 0x12, 0x28, 0x2a, 0x42, 0x88, 0x8a, 0x9e),
          fc.uint8Array({ minLength: 15, maxLength: 15 }),
        )
        .map(([opcode, rest]) => [opcode, ...rest]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(word, { minLength: 2, maxLength: 12 }), command, word), { maxLength: 12 }),
        fc.constantFrom(MemoryStore, AtOnceStore),
        async (packets, Store) => {
          const { guest, channel, vsp } = setUp(new Store(DISK_BYTES));
          for (const [ranges, bytes, length] of packets) {
            if (ranges.length % 2 === 1) ranges.pop();
            if (guest.events.some((event) => event.type === 'channel broken')) break;
            channel.sendRaw(9, words(...ranges), srb(bytes, length), 1n);
            for (let turn = 0; turn < 20; turn++) await Promise.resolve();
            while (channel.receive() !== null);
          }
          assert.equal(vsp.counters.errors, 0, 'no request reaches a store outside of its bounds');
          assert.ok(guest.cpu.guardsIntact());
        },
      ),
      { numRuns: 200 },
    );
  });
});
