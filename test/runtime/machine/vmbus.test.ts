import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Msr } from '../../../src/runtime/hypervisor/tlfs/msr.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import type { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import { FakeGuest, words } from './fake-guest.js';

/** Sends every packet back as a completion. */
class Echo implements VmbusDevice {
  readonly title: string = 'echo';
  readonly interfaceId = '11111111-2222-3333-4455-66778899aabb';
  readonly instanceId = 'aaaaaaaa-bbbb-cccc-ddee-ff0011223344';
  readonly messagePipe = false;
  channel: HostChannel | null = null;
  closes = 0;

  open(channel: HostChannel) {
    this.channel = channel;
    return {
      signalled: () => {
        for (let next = channel.receive(); next !== null; next = channel.receive()) {
          channel.send(11, 0, next.transactionId, next.payload);
        }
      },
      closed: () => {
        this.closes++;
      },
    };
  }
}

function guestWith(...devices: VmbusDevice[]): FakeGuest {
  const guest = new FakeGuest();
  for (const device of devices) guest.server.offer(device);
  return guest;
}

const types = (messages: DataView[]) => messages.map((message) => message.getUint32(0, true));

describe('VMBus: connection', () => {
  it('agrees on 5.3 and names the message connection', () => {
    const guest = guestWith();
    guest.post(words(14, 0, 0x00050003, 0, 2, 0, 0, 0, 0, 0));
    const [response] = guest.messages();
    assert.deepEqual([response?.getUint32(0, true), response?.getUint8(8), response?.getUint32(12, true)], [15, 1, 4]);
    assert.deepEqual(guest.events, [{ type: 'connected', version: '5.3' }]);
  });

  it('refuses what it does not speak and lets the guest try a lower one', () => {
    const guest = guestWith();
    for (const [version, supported] of [
      [0x00060000, 0],
      [0x00050001, 1],
      [0x00000013, 0],
      [0x00020004, 1],
    ] as const) {
      guest.post(words(14, 0, version, 0, 0, 0, 0, 0, 0, 0), 1);
      assert.equal(guest.messages()[0]?.getUint8(8), supported, version.toString(16));
    }
  });

  it('offers devices with their GUIDs in memory order and an interrupt of their own', () => {
    const [offer] = guestWith(new Echo()).connect();
    assert.equal(offer?.byteLength, 196);
    assert.equal(offer?.getUint32(8, true), 0x11111111);
    assert.equal(offer?.getUint16(12, true), 0x2222);
    assert.equal(offer?.getUint8(16), 0x44);
    assert.deepEqual([offer?.getUint32(184, true), offer?.getUint16(190, true)], [1, 1]);
  });

  it('ignores what comes before a version is agreed', () => {
    const guest = guestWith(new Echo());
    guest.post(words(3, 0));
    assert.deepEqual(guest.messages(), []);
    assert.equal(guest.events[0]?.type, 'message ignored');
  });

  it('knows its connections, and the kind of port that each leads to', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const signal = (connection: number, flag = 0) => {
      const input = BigInt(connection) | (BigInt(flag) << 32n);
      return Number(guest.hypervisor.hypercall({ control: 0x5dn | (1n << 16n), input, output: 0n }));
    };
    assert.equal(guest.post(words(3, 0), 99), HvStatus.InvalidConnectionId);
    assert.equal(signal(0x10000 + 9), HvStatus.InvalidConnectionId);
    for (const events of [2, 0x10001]) assert.equal(guest.post(words(3, 0), events), HvStatus.InvalidPortId);
    for (const messages of [1, 4]) assert.equal(signal(messages), HvStatus.InvalidPortId);
    assert.equal(signal(0x10001), HvStatus.Success);
    assert.equal(signal(0x10001, 1), HvStatus.InvalidParameter, 'a channel has one flag');
  });

  it('opens no channel whose interrupts would go to a VP that is not there', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const { gpadl } = guest.share(1, 6);
    guest.post(words(5, 0, 1, 1, gpadl, 7, 3, ...new Array(30).fill(0)));
    const [, result] = guest.messages();
    assert.equal(result?.getUint32(16, true), 0xc0000001);
    const ignored = guest.events.find((event) => event.type === 'message ignored');
    assert.match(ignored?.reason ?? '', /HV_STATUS_INVALID_VP_INDEX/);
  });

  it('tells a guest that floods it to wait', () => {
    const guest = guestWith();
    guest.connect();
    let status = 0;
    for (let at = 0; at < 2000 && status === 0; at++) status = guest.post(words(22, 0, 1, 0));
    assert.equal(status, HvStatus.InsufficientBuffers);
  });

  it('starts over when the guest does, and unloads', () => {
    const echo = new Echo();
    const guest = guestWith(echo);
    guest.connect();
    guest.open(1);
    assert.equal(guest.connect(0x00040001).length, 1);
    assert.equal(echo.closes, 1);
    guest.open(1);
    guest.post(words(16, 0));
    assert.deepEqual(types(guest.messages()), [17]);
    assert.equal(echo.closes, 2);
  });
});

