import assert from 'node:assert/strict';
import { FakeGuest, words } from '../../runtime/machine/fake-guest.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

const PAGE = 4096;
const Step = { WriteRing: 0, SendPacket: 1, HostSends: 2, Receive: 3 } as const;

/** Writes bytes into both rings of a channel, as its guest can at any time. The first byte of a part says what to do. */
export const ring: Surface = {
  samples: () => [
    [
      writeRing(0, words(32, 0, 0, 0)),
      writeRing(PAGE, words(0x0002_0006, 0x0001_0003, 1, 0, 0x41, 0, 0, 0)),
      Uint8Array.of(Step.Receive),
    ],
    [
      writeRing(3 * PAGE + 8, words(0)),
      Uint8Array.of(Step.HostSends, 1, 2, 3, 4),
      Uint8Array.of(Step.SendPacket, 6, 0, 1, 2),
      Uint8Array.of(Step.Receive),
    ],
  ],

  attack(input) {
    const [victim, other] = [new Echo(), new Echo('aaaaaaaa-bbbb-cccc-ddee-ff0011223345')];
    const guest = new FakeGuest();
    for (const device of [victim, other]) guest.server.offer(device);
    guest.connect();
    const [channel, second] = [guest.open(1), guest.open(2)];
    const pages = [...channel.outPages, ...channel.inPages];
    for (const part of input) {
      const reader = new InputReader(part);
      const step = reader.byte() % 4;
      if (step === Step.WriteRing) {
        const at = reader.word() % (pages.length * PAGE);
        const bytes = reader.rest().subarray(0, PAGE - (at % PAGE));
        guest.cpu.memory.write(pages[Math.floor(at / PAGE)]! * PAGE + (at % PAGE), bytes);
      } else if (step === Step.SendPacket) {
        channel.offer(reader.byte(), reader.take(reader.byte()), reader.rest());
      } else if (step === Step.HostSends) {
        victim.channel?.send(6, 0, 1n, reader.rest());
      } else {
        for (let taken = 0; taken < 100 && channel.receive() !== null; taken++);
      }
      channel.signal();
    }
    assert.ok(guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    assertGoesOn(second);
  },
};

function writeRing(at: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([Step.WriteRing, ...words(at), ...bytes]);
}
