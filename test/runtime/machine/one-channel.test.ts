import assert from 'node:assert/strict';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { NtStatus, VSTOR_BYTES, VstorOperation } from '../../../src/runtime/parent/vsp/storage/vstor.js';
import { FakeGuest, words } from './fake-guest.js';
import { MemoryStore } from './memory-store.js';
import { NetworkGuest } from './network-guest.js';

const OFFER = 1;
/** What guests ask for: one more, as many as Linux does for its processors, the most there can be said. */
const WISHES = [1, 7, 0xffff];

const offers = (guest: FakeGuest) => guest.messages().filter((message) => message.getUint32(0, true) === OFFER);

describe('further channels where a child has one VP', () => {
  it('are refused by the network adapter with none, which goes on', () => {
    const guest = new NetworkGuest();
    guest.negotiate();
    for (const wish of [...WISHES, 0xffffffff]) {
      const [type, status, granted] = guest.ask(133, 1, wish);
      assert.deepEqual([type, status, granted], [133, 2, 0], `${wish} asked for`);
    }
    assert.deepEqual([...guest.ask(133, 1, 0)].slice(0, 3), [133, 1, 0], 'none is what it gets');
    assert.deepEqual(offers(guest.guest), []);
  });

  it('are refused by the controller, which has told that there are none, and goes on', () => {
    const guest = new FakeGuest();
    const store = new MemoryStore(1 << 20);
    guest.server.offer(
      new StorageVsp('00000000-0001-8899-0000-000000000000', [{ lun: 0, serial: 'S', store }], () => {}),
    );
    guest.connect();
    const channel = guest.open(1);
    const ask = (operation: number, count = 0) => {
      const packet = new Uint8Array(VSTOR_BYTES);
      packet.set(words(operation, 1, 0, count));
      channel.send(packet, 5n);
      const payload = channel.receive()!.payload.slice();
      return new DataView(payload.buffer);
    };
    assert.equal(ask(VstorOperation.QueryProperties).getUint16(16, true), 0);
    for (const wish of [0, ...WISHES]) {
      const answer = ask(VstorOperation.CreateSubChannels, wish);
      assert.equal(answer.getUint32(0, true), VstorOperation.CompleteIo);
      assert.equal(answer.getUint32(8, true), NtStatus.InvalidParameter, `${wish} asked for`);
    }
    assert.deepEqual(offers(guest), []);
    assert.equal(ask(VstorOperation.QueryProperties).getUint32(8, true), NtStatus.Success, 'it still answers');
  });
});