describe('VMBus: channels', () => {
  it('carries packets both ways, around the end of rings whose pages are scattered', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const channel = guest.open(1);
    for (let round = 0; round < 50; round++) {
      const payload = Uint8Array.from({ length: 1 + round * 40 }, (_, at) => at ^ round);
      channel.send(payload, BigInt(round) << 40n);
      const answer = channel.receive();
      assert.equal(answer?.type, 11);
      assert.equal(answer?.transactionId, BigInt(round) << 40n);
      assert.deepEqual(answer?.payload.subarray(0, payload.length), payload);
    }
  });

  it('takes a GPADL in a header and bodies', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    guest.share(1, 100);
    const [created] = guest.messages();
    assert.deepEqual([created?.getUint32(0, true), created?.getUint32(16, true)], [10, 0]);
  });

  it('refuses GPADLs outside of memory, with wrong lengths, with a handle in use', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const status = (...message: number[]) => {
      guest.post(words(...message));
      return guest.messages()[0]?.getUint32(16, true);
    };
    const one = 16 | (1 << 16);
    assert.equal(status(8, 0, 1, 7, one, 4096, 0, 20, 0), 0);
    assert.notEqual(status(8, 0, 1, 7, one, 4096, 0, 21, 0), 0, 'handle in use');
    assert.notEqual(status(8, 0, 1, 8, one, 4096, 0, 0x400, 0), 0, 'just outside');
    assert.notEqual(status(8, 0, 1, 8, one, 4096, 0, 0, 0x80000000), 0, 'far outside');
    assert.notEqual(status(8, 0, 1, 8, one, 8192, 0, 20, 0), 0, 'more bytes than pages');
    assert.notEqual(status(8, 0, 1, 8, 16 | (2 << 16), 4096, 0, 20, 0), 0, 'two ranges');
  });

  it('refuses to open what is not there, twice, or with a ring of one page', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const { gpadl } = guest.share(1, 6);
    guest.messages();
    const open = (relid: number, handle: number, pages: number) => {
      guest.post(words(5, 0, relid, 1, handle, 0, pages, ...new Array(30).fill(0)));
      return guest.messages()[0]?.getUint32(16, true);
    };
    assert.notEqual(open(2, gpadl, 3), 0);
    assert.notEqual(open(1, gpadl + 1, 3), 0);
    assert.notEqual(open(1, gpadl, 1), 0);
    assert.notEqual(open(1, gpadl, 5), 0);
    assert.equal(open(1, gpadl, 3), 0);
    assert.notEqual(open(1, gpadl, 3), 0);
  });

  it('breaks a channel whose indices are nonsense, and no other', () => {
    const [bad, good] = [new Echo(), new Echo()];
    const guest = guestWith(bad, good);
    guest.connect();
    const [first, second] = [guest.open(1), guest.open(2)];
    guest.cpu.memory.writeU32(first.outPages[0]! * 4096, 0xfffffff8);
    first.signal();
    assert.equal(bad.closes, 1);
    assert.ok(guest.events.some((event) => event.type === 'channel broken'));
    second.send(Uint8Array.of(1));
    assert.equal(second.receive()?.payload[0], 1);
  });

  it('breaks a channel whose ring is torn down under it', () => {
    const echo = new Echo();
    const guest = guestWith(echo);
    guest.connect();
    const channel = guest.open(1);
    guest.post(words(11, 0, 1, channel.gpadl));
    assert.deepEqual(types(guest.messages()), [12]);
    assert.equal(echo.closes, 1);
  });

  it('keeps answers until the guest has made room, and gives up on one that never reads', () => {
    const echo = new Echo();
    const guest = guestWith(echo);
    guest.connect();
    const channel = guest.open(1);
    const payload = new Uint8Array(1000);
    for (let at = 0; at < 20; at++) echo.channel?.send(6, 0, BigInt(at), payload);
    const seen: bigint[] = [];
    for (let next = channel.receive(); next !== null; next = channel.receive()) seen.push(next.transactionId);
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, at) => BigInt(at)),
    );

    for (let at = 0; at < 400; at++) echo.channel?.send(6, 0, 0n, payload);
    assert.equal(echo.closes, 1);
  });

  it('tells a guest that waits for room when there is some', () => {
    const guest = guestWith(new Echo());
    guest.connect();
    const channel = guest.open(1);
    const vectors = guest.cpu.vectors.length;
    guest.cpu.memory.writeU32(channel.outPages[0]! * 4096 + 12, 8190);
    channel.send(Uint8Array.of(1));
    assert.ok(guest.cpu.vectors.length > vectors);
  });
});

