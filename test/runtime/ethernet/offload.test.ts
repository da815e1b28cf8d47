import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { transportHeaders } from '../../../src/runtime/parent/ethernet/ip-headers.js';
import { finishOffload } from '../../../src/runtime/parent/ethernet/offload.js';
import { tcpFrame, verified } from './tcp-frame.js';

const ADDRESSES = { destination: 0x0015_5d00_0001, source: 0x0015_5d00_0002 };
const FIRST_SEQUENCE = 0xffff_f000;

describe('offloads that are carried out', () => {
  it('cut a large send into segments that a stack puts together again', () => {
    const options = fc.record({
      version: fc.constantFrom(4 as const, 6 as const),
      payload: fc.integer({ min: 0, max: 40_000 }),
      segmentBytes: fc.integer({ min: 400, max: 9000 }),
      flags: fc.nat(255),
    });
    fc.assert(
      fc.property(options, ({ version, payload, segmentBytes, flags }) => {
        const data = tcpFrame({ ...ADDRESSES, payload, version, flags });
        const frames = finishOffload(ethernetFrame(data, { checksum: true, segmentBytes }));
        assert.equal(frames?.length, Math.max(1, Math.ceil(payload / segmentBytes)));
        const { transport, payload: at } = transportHeaders(data)!;
        let next = FIRST_SEQUENCE;
        for (const [index, { data: segment }] of frames!.entries()) {
          assert.ok(verified(segment));
          assert.equal(new DataView(segment.slice().buffer).getUint32(transport + 4), next);
          next = (next + segment.length - at) >>> 0;
          const inner = index === frames!.length - 1 ? 0 : 0x09;
          const kept: number = flags & ~inner & ~(index === 0 ? 0 : 0x80);
          assert.equal(segment[transport + 13], kept);
        }
        assert.deepEqual(
          frames!.flatMap((frame) => [...frame.data.subarray(at)]),
          [...data.subarray(at)],
        );
      }),
      { numRuns: 60 },
    );
  });

  it("leave a finished frame as it is, and the sender's bytes alone", () => {
    const data = tcpFrame({ ...ADDRESSES, payload: 10 });
    const before = data.slice();
    assert.equal(finishOffload(ethernetFrame(data))?.[0]?.data, data);
    finishOffload(ethernetFrame(data, { checksum: true, segmentBytes: 0 }));
    assert.deepEqual(data, before);
  });

  it('compute no checksum over the padding of a short frame', () => {
    const data = tcpFrame({ ...ADDRESSES, payload: 1 });
    const padded = new Uint8Array(60).fill(0xee);
    padded.set(data);
    const [finished] = finishOffload(ethernetFrame(padded, { checksum: true, segmentBytes: 0 }))!;
    assert.ok(verified(finished!.data.subarray(0, data.length)));
  });

  it('refuse what is no TCP or UDP, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 120 }), fc.boolean(), fc.nat(4000), (bytes, six, mss) => {
        bytes.set(six ? [0x86, 0xdd, 0x60] : [0x08, 0x00, 0x45], 12);
        const frames = finishOffload(ethernetFrame(bytes, { checksum: true, segmentBytes: mss }));
        if (frames !== null) assert.ok(transportHeaders(bytes) !== null);
      }),
      { numRuns: 2000 },
    );
  });
});
