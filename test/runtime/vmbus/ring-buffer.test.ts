import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPacket, createRingMemory, PacketType, RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';

const DATA_BYTES = 512;

function ends(): { memory: Uint8Array; writer: RingBuffer; reader: RingBuffer } {
  const memory = createRingMemory(DATA_BYTES);
  return { memory, writer: new RingBuffer(memory), reader: new RingBuffer(memory) };
}

describe('ring buffer', () => {
  it('gives back the same packets for any sequence of writes and reads', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), body: fc.uint8Array({ maxLength: 200 }) }),
      fc.record({ kind: fc.constant('read' as const), body: fc.constant(new Uint8Array()) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const { writer, reader } = ends();
        const packet = createPacket(DATA_BYTES);
        const expected: { id: number; body: Uint8Array }[] = [];
        let id = 2 ** 40;
        for (const { kind, body } of actions) {
          if (kind === 'write') {
            const wasEmpty = writer.usedBytes() === 0;
            const outcome = writer.write(PacketType.InBand, 1, ++id, body, body.length);
            if (outcome === 'full') continue;
            assert.equal(outcome, wasEmpty ? 'signal' : 'ok');
            expected.push({ id, body });
            continue;
          }
          const next = expected.shift();
          assert.equal(reader.read(packet), next ? 'packet' : 'empty');
          if (!next) continue;
          assert.equal(packet.transactionId, next.id);
          assert.equal(packet.bodyBytes, Math.ceil(next.body.length / 8) * 8);
          assert.deepEqual(packet.body.slice(0, next.body.length), next.body);
        }
      }),
    );
  });

  it('never fills to the last byte, and tells the reader how much room is awaited', () => {
    const { writer, reader } = ends();
    const body = new Uint8Array(104);
    while (writer.write(PacketType.InBand, 0, 1, body, body.length) !== 'full');
    assert.equal(writer.usedBytes(), 384);
    assert.equal(reader.writerWaitsForRoom(), false);
    assert.equal(reader.read(createPacket(DATA_BYTES)), 'packet');
    assert.equal(reader.writerWaitsForRoom(), true);
    assert.equal(reader.writerWaitsForRoom(), false, 'only once');
  });

  it('signals only from empty to non-empty, and not a reader that polls', () => {
    const { writer, reader } = ends();
    const body = new Uint8Array(8);
    assert.equal(writer.write(PacketType.InBand, 0, 1, body, 8), 'signal');
    assert.equal(writer.write(PacketType.InBand, 0, 2, body, 8), 'ok');
    const packet = createPacket(DATA_BYTES);
    while (reader.read(packet) === 'packet');
    reader.maskInterrupts(true);
    assert.equal(writer.write(PacketType.InBand, 0, 3, body, 8), 'ok');
  });

  it('survives whatever a hostile side writes, header and data', () => {
    const attack = fc.array(
      fc.tuple(
        fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 4096, max: 4096 + DATA_BYTES - 1 })),
        fc.nat(255),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(attack, (pokes) => {
        const { memory, writer, reader } = ends();
        const packet = createPacket(64);
        writer.write(PacketType.InBand, 0, 1, new Uint8Array(40), 40);
        for (const [at, value] of pokes) memory[at] = value;
        for (let n = 0; n < 100; n++) {
          const outcome = reader.read(packet);
          if (outcome !== 'packet') break;
          assert.ok(packet.bodyBytes <= packet.body.length);
        }
        const outcome = writer.write(PacketType.Completion, 0, 2, new Uint8Array(16), 16);
        assert.ok(['ok', 'signal', 'full', 'corrupt'].includes(outcome));
      }),
      { numRuns: 2000 },
    );
  });

  it('calls a length that reaches beyond what was written corrupt', () => {
    const { memory, writer, reader } = ends();
    writer.write(PacketType.InBand, 0, 1, new Uint8Array(8), 8);
    memory[4096 + 4] = 0xff;
    assert.equal(reader.read(createPacket(4096)), 'corrupt');
  });
});