describe('VMBus: what the host cannot say', () => {
  it('is reported by the status of its hypercall', () => {
    const echo = new Echo();
    const guest = guestWith(echo);
    guest.connect();
    guest.hypervisor.writeMsr(Msr.Scontrol, 0n);
    guest.server.rescind(echo);
    assert.deepEqual(guest.events.at(-1), { type: 'message refused', reason: 'HV_STATUS_INVALID_SYNIC_STATE' });
  });
});

describe('VMBus: devices that come and go', () => {
  it('offers a device at once when the guest is there, and takes it back', () => {
    const guest = guestWith();
    guest.connect();
    const echo = new Echo();
    guest.server.offer(echo);
    assert.deepEqual(types(guest.messages()), [1]);
    const channel = guest.open(1);
    guest.server.rescind(echo);
    assert.deepEqual(types(guest.messages()), [2]);
    assert.equal(echo.closes, 1);
    assert.equal(channel.signal(), HvStatus.InvalidPortId);
    guest.server.offer(new Echo());
    assert.equal(guest.messages()[0]?.getUint32(184, true), 2, 'the number is kept until the guest releases it');
    guest.post(words(13, 0, 1));
    assert.equal(channel.signal(), HvStatus.InvalidConnectionId);
    guest.server.offer(new Echo());
    assert.equal(guest.messages()[0]?.getUint32(184, true), 1);
  });
});

describe('VMBus: hostile guests', () => {
  const anyMessage = fc.oneof(
    fc.uint8Array({ maxLength: 240 }),
    fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.nat()), { maxLength: 56 }),
      )
      .map(([type, rest]) => words(type, 0, ...rest)),
  );

  it('never crash the host with messages', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 60 }), (messages) => {
        const guest = guestWith(new Echo(), new Echo());
        guest.connect();
        for (const message of messages) guest.post(message);
        guest.messages();
        assert.ok(guest.cpu.guardsIntact());
        assert.equal(guest.connect().length, 2, 'the bus still works');
      }),
      { numRuns: 200 },
    );
  });

  it('never crash the host with rings', () => {
    const index = fc.oneof(
      fc.nat(1030).map((n) => n * 8),
      fc.nat(),
    );
    fc.assert(
      fc.property(index, index, fc.uint8Array({ minLength: 64, maxLength: 512 }), (write, read, bytes) => {
        const guest = guestWith(new Echo());
        guest.connect();
        const channel = guest.open(1);
        const { memory } = guest.cpu;
        for (const page of channel.outPages.slice(1)) {
          for (let at = 0; at + bytes.length <= 4096; at += bytes.length) memory.write(page * 4096 + at, bytes);
        }
        memory.write(channel.outPages[0]! * 4096, words(write, read, 0, 0));
        memory.write(channel.inPages[0]! * 4096, words(read, write, 1, 0));
        channel.signal();
        assert.ok(guest.cpu.guardsIntact());
      }),
      { numRuns: 500 },
    );
  });
});
