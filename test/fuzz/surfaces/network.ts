import assert from 'node:assert/strict';
import { ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { words } from '../../runtime/machine/fake-guest.js';
import {
  concat,
  frameBytes,
  NetworkGuest,
  OTHER,
  OWN,
  offloadParameters,
  rndisData,
} from '../../runtime/machine/network-guest.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

const Step = { Nvsp: 0, Control: 1, Data: 2, Direct: 3, Other: 4, Complete: 5, Receive: 6 } as const;
const LARGEST_FRAME = 70_000;

/** NVSP and RNDIS messages, and frames of somebody else on the same switch. */
export const network: Surface = {
  samples: () => [
    [
      step(Step.Nvsp, words(1, 0x60001, 0x60001, 0, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(100, 6, 30, 0, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(101, 0xe1e11, 0xcafe, 0, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(104, 0xe1e12, 0, 0, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(107, 0, 0, 48, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(103, 0xcafe, 0, 0, 0, 0, 0, 0, 0, 0)),
      step(Step.Nvsp, words(106, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ],
    [
      step(Step.Control, words(2, 24, 1, 1, 0, 0x4000)),
      step(Step.Control, words(4, 28, 9, 0x0001_0107, 0, 0, 0)),
      step(Step.Control, concat(words(5, 48, 7, 0xfc01020c, 20, 20, 0), offloadParameters(4, 2))),
      step(Step.Control, words(8, 12, 3)),
      step(Step.Control, words(6, 12, 4)),
      step(Step.Receive, new Uint8Array()),
    ],
    [
      step(Step.Data, rndisData(tcp(1000), [[0, 1 << 2]])),
      step(
        Step.Data,
        rndisData(tcp(3500), [
          [2, 1460],
          [6, 7 << 4],
        ]),
      ),
      step(Step.Direct, rndisData(frameBytes(OTHER, OWN, [1, 2, 3]))),
      step(Step.Data, concat(rndisData(frameBytes(OTHER, OWN)), rndisData(frameBytes(OTHER, OWN)))),
    ],
    [
      step(Step.Other, words(1500, 1460)),
      step(Step.Other, words(60_000, 1460)),
      step(Step.Receive, new Uint8Array()),
      step(Step.Complete, words(1, 0)),
      step(Step.Receive, new Uint8Array()),
    ],
  ],

  attack(input) {
    const echo = new Echo();
    const guest = new NetworkGuest();
    guest.guest.server.offer(echo);
    guest.bringUp({ offloads: true });
    guest.guest.messages();
    const second = guest.guest.open(2);
    for (const part of input) {
      const reader = new InputReader(part);
      act(guest, reader.byte() % 7, reader);
    }
    assert.ok(guest.guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    for (let next = guest.other.take(); next !== null; next = guest.other.take()) {
      assert.equal(next.frame.source, OWN, 'nobody sends in the name of others');
    }
    assertGoesOn(second);
  },
};

function act(guest: NetworkGuest, kind: number, reader: InputReader): void {
  const { channel } = guest;
  switch (kind) {
    case Step.Nvsp:
      channel.offer(6, new Uint8Array(), reader.rest(), 7n);
      break;
    case Step.Control:
    case Step.Data: {
      const message = reader.rest().subarray(0, 6144);
      guest.putIntoSendBuffer(message);
      channel.offer(6, new Uint8Array(), rndisNotice(kind === Step.Control, 0, message.length), 8n);
      break;
    }
    case Step.Direct: {
      const message = reader.rest().subarray(0, 8192);
      const gpa = 900 * 4096;
      guest.guest.cpu.memory.write(gpa, message);
      const ranges = words(0, 1, message.length, 0, 900, 0, 901, 0);
      channel.offer(9, ranges.subarray(0, 16 + Math.ceil(message.length / 4096) * 8), rndisNotice(false, -1, 0), 9n);
      break;
    }
    case Step.Other: {
      const data = new Uint8Array(14 + (reader.word() % LARGEST_FRAME));
      data.set(tcp(0).subarray(0, data.length));
      data.set(frameBytes(OWN, OTHER).subarray(0, 12));
      guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: reader.word() % LARGEST_FRAME }), null);
      break;
    }
    case Step.Complete:
      channel.offer(11, new Uint8Array(), words(108, 1, 0, 0, 0, 0, 0, 0, 0, 0), reader.long());
      break;
    default:
      for (let taken = 0; taken < 100 && channel.receive() !== null; taken++);
  }
}

function rndisNotice(control: boolean, section: number, bytes: number): Uint8Array {
  return words(107, control ? 1 : 0, section, bytes, 0, 0, 0, 0, 0, 0);
}

function tcp(payload: number): Uint8Array {
  const header = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
  const data = new Uint8Array(54 + payload);
  data.set(frameBytes(OTHER, OWN).subarray(0, 12));
  data.set([8, 0, ...header, 0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18], 12);
  new DataView(data.buffer).setUint16(16, 40 + payload);
  return data;
}

function step(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([kind, ...bytes]);
}
