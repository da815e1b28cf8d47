import assert from 'node:assert/strict';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import type { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import type { FakeChannel } from '../../runtime/machine/fake-guest.js';

/** A device that sends every packet back: what it answers tells whether its channel goes on. */
export class Echo implements VmbusDevice {
  readonly title = 'echo';
  readonly interfaceId = '11111111-2222-3333-4455-66778899aabb';
  readonly messagePipe = false;
  channel: HostChannel | null = null;

  constructor(readonly instanceId = 'aaaaaaaa-bbbb-cccc-ddee-ff0011223344') {}

  open(channel: HostChannel) {
    this.channel = channel;
    return {
      signalled: () => {
        for (let next = channel.receive(); next !== null; next = channel.receive()) {
          channel.send(11, 0, next.transactionId, next.payload);
        }
      },
      closed: () => {},
    };
  }
}

export function assertGoesOn(channel: FakeChannel): void {
  channel.send(Uint8Array.of(0x5a));
  assert.equal(channel.receive()?.payload[0], 0x5a, 'another channel goes on');
}
