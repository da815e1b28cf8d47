import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { Backup } from '../../../src/runtime/parent/vsp/integration/backup.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { KeyValueExchange } from '../../../src/runtime/parent/vsp/integration/key-value-exchange.js';
import { Shutdown } from '../../../src/runtime/parent/vsp/integration/shutdown.js';
import { TimeSync } from '../../../src/runtime/parent/vsp/integration/time-sync.js';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import { FakeClock } from './fake-cpu.js';
import { type FakeChannel, FakeGuest } from './fake-guest.js';

const SECOND = 1e9;

function opened(device: VmbusDevice) {
  const guest = new FakeGuest();
  guest.server.offer(device);
  guest.connect();
  return { guest, channel: guest.open(1, 5) };
}

/** The next message of the host without its pipe header, as a buffer: 20 bytes of header, then the body. */
function next(channel: FakeChannel): Buffer | null {
  const packet = channel.receive();
  return packet === null ? null : Buffer.from(packet.payload.slice(8));
}

/** Sends a message back as an answer. */
function reply(channel: FakeChannel, message: Buffer, status = 0): void {
  message.writeUInt32LE(status, 12);
  message[17] = 1 | 4;
  const pipe = Buffer.alloc(8);
  pipe.writeUInt32LE(1, 0);
  pipe.writeUInt32LE(message.length, 4);
  channel.send(Buffer.concat([pipe, message]));
}

/** Agrees on framework 3.0 and the given message version. */
function negotiate(channel: FakeChannel, major: number): void {
  const offer = next(channel);
  assert.equal(offer?.readUInt16LE(4), 0, 'the host negotiates first');
  const message = Buffer.alloc(36);
  message.writeUInt16LE(16, 10);
  message.writeUInt16LE(1, 20);
  message.writeUInt16LE(1, 22);
  message.writeUInt16LE(3, 28);
  message.writeUInt16LE(major, 32);
  reply(channel, message);
}

describe('integration services: heartbeat', () => {
  it('has no contact, then is ok, then loses contact', () => {
    const heartbeat = new Heartbeat();
    const { channel } = opened(heartbeat);
    assert.equal(heartbeat.tick(0), null, 'nothing before both agree');
    negotiate(channel, 3);
    assert.equal(heartbeat.tick(0), 2 * SECOND);
    assert.equal(heartbeat.state, 'no contact');
    const beat = next(channel)!;
    assert.deepEqual([beat.readUInt16LE(4), beat.readBigUInt64LE(20)], [1, 1n]);
    reply(channel, beat);
    assert.equal(heartbeat.state, 'ok');
    heartbeat.tick(5 * SECOND);
    assert.equal(heartbeat.state, 'ok');
    heartbeat.tick(11 * SECOND);
    assert.equal(heartbeat.state, 'lost contact');
  });

  it('ignores a guest that chose a version nobody offered', () => {
    const heartbeat = new Heartbeat();
    const { channel } = opened(heartbeat);
    negotiate(channel, 9);
    assert.equal(heartbeat.tick(0), null);
  });

  it('breaks the channel of a guest that sends half a message', () => {
    const { guest, channel } = opened(new Heartbeat());
    channel.send(Buffer.alloc(16));
    assert.ok(guest.events.some((event) => event.type === 'channel broken'));
  });
});

describe('integration services: hostile guests', () => {
  it('harm nothing but their channel', () => {
    const services = [
      () => new Heartbeat(),
      () => new Backup(() => {}),
      () => new Shutdown(() => {}),
      () => new TimeSync(new FakeClock(), () => 0n),
      () => new KeyValueExchange(() => {}),
    ];
    const packet = fc.tuple(fc.nat(5), fc.nat(40), fc.uint8Array({ maxLength: 2700 }));
    fc.assert(
      fc.property(fc.constantFrom(...services), fc.array(packet, { maxLength: 6 }), (make, packets) => {
        const service = make();
        const { guest, channel } = opened(service);
        negotiate(channel, service instanceof KeyValueExchange ? 4 : 1);
        for (const [type, size, body] of packets) {
          const broken = guest.events.some((event) => event.type === 'channel broken');
          if (broken) break;
          const message = Buffer.concat([Buffer.alloc(28), body]);
          message.writeUInt16LE(type, 12);
          message.writeUInt16LE(size % 2 === 0 ? body.length : size * 1000, 18);
          channel.send(message);
          if ('tick' in service) service.tick(size * SECOND);
          while (channel.receive() !== null);
        }
        assert.ok(guest.cpu.guardsIntact());
        assert.equal(guest.connect().length, 1, 'the bus still works');
      }),
      { numRuns: 200 },
    );
  });
});

describe('integration services: shutdown', () => {
  it('asks, and hears whether the guest will', () => {
    const answers: string[] = [];
    const shutdown = new Shutdown((answer) => answers.push(answer));
    const { channel } = opened(shutdown);
    assert.equal(shutdown.request(), false);
    negotiate(channel, 3);
    for (const status of [0, 0x80004005]) {
      assert.equal(shutdown.request(), true);
      reply(channel, next(channel)!, status);
    }
    assert.deepEqual(answers, ['accepted', 'refused']);
  });
});

