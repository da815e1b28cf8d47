import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GpaOutOfRange } from '../../../src/runtime/child/cpu-port.js';
import { type PlainState, SnapshotError, StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { Msr } from '../../../src/runtime/hypervisor/tlfs/msr.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { KeyValueExchange } from '../../../src/runtime/parent/vsp/integration/key-value-exchange.js';
import { Shutdown } from '../../../src/runtime/parent/vsp/integration/shutdown.js';
import { TimeSync } from '../../../src/runtime/parent/vsp/integration/time-sync.js';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import { FakeChannel, FakeGuest, words } from './fake-guest.js';
import { MemoryStore } from './memory-store.js';

const SECOND = 1e9;
const STORAGE = 1;
const HEARTBEAT = 2;

interface Host {
  guest: FakeGuest;
  storage: StorageVsp;
  heartbeat: Heartbeat;
  timeSync: TimeSync;
}

function host(store: MemoryStore): Host {
  const guest = new FakeGuest();
  const storage = new StorageVsp('00000000-0001-8899-0000-000000000000', [{ lun: 0, serial: 'S', store }], () => {});
  const heartbeat = new Heartbeat();
  const timeSync = new TimeSync(guest.clock, () => guest.hypervisor.referenceTime());
  const services = [timeSync, new Shutdown(() => {}), new KeyValueExchange(() => {})];
  for (const device of [storage, heartbeat, ...services]) guest.server.offer(device);
  return { guest, storage, heartbeat, timeSync };
}

function save({ guest }: Host): PlainState {
  const state = { tlfs: guest.hypervisor.save(), vmbus: guest.server.save() };
  return JSON.parse(JSON.stringify(state)) as PlainState;
}

function restore({ guest }: Host, state: PlainState): void {
  const reader = new StateReader(state);
  guest.hypervisor.restore(reader.at('tlfs'));
  guest.server.restore(reader.at('vmbus'));
}

/** Another host with the same memory, in which the saved one goes on. */
function moved(from: Host, store: MemoryStore): Host {
  const state = save(from);
  const to = host(store);
  const { memory } = from.guest.cpu;
  to.guest.cpu.memory.write(0, memory.read(0, memory.bytes));
  to.guest.clock.timeNs = from.guest.clock.timeNs;
  restore(to, state);
  return to;
}

/** The same channel, as the guest sees it on another host. */
function follow({ relid, gpadl, outPages, inPages }: FakeChannel, { guest }: Host): FakeChannel {
  return new FakeChannel(guest, relid, gpadl, outPages, inPages);
}

/** Agrees on framework 3.0 and message version 3.0. */
function negotiate(channel: FakeChannel): void {
  const offer = Buffer.from(channel.receive()!.payload);
  const answer = Buffer.alloc(44);
  offer.copy(answer, 0, 0, 28);
  answer.writeUInt16LE(16, 18);
  answer.writeUInt16LE(1, 28);
  answer.writeUInt16LE(1, 30);
  answer.writeUInt16LE(3, 36);
  answer.writeUInt16LE(3, 40);
  channel.send(answer);
}

describe("a saved host's side", () => {
  it('serves the guest on another host as if nothing had happened: disk, heartbeat and clock', async () => {
    const store = new MemoryStore(64 * 1024);
    const before = host(store);
    before.guest.connect();
    const disk = before.guest.open(STORAGE, 8);
    const beat = before.guest.open(HEARTBEAT, 5);
    const clock = before.guest.open(3, 5);
    negotiate(beat);
    negotiate(clock);
    before.heartbeat.tick(0);
    before.timeSync.tick(0);
    assert.ok(clock.receive() !== null, 'its clock was set');
    before.guest.clock.timeNs = SECOND;

    const after = moved(before, store);
    const guestBeat = follow(beat, after);
    const asked = guestBeat.receive();
    assert.ok(asked !== null, 'the beat that was on its way arrives');
    guestBeat.send(asked.payload);
    assert.equal(after.heartbeat.state, 'ok');
    after.timeSync.resumed();
    after.timeSync.tick(SECOND);
    assert.equal(follow(clock, after).receive()!.payload[28 + 24], 1, 'its clock is set anew');

    const request = new Uint8Array(64);
    request.set(words(3, 0, 0));
    request.set([52, 0, 0, 0, 0, 0, 0, 0, 10, 20, 1, 0], 12);
    request.set(words(512), 24);
    request.set([0x2a, 0, 0, 0, 0, 5, 0, 0, 1, 0], 28);
    const gpa = 200 * 4096;
    after.guest.cpu.memory.write(gpa, Uint8Array.of(1, 2, 3));
    const guestDisk = follow(disk, after);
    guestDisk.sendDirect(request, gpa, 512);
    await after.storage.drain();
    assert.equal(guestDisk.receive()?.payload[14], 1, 'success');
    assert.deepEqual([...store.data.subarray(5 * 512, 5 * 512 + 3)], [1, 2, 3]);
    assert.deepEqual(save(moved(after, store)), save(after), 'and can be moved again');
  });

  it('keeps what waits: messages behind a full slot, packets behind a full ring, timers', () => {
    const before = host(new MemoryStore(4096));
    before.guest.hypervisor.writeMsr(Msr.Stimer0Config, (1n << 12n) | (0xedn << 4n) | 8n);
    before.guest.hypervisor.writeMsr(Msr.Stimer0Config + 1, 50_000_000n);
    before.guest.connect();
    const channel = before.guest.open(HEARTBEAT, 2);
    negotiate(channel);
    for (let beat = 0; beat < 100; beat++) before.heartbeat.tick(beat * 2 * SECOND);
    before.guest.post(words(9, 0, 0)); // nonsense, ignored
    before.guest.post(words(22, 0, STORAGE, 0)); // modify channel: two answers, one slot
    before.guest.post(words(22, 0, HEARTBEAT, 0));

    const after = moved(before, new MemoryStore(4096));
    assert.deepEqual(
      after.guest.messages().map((message) => message.getUint32(8, true)),
      [STORAGE, HEARTBEAT],
    );
    const guest = follow(channel, after);
    let beats = 0;
    while (guest.receive() !== null) beats++;
    assert.equal(beats, 100);
    after.guest.clock.timeNs = 5 * SECOND;
    after.guest.hypervisor.expireTimers();
    assert.ok(after.guest.cpu.vectors.includes(0xed));
  });

  it('remembers disks that were pulled out, and wants those back that were plugged in', () => {
    const store = new MemoryStore(4096);
    const before = host(store);
    before.storage.attach({ lun: 3, serial: 'EXTRA', store: new MemoryStore(8192) });
    before.storage.detach(0);
    const state = save(before);
    assert.throws(() => restore(host(store), state), /disk EXTRA of 8192 bytes at LUN 3, and this machine has not/);
    const prepared = host(store);
    prepared.storage.attach({ lun: 3, serial: 'EXTRA', store: new MemoryStore(8192) });
    restore(prepared, state);
    assert.deepEqual(save(prepared), state);
  });

  it('is refused while the guest uses a device that cannot be saved, by its name', () => {
    const guest = new FakeGuest();
    const device: VmbusDevice = {
      title: 'magic wand',
      interfaceId: '57164f39-9115-4e78-ab55-382f3bd5422d',
      instanceId: '00000000-0002-8899-0000-000000000000',
      messagePipe: false,
      open: () => ({ signalled() {}, closed() {} }),
    };
    guest.server.offer(device);
    assert.doesNotThrow(() => guest.server.save());
    guest.connect();
    guest.open(1);
    assert.throws(() => guest.server.save(), /the magic wand cannot be saved while the guest uses it/);
  });

  it('refuses a state of a machine with another device', () => {
    const state = save(host(new MemoryStore(4096)));
    const guest = new FakeGuest();
    assert.throws(() => guest.server.restore(new StateReader(state).at('vmbus')), SnapshotError);
  });

  it('survives every state: whatever somebody wrote into it is taken or refused', () => {
    const before = host(new MemoryStore(4096));
    before.guest.connect();
    before.guest.open(STORAGE, 8);
    const channel = before.guest.open(HEARTBEAT, 5);
    negotiate(channel);
    before.heartbeat.tick(0);
    const state = save(before);
    const places = leaves(state);
    fc.assert(
      fc.property(fc.constantFrom(...places), anything(), (place, value) => {
        const changed = structuredClone(state);
        put(changed, place, value);
        const after = host(new MemoryStore(4096));
        try {
          restore(after, changed);
          after.guest.hypervisor.expireTimers();
          follow(channel, after).signal();
          after.heartbeat.tick(20 * SECOND);
        } catch (error) {
          assert.ok(error instanceof SnapshotError || error instanceof GpaOutOfRange, String(error));
        }
        assert.ok(after.guest.cpu.guardsIntact());
      }),
      { numRuns: 500 },
    );
  });
});

type Place = (string | number)[];

function leaves(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...place, name]));
}

function put(state: PlainState, place: Place, value: unknown): void {
  let at: Record<string, unknown> = state as Record<string, unknown>;
  for (const name of place.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[place.at(-1)!] = value;
}

function anything() {
  const odd = fc.constantFrom<unknown>(null, true, -1, 0.5, 2 ** 32, 2 ** 53, 'x', 'ffffffffffffffff', [], {});
  return fc.oneof(
    odd,
    fc.integer(),
    fc.string(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => n.toString(16)),
  );
}
