import assert from 'node:assert/strict';
import { Backup } from '../../../src/runtime/parent/vsp/integration/backup.js';
import { chooseNewest, IcStatus, respond } from '../../../src/runtime/parent/vsp/integration/ic-protocol.js';
import { FakeGuest } from './fake-guest.js';

function backup() {
  const settled: [string, boolean][] = [];
  const service = new Backup((state, good) => settled.push([state, good]));
  const guest = new FakeGuest();
  guest.server.offer(service);
  guest.connect();
  const channel = guest.open(1);
  const answer = (status: number, change = (_packet: DataView) => {}) => {
    const { payload } = channel.receive()!;
    const packet = new DataView(payload.slice().buffer);
    change(packet);
    respond(packet, status);
    channel.send(new Uint8Array(packet.buffer));
    return packet.getUint8(28);
  };
  return { service, settled, answer };
}

describe('integration services: backup', () => {
  it('freezes and thaws, each once and in turn', () => {
    const { service, settled, answer } = backup();
    assert.equal(service.freeze(), false, 'versions are not agreed');
    answer(IcStatus.success, chooseNewest);
    assert.equal(service.state, 'running');
    assert.equal(service.thaw(), false);
    assert.equal(service.freeze(), true);
    assert.equal(service.freeze(), false);
    assert.equal(answer(IcStatus.success), 5);
    assert.equal(service.state, 'frozen');
    assert.equal(service.thaw(), true);
    assert.equal(answer(IcStatus.success), 6);
    assert.deepEqual(settled, [
      ['frozen', true],
      ['running', true],
    ]);
  });

  it('lets a guest that refuses go on', () => {
    const { service, settled, answer } = backup();
    answer(IcStatus.success, chooseNewest);
    service.freeze();
    answer(0x80004005);
    assert.deepEqual(settled, [['running', false]]);
  });
});
