import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LinearMemory } from '../../../src/runtime/child/linear-memory.js';
import { RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';
import { PacketType, RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
import { ContiguousBytes, type SharedBytes, sharedBytes } from '../../../src/runtime/vmbus/shared-bytes.js';

const PAGE = 4096;
const DATA_BYTES = 2 * PAGE;

/** The same ring in one stretch, and over guest pages that lie anywhere: what holds for one holds for the other. */
const PLACES: Record<string, () => SharedBytes> = {
  'side by side': () => new ContiguousBytes(new Uint8Array(PAGE + DATA_BYTES)),
  'over scattered guest pages': () => {
    const buffer = new ArrayBuffer(16 * PAGE);
    return sharedBytes(new LinearMemory(16 * PAGE, () => buffer, 0), [9, 3, 12]);
  },
};

function ends(place: () => SharedBytes): { shared: SharedBytes; writer: RingBuffer; reader: RingBuffer } {
  const shared = place();
  const writer = new RingBuffer(shared);
  writer.initialize();
  return { shared, writer, reader: new RingBuffer(shared) };
}

function packet(body: Uint8Array, id = 1, type: number = PacketType.InBand): RingPacket {
  const made = new RingPacket(body.length);
  made.type = type;
  made.flags = 1;
  made.transaction = id;
  made.body.set(body);
  made.bodyBytes = body.length;
  return made;
}

for (const [where, place] of Object.entries(PLACES)) {
  describe(`ring buffer ${where}`, () => {
    it('gives back the same packets for any sequence of writes and reads, and loses no byte', () => {
      const action = fc.oneof(
        fc.record({ kind: fc.constant('write' as const), body: fc.uint8Array({ maxLength: 1800 }) }),
        fc.record({ kind: fc.constant('read' as const), body: fc.constant(new Uint8Array()) }),
      );
      fc.assert(
        fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
          const { writer, reader } = ends(place);
          const into = new RingPacket();
          const expected: { id: number; body: Uint8Array }[] = [];
          let id = 2 ** 40;
          for (const { kind, body } of actions) {
            if (kind === 'write') {
              const wasEmpty = writer.usedBytes() === 0;
              const outcome = writer.write(packet(body, ++id));
              if (outcome === 'full') continue;
              assert.equal(outcome, wasEmpty ? 'signal' : 'written');
              expected.push({ id, body });
            } else {
              const next = expected.shift();
              assert.equal(reader.read(into), next ? 'packet' : 'empty');
              if (!next) continue;
              assert.equal(into.transaction, next.id);
              assert.equal(into.bodyBytes, Math.ceil(next.body.length / 8) * 8);
              assert.deepEqual(into.body.slice(0, next.body.length), next.body);
            }
            assert.equal(writer.movedBytes, reader.movedBytes + reader.usedBytes());
          }
        }),
        { numRuns: 60 },
      );
    });

    it('keeps ranges and payload apart, and ids of 64 bits whole', () => {
      const { writer, reader } = ends(place);
      const sent = packet(Uint8Array.from({ length: 40 }, (_, i) => i));
      sent.payloadAt = 16;
      sent.transactionLow = 0xfffffffe;
      sent.transactionHigh = 0x80000001;
      writer.write(sent);
      const into = new RingPacket();
      reader.read(into);
      assert.deepEqual([into.payloadAt, into.bodyBytes, into.body[16]], [16, 40, 16]);
      assert.deepEqual([into.transactionLow, into.transactionHigh], [0xfffffffe, 0x80000001]);
      assert.equal(into.completionRequested, true);
    });

    it('never fills to the last byte, and says once when there is the room that the writer waits for', () => {
      const { writer, reader } = ends(place);
      const long = packet(new Uint8Array(1000));
      while (writer.write(long) !== 'full');
      assert.equal(writer.usedBytes(), 7 * 1024);
      assert.equal(reader.takeRoomSignal(), false);
      assert.equal(reader.read(new RingPacket()), 'packet');
      assert.equal(reader.takeRoomSignal(), true);
      assert.equal(reader.takeRoomSignal(), false, 'only once');
      assert.equal(reader.read(new RingPacket()), 'packet');
      assert.equal(reader.takeRoomSignal(), false, 'there was room enough before');
      assert.equal(writer.write(long), 'written');
    });

    it('signals only from empty to non-empty, and not a reader that polls', () => {
      const { writer, reader } = ends(place);
      const short = packet(new Uint8Array(8));
      assert.equal(writer.write(short), 'signal');
      assert.equal(writer.write(short), 'written');
      while (reader.read(new RingPacket()) === 'packet');
      reader.maskInterrupts(true);
      assert.equal(writer.write(short), 'written');
    });

    it('survives whatever a hostile side writes, header and data', () => {
      const attack = fc.array(
        fc.tuple(
          fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: PAGE / 4, max: (PAGE + DATA_BYTES) / 4 - 1 })),
          fc.nat(0xffffffff),
        ),
        { minLength: 1, maxLength: 60 },
      );
      fc.assert(
        fc.property(attack, (pokes) => {
          const { shared, writer, reader } = ends(place);
          const into = new RingPacket();
          writer.write(packet(new Uint8Array(40)));
          for (const [word, value] of pokes) shared.writeU32(word * 4, value);
          for (let n = 0; n < 100 && reader.read(into) === 'packet'; n++) assert.ok(into.bodyBytes < DATA_BYTES);
          assert.match(writer.write(packet(new Uint8Array(16), 2)), /^(written|signal|full|corrupt)$/);
        }),
        { numRuns: 500 },
      );
    });

    it('calls a length that reaches beyond what was written corrupt, and says why', () => {
      const { shared, writer, reader } = ends(place);
      writer.write(packet(new Uint8Array(8)));
      shared.writeU32(PAGE + 4, 0xff);
      assert.equal(reader.read(new RingPacket()), 'corrupt');
      assert.match(reader.fault, /2040 bytes/);
    });

    it('is laid out as documented: indices, descriptor, payload, trailer', () => {
      const { shared, writer } = ends(place);
      writer.write(packet(new Uint8Array(8)));
      writer.write(packet(Uint8Array.of(7, 0, 0, 0), 0x1_0000_0002));
      const word = (at: number) => shared.readU32(at);
      assert.deepEqual([word(0), word(4), word(64)], [64, 0, 1]);
      const second = PAGE + 32;
      assert.deepEqual(
        [0, 4, 8, 12, 16, 24, 28].map((at) => word(second + at)),
        [(2 << 16) | 6, (1 << 16) | 3, 2, 1, 7, 0, 32],
      );
    });
  });
}
