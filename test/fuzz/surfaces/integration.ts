import assert from 'node:assert/strict';
import type { MachineDevice } from '../../../src/runtime/child/machine/machine-child.js';
import { Backup } from '../../../src/runtime/parent/vsp/integration/backup.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { KeyValueExchange } from '../../../src/runtime/parent/vsp/integration/key-value-exchange.js';
import { Shutdown } from '../../../src/runtime/parent/vsp/integration/shutdown.js';
import { TimeSync } from '../../../src/runtime/parent/vsp/integration/time-sync.js';
import { FakeGuest } from '../../runtime/machine/fake-guest.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

const SECOND = 1e9;
const IN_BAND = 6;
const SERVICES = 5;
const HEARTBEAT = 1;
const KEY_VALUE = 2;
const SHUTDOWN = 3;
const TIME = 4;
const BACKUP = 5;

/** Messages to the integration services: which one, how many seconds later, packet type, payload. */
export const integration: Surface = {
  samples: () => [
    [message(0, versions(3)), message(0, header(HEARTBEAT, new Uint8Array(40))), message(0, new Uint8Array(28))],
    [message(1, versions(3)), message(1, header(SHUTDOWN, new Uint8Array(8), 0x80004005))],
    [message(2, versions(4)), message(2, header(TIME, new Uint8Array(100)))],
    [
      message(3, versions(4)),
      message(3, item('OSName', 'Debian')),
      message(3, item('', '')),
      message(3, header(2, new Uint8Array(16), 0x80070103)),
    ],
    [
      message(4, versions(5)),
      message(4, header(BACKUP, new Uint8Array(64))),
      message(4, header(BACKUP, new Uint8Array(64), 0x80004005)),
    ],
  ],

  attack(input) {
    const guest = new FakeGuest();
    const shutdown = new Shutdown(() => {});
    const backup = new Backup(() => {});
    const services: MachineDevice[] = [
      new Heartbeat(),
      shutdown,
      new TimeSync(guest.clock, () => guest.hypervisor.referenceTime()),
      new KeyValueExchange((values) => {
        assert.ok(values.size <= 1024, 'what is kept of the guest is bounded');
        for (const text of [...values.keys(), ...values.values()]) assert.doesNotMatch(text, CONTROLS);
      }),
      backup,
    ];
    for (const device of [...services, new Echo()]) guest.server.offer(device);
    guest.connect();
    const channels = services.map((_, index) => guest.open(1 + index, 5));
    const other = guest.open(1 + SERVICES);
    for (const part of input) {
      const reader = new InputReader(part);
      const channel = channels[reader.byte() % SERVICES]!;
      guest.clock.timeNs += reader.byte() * SECOND;
      channel.offer(reader.byte(), new Uint8Array(), reader.rest());
      for (const service of services) service.tick?.(guest.clock.timeNs);
      shutdown.request();
      backup.freeze();
      for (const each of channels) for (let taken = 0; taken < 100 && each.receive() !== null; taken++);
    }
    assert.ok(guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    assertGoesOn(other);
  },
};

/** What would do harm on a terminal. */
const CONTROLS = /[\p{Cc}]/u;

function message(service: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([service, 2, IN_BAND, ...payload]);
}

function header(type: number, body: Uint8Array, status = 0): Uint8Array {
  const bytes = Buffer.alloc(28 + body.length);
  bytes.writeUInt32LE(1, 0);
  bytes.writeUInt32LE(20 + body.length, 4);
  bytes.writeUInt16LE(type, 12);
  bytes.writeUInt16LE(body.length, 18);
  bytes.writeUInt32LE(status, 20);
  bytes[25] = 1 | 4;
  bytes.set(body, 28);
  return bytes;
}

/** The guest's choice: framework 3.0 and messages of that version. */
function versions(major: number): Uint8Array {
  return header(0, Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, major, 0, 0, 0));
}

function item(key: string, value: string): Uint8Array {
  const body = Buffer.alloc(20 + 512 + 2048);
  body.writeUInt32LE(1, 8);
  body.writeUInt32LE((key.length + 1) * 2, 12);
  body.writeUInt32LE((value.length + 1) * 2, 16);
  body.write(key, 20, 'utf16le');
  body.write(value, 20 + 512, 'utf16le');
  return header(KEY_VALUE, body);
}