describe('integration services: backup', () => {
  function backup() {
    const settled: [string, boolean][] = [];
    const service = new Backup((state, good) => settled.push([state, good]));
    const { guest, channel } = opened(service);
    return { service, settled, guest, channel };
  }
  /** What the host asks for: 5 freezes, 6 thaws. */
  const asked = (channel: FakeChannel) => next(channel)?.[20];

  it('freezes, and thaws when the guest goes on after a pause', () => {
    const { service, settled, channel } = backup();
    assert.equal(service.freeze(), false, 'nothing before both agree');
    negotiate(channel, 5);
    assert.equal(service.freeze(), true);
    assert.equal(service.freeze(), false, 'once is enough');
    const freeze = next(channel)!;
    assert.equal(freeze[20], 5);
    reply(channel, freeze);
    assert.equal(service.state, 'frozen');
    service.resumed();
    const thaw = next(channel)!;
    assert.equal(thaw[20], 6);
    reply(channel, thaw);
    assert.deepEqual(settled, [
      ['frozen', true],
      ['running', true],
    ]);
  });

  it('lets a guest that refuses go on', () => {
    const { service, settled, channel } = backup();
    negotiate(channel, 5);
    service.freeze();
    reply(channel, next(channel)!, 0x80004005);
    assert.deepEqual(settled, [['running', false]]);
    service.resumed();
    assert.equal(next(channel), null);
  });

  it('waits 10 s for an answer and holds a guest for 20 s', () => {
    const { service, settled, channel } = backup();
    negotiate(channel, 5);
    service.freeze();
    assert.equal(asked(channel), 5);
    assert.equal(service.tick(1 * SECOND), 10 * SECOND);
    assert.equal(service.tick(11 * SECOND), null);
    const thaw = next(channel)!;
    assert.equal(thaw[20], 6);
    assert.deepEqual(settled.pop(), ['thawing', false]);
    reply(channel, thaw);
    service.freeze();
    reply(channel, next(channel)!);
    assert.equal(service.tick(20 * SECOND), 11 * SECOND);
    service.tick(31 * SECOND);
    assert.equal(asked(channel), 6);
  });

  it('thaws a guest that was saved frozen', () => {
    const { service, guest, channel } = backup();
    negotiate(channel, 5);
    service.freeze();
    reply(channel, next(channel)!);
    const state = JSON.parse(JSON.stringify(guest.server.save()));
    const again = new Backup(() => {});
    guest.server.close();
    guest.server.rescind(service);
    guest.server.offer(again);
    guest.server.restore(new StateReader(state));
    assert.equal(again.state, 'frozen');
    again.resumed();
    assert.equal(asked(channel), 6);
  });
});

describe('integration services: time', () => {
  it('sets the clock once and then samples, in 100 ns since 1601', () => {
    const clock = new FakeClock();
    const time = new TimeSync(clock, () => 77n);
    const { channel } = opened(time);
    negotiate(channel, 4);
    assert.equal(time.tick(0), 5 * SECOND);
    const first = next(channel)!;
    assert.equal(first.readBigUInt64LE(20), BigInt(Date.UTC(2031, 0, 2, 3, 4, 5) - Date.UTC(1601, 0, 1)) * 10_000n);
    assert.deepEqual([first.readBigUInt64LE(28), first[36]], [77n, 1]);
    time.tick(5 * SECOND);
    assert.equal(next(channel)?.[36], 2);
  });
});

describe('integration services: key-value exchange', () => {
  function item(request: Buffer, key: string, value: string): Buffer {
    const message = Buffer.from(request);
    const text = (words: string) => Buffer.from(`${words}\0`, 'utf16le');
    message.writeUInt32LE(1, 28);
    message.writeUInt32LE(text(key).length, 32);
    message.writeUInt32LE(text(value).length, 36);
    text(key).copy(message, 40);
    text(value).copy(message, 40 + 512);
    return message;
  }

  it('reads all items, then reads them again later', () => {
    const exchange = new KeyValueExchange(() => {});
    const { channel } = opened(exchange);
    negotiate(channel, 4);
    exchange.tick(0);
    for (const [at, key, value] of [
      [0, 'OSName', 'Debian'],
      [1, 'NetworkAddressIPv4', '10.0.0.2\u001b[2J\u009b2J'],
    ] as const) {
      const request = next(channel)!;
      assert.deepEqual([request[20], request[21], request.readUInt32LE(24)], [3, 2, at]);
      reply(channel, item(request, key, value));
    }
    reply(channel, next(channel)!, 0x80070103);
    assert.deepEqual(
      [...exchange.values],
      [
        ['OSName', 'Debian'],
        ['NetworkAddressIPv4', '10.0.0.2[2J2J'],
      ],
    );
    assert.equal(exchange.tick(1 * SECOND), 9 * SECOND);
    exchange.tick(10 * SECOND);
    assert.equal(next(channel)?.readUInt32LE(24), 0);
  });

  it('stops at nonsense and at a guest that never ends', () => {
    const exchange = new KeyValueExchange(() => {});
    const { channel } = opened(exchange);
    negotiate(channel, 5);
    exchange.tick(0);
    const request = next(channel)!;
    const lying = item(request, 'OSName', 'x');
    lying.writeUInt32LE(0xffffffff, 36);
    reply(channel, lying);
    assert.equal(next(channel), null);
    assert.equal(exchange.values.size, 0);

    exchange.tick(20 * SECOND);
    let asked = 0;
    for (let again = next(channel); again !== null; again = next(channel)) {
      reply(channel, item(again, `key${asked++}`, 'v'));
    }
    assert.equal(exchange.values.size, 64);
  });
});
