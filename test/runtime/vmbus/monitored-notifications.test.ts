import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LinearMemory } from '../../../src/runtime/child/linear-memory.js';
import { type PlainState, StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import { MonitoredNotifications } from '../../../src/runtime/vmbus/host/monitored-notifications.js';
import { MonitorPage } from '../../../src/runtime/vmbus/monitor-page.js';
import { child, host, INSTANT, nic, partitionOf, type Ran, run, withCosts, workload } from '../hosts.js';
import { FakeCpu } from '../machine/fake-cpu.js';
import { FakeChannel, FakeGuest } from '../machine/fake-guest.js';

const GPA = 0x8000;
const LATENCY_NS = 100_000;

/** Counts how often it is signalled. */
class Listener implements VmbusDevice {
  readonly title = 'listener';
  readonly interfaceId = '11111111-2222-3333-4455-66778899aabb';
  readonly messagePipe = false;
  signals = 0;

  constructor(
    number: number,
    readonly monitorLatencyNs?: number,
    readonly instanceId = `aaaaaaaa-bbbb-cccc-ddee-${number.toString(16).padStart(12, '0')}`,
  ) {}

  open() {
    return {
      signalled: () => {
        this.signals++;
      },
      closed: () => {},
    };
  }

  save(): PlainState {
    return null;
  }

  restore() {
    return this.open();
  }
}

/** Monitor id of an offer, or null. */
const monitorOf = (offer: DataView) => (offer.getUint8(189) === 0 ? null : offer.getUint8(188));

function memoryWith(page: number): { memory: LinearMemory; monitors: MonitorPage } {
  const { memory } = new FakeCpu();
  return { memory, monitors: MonitorPage.at(memory, page)! };
}

describe('monitor page', () => {
  it('has triggers, latencies and parameters where they are documented to be', () => {
    const { memory, monitors } = memoryWith(GPA);
    monitors.prepare(77, 0x10003, 1000); // bit 13 of group 2
    assert.equal(memory.readU32(GPA), 1 << 2, 'the group is enabled');
    assert.equal(new DataView(memory.read(GPA + 576 + 77 * 2, 2).buffer).getUint16(0, true), 1000);
    assert.deepEqual([memory.readU32(GPA + 1088 + 77 * 8), memory.readU32(GPA + 1088 + 77 * 8 + 4)], [0x10003, 0]);
    monitors.trigger(77);
    assert.equal(memory.readU32(GPA + 8 + 2 * 8), 1 << 13, 'pending');
    monitors.arm(77);
    assert.equal(memory.readU32(GPA + 8 + 2 * 8 + 4), 1 << 13, 'armed');
    monitors.clear(77);
    assert.deepEqual([memory.readU32(GPA + 24), memory.readU32(GPA + 28)], [0, 0]);
    assert.ok(
      memory.read(GPA + 2112, 1984).every((byte) => byte === 0),
      'what is reserved is left alone',
    );
  });

  it('keeps the latencies of neighbours apart', () => {
    const { monitors } = memoryWith(GPA);
    for (let id = 0; id < 128; id++) monitors.prepare(id, id, 0xffff - id);
    for (let id = 0; id < 128; id++) assert.equal(monitors.latency(id), 0xffff - id);
  });

  it('is a whole page of the guest, or none', () => {
    const { memory } = memoryWith(GPA);
    for (const gpa of [0, 1, 0x8008, memory.bytes, memory.bytes - 1, 2 ** 60, -4096, Number.NaN])
      assert.equal(MonitorPage.at(memory, gpa), null, String(gpa));
    assert.notEqual(MonitorPage.at(memory, memory.bytes - 4096), null);
  });
});

describe('monitored notification: the hypervisor', () => {
  function watched(): { heard: number[]; notifications: MonitoredNotifications; page: MonitorPage } {
    const heard: number[] = [];
    const notifications = new MonitoredNotifications((connection) => heard.push(connection));
    const page = memoryWith(GPA).monitors;
    notifications.use(page);
    return { heard, notifications, page };
  }

  it('signals once for a trigger, when its latency is over', () => {
    const { heard, notifications, page } = watched();
    const id = notifications.assign(7, LATENCY_NS)!;
    assert.equal(notifications.look(0), null, 'nothing is set');
    page.trigger(id);
    assert.equal(notifications.look(1000), LATENCY_NS);
    page.trigger(id);
    assert.equal(notifications.look(1000 + LATENCY_NS - 1), 1);
    assert.deepEqual(heard, []);
    assert.equal(notifications.look(1000 + LATENCY_NS), null);
    assert.deepEqual(heard, [7]);
    assert.equal(notifications.look(10 * LATENCY_NS), null);
    assert.deepEqual(heard, [7], 'not again before it is set again');
  });

  it('follows a guest that changes the latency, or disables the group', () => {
    const { heard, notifications, page } = watched();
    const id = notifications.assign(7, LATENCY_NS)!;
    page.prepare(id, 7, 20); // 2 µs
    page.trigger(id);
    assert.equal(notifications.look(0), 2000);
    const { memory, monitors } = memoryWith(GPA);
    notifications.use(monitors);
    monitors.trigger(id);
    memory.writeU32(GPA, 0);
    assert.equal(notifications.look(1e9), null);
    memory.writeU32(GPA, 1);
    assert.equal(notifications.look(1e9), LATENCY_NS);
    assert.deepEqual(heard, []);
  });

  it('has 128 monitors, and one is free again when its channel is gone', () => {
    const { notifications } = watched();
    for (let id = 0; id < 128; id++) assert.equal(notifications.assign(id, 1), id);
    assert.equal(notifications.assign(200, 1), null);
    notifications.release(70);
    assert.equal(notifications.assign(200, 1), 70);
  });

  it('signals for its own monitors only, whatever a guest writes', () => {
    const word = fc.nat(0xffffffff);
    const writes = fc.array(fc.tuple(fc.nat(1023), word), { maxLength: 50 });
    fc.assert(
      fc.property(writes, fc.array(fc.nat(1e7)), (wild, steps) => {
        const heard: number[] = [];
        const notifications = new MonitoredNotifications((connection) => heard.push(connection));
        const { memory, monitors } = memoryWith(GPA);
        notifications.use(monitors);
        const ids = [3, 4, 5].map((connection) => notifications.assign(connection, LATENCY_NS));
        for (const [at, value] of wild) memory.writeU32(GPA + at * 4, value);
        let now = 0;
        for (const step of steps) {
          now += step;
          notifications.look(now);
        }
        assert.ok(heard.every((connection) => [3, 4, 5].includes(connection)));
        assert.ok(heard.length <= ids.length * Math.max(1, steps.length));
      }),
    );
  });
});

describe('monitored notification: the bus', () => {
  const page = (guest: FakeGuest) => MonitorPage.at(guest.cpu.memory, GPA)!;

  it('offers a monitor to who has handed over a page, for devices that want one', () => {
    const guest = new FakeGuest();
    for (const device of [new Listener(1), new Listener(2, LATENCY_NS), new Listener(3, LATENCY_NS)])
      guest.server.offer(device);
    assert.deepEqual(guest.connect(undefined, GPA).map(monitorOf), [null, 0, 1]);
    for (const nowhere of [0, GPA + 8, guest.cpu.memory.bytes])
      assert.deepEqual(guest.connect(undefined, nowhere).map(monitorOf), [null, null, null]);
  });

  it('hears a channel by its trigger, later, and by a hypercall as ever', () => {
    const guest = new FakeGuest();
    const device = new Listener(1, LATENCY_NS);
    guest.server.offer(device);
    guest.connect(undefined, GPA);
    const channel = guest.open(1);
    page(guest).trigger(0);
    assert.equal(guest.server.lookAtMonitors(0), LATENCY_NS);
    assert.equal(device.signals, 0);
    guest.server.lookAtMonitors(LATENCY_NS);
    assert.equal(device.signals, 1);
    assert.equal(channel.signal(), HvStatus.Success);
    assert.equal(device.signals, 2);
  });

  it('hears nothing of a channel that is closed, taken back or broken', () => {
    const guest = new FakeGuest();
    const [device, other] = [new Listener(1, LATENCY_NS), new Listener(2, LATENCY_NS)];
    for (const each of [device, other]) guest.server.offer(each);
    guest.connect(undefined, GPA);
    guest.open(1);
    guest.server.rescind(device);
    for (const id of [0, 1]) page(guest).trigger(id);
    for (const now of [0, 1e9]) guest.server.lookAtMonitors(now);
    assert.deepEqual([device.signals, other.signals], [0, 0]);
    guest.connect(undefined, GPA);
    assert.equal(guest.server.lookAtMonitors(2e9), null, 'a new contact begins with nothing set');
  });

  it('lives with a page that is a ring as well', () => {
    const guest = new FakeGuest();
    const device = new Listener(1, LATENCY_NS);
    guest.server.offer(device);
    const at = 16 * 4096; // the first page that it shares
    guest.connect(undefined, at);
    guest.open(1);
    guest.cpu.memory.write(at, new Uint8Array(4096).fill(0xff));
    for (let now = 0; now < 1e8; now += 1e6) guest.server.lookAtMonitors(now);
    assert.ok(guest.cpu.guardsIntact());
    assert.equal(device.signals, 1, 'the latency that it wrote, once: its trigger was cleared');
  });

  it('goes on where it was saved, with a trigger that was set', () => {
    const guest = new FakeGuest();
    guest.server.offer(new Listener(1, LATENCY_NS));
    guest.connect(undefined, GPA);
    const { relid, gpadl, outPages, inPages } = guest.open(1);
    page(guest).trigger(0);
    guest.server.lookAtMonitors(0);
    const saved = JSON.parse(JSON.stringify(guest.server.save())) as PlainState;
    const there = new FakeGuest();
    const device = new Listener(1, LATENCY_NS);
    there.server.offer(device);
    there.cpu.memory.write(0, guest.cpu.memory.read(0, guest.cpu.memory.bytes));
    there.server.restore(new StateReader(saved));
    assert.equal(new FakeChannel(there, relid, gpadl, outPages, inPages).signal(), HvStatus.Success);
    assert.equal(there.server.lookAtMonitors(5e9), LATENCY_NS);
    there.server.lookAtMonitors(5e9 + LATENCY_NS);
    assert.equal(device.signals, 2);
  });
});

describe('monitored notification: a modelled guest', () => {
  const WORK = workload({ arrival: { kind: 'open', requestsPerSecond: 500 }, cpuNs: 50_000, sendBytes: 16_384 });
  const ran = (latencyNs: number, parts: Partial<typeof WORK> = {}): Ran => {
    const web = child('web', { nics: [nic()], workload: { ...WORK, ...parts } });
    return run(withCosts(host({ children: [web] }), INSTANT, { 'monitor-latency-network': latencyNs }));
  };
  const signals = ({ result }: Ran) => partitionOf(result, 'web').exitsPerSecond['hypercall'] ?? 0;
  const latency = ({ result }: Ran) => partitionOf(result, 'web').work!.latencyNs!.mean;

  it('signals without an exit, and is heard so much later', () => {
    const [polled, called] = [ran(LATENCY_NS), ran(0)];
    assert.ok(signals(called) > 450, `${signals(called)} hypercalls a second for 500 requests`);
    assert.ok(signals(polled) < 25, `${signals(polled)} hypercalls a second`);
    const later = latency(polled) - latency(called);
    assert.ok(later > 0.8 * LATENCY_NS && later < 1.3 * LATENCY_NS, `${later} ns later`);
  });

  it('lets several sends be heard at one look', () => {
    const often = { arrival: { kind: 'open', requestsPerSecond: 8000 }, cpuNs: 5000 } as const;
    const heard = (latencyNs: number) => {
      const { result } = ran(latencyNs, often);
      const sends = result.costs.find(({ id }) => id === 'vsp-network-send')!.count;
      return { sends, signals: result.total.channels.find(({ device }) => device === 'network')!.signalsPerSecond };
    };
    const [polled, called] = [heard(LATENCY_NS), heard(0)];
    assert.ok(Math.abs(polled.sends - called.sends) < 0.02 * called.sends);
    assert.ok(polled.signals < 0.9 * called.signals, `${polled.signals} and ${called.signals} signals`);
  });
});
