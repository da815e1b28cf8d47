import assert from 'node:assert/strict';
import { CableEnd } from '../../src/machine-host/cable.js';
import { HostNetwork } from '../../src/machine-host/host-network.js';
import { adapterAddress } from '../../src/model/adapter-addresses.js';
import type { HostModel } from '../../src/model/host-model.js';
import type { CableMessage } from '../../src/protocol/machine.js';
import { ethernetFrame } from '../../src/runtime/parent/ethernet/ethernet-frame.js';
import { BROADCAST, formatMac, macBytes } from '../../src/runtime/parent/switch/mac-address.js';
import { cathedral } from '../model/cathedral.js';

function host(kind: 'external' | 'internal' | 'private'): HostModel {
  const model = cathedral();
  const child = { ...model.children[0]!, nics: [{ switch: 'Stage', kind: 'synthetic' as const, vlan: null }] };
  return {
    ...model,
    switches: [{ name: 'Stage', kind }],
    children: ['a', 'b'].map((name) => ({ ...child, name })),
  };
}

/** A child on another thread, whose thread is this test: messages wait until they are handed over. */
function threaded(network: HostNetwork, model: HostModel, index: number) {
  const toThread: CableMessage[] = [];
  const fromThread: CableMessage[] = [];
  const switchEnd = network.connect(model.children[index]!, (message) => toThread.push(structuredClone(message)));
  const end = new CableEnd(
    0,
    (message) => fromThread.push(structuredClone(message)),
    () => {},
  );
  const handOver = async () => {
    for (let idle = 0; idle < 3; ) {
      await Promise.resolve();
      const [down, up] = [toThread.shift(), fromThread.shift()];
      if (down !== undefined) end.hear(down);
      if (up !== undefined) switchEnd.hear(up);
      idle = down === undefined && up === undefined ? idle + 1 : 0;
    }
  };
  return { end, handOver, switchEnd };
}

const frame = (destination: number, source: number, bytes = 60) => {
  const data = new Uint8Array(bytes);
  data.set([...macBytes(destination), ...macBytes(source)]);
  return ethernetFrame(data);
};

describe('a machine child on a trunk', () => {
  it('sends and receives tagged frames of its VLANs', () => {
    const model = host('private');
    const nic = model.children[0]!.nics[0]!;
    model.children[0]!.nics = [{ ...nic, trunk: [{ first: 10, last: 12 }] }];
    model.children[1]!.nics = [{ ...nic, vlan: 11 }];
    const network = new HostNetwork(model);
    const [router, member] = model.children.map((child) => network.plug(child, 0, () => {}));
    const [first, second] = model.children.map((child) => network.adapters(child)[0]!);
    router!.send(frame(second!, first!), 11);
    router!.send(frame(second!, first!), 12);
    assert.deepEqual([member!.take()?.tag, member!.take()], [null, null]);
    member!.send(frame(first!, second!));
    assert.equal(router!.take()?.tag, 11);
  });
});

describe('the switches of a host for machine children', () => {
  it('give every adapter an address of its own, always the same', () => {
    const model = host('private');
    const addresses = model.children.map((child) => new HostNetwork(model).adapters(child)[0]!);
    assert.deepEqual(
      addresses,
      model.children.map(({ name }) => adapterAddress(model, name, 0)),
    );
    assert.notEqual(addresses[0], addresses[1]);
    assert.match(formatMac(addresses[0]!), /^00-15-5D-/);
    assert.throws(() => adapterAddress(model, 'a', 1), RangeError);
    assert.throws(() => adapterAddress(model, 'c', 0), RangeError);
  });

  it('carry frames between threads, in order and as they were', async () => {
    const model = host('private');
    const network = new HostNetwork(model);
    const [a, b] = [threaded(network, model, 0), threaded(network, model, 1)];
    const [macA, macB] = model.children.map((child) => network.adapters(child)[0]!) as [number, number];
    for (let index = 0; index < 40; index++) a.end.send(frame(macB, macA, 60 + index), null);
    const large = ethernetFrame(frame(macB, macA, 9000).data, { checksum: true, segmentBytes: 1460 });
    a.end.send(large, null);
    await a.handOver();
    await b.handOver();
    for (let index = 0; index < 40; index++) assert.equal(b.end.take()?.frame.bytes, 60 + index);
    assert.deepEqual(b.end.take()?.frame, large);
    assert.equal(b.end.take(), null);
  });

  it('make who sends too much wait until it is taken', async () => {
    const model = host('private');
    const network = new HostNetwork(model);
    const a = threaded(network, model, 0);
    const mac = network.adapters(model.children[0]!)[0]!;
    let sent = 0;
    for (; !a.end.busy; sent++) a.end.send(frame(BROADCAST, mac), null);
    assert.ok(sent > 0 && sent <= 1024);
    await a.handOver();
    assert.equal(a.end.busy, false);
  });

  it('hear in few messages what was taken, and wait for none of it in vain', async () => {
    let acknowledged = 0;
    const far: CableEnd = new CableEnd(
      0,
      (message) => {
        acknowledged++;
        near.hear(message);
      },
      () => {},
    );
    const near: CableEnd = new CableEnd(
      0,
      (message) => far.hear(message),
      () => {},
    );
    for (let sent = 0; sent < 5000; sent++) {
      assert.equal(near.busy, false, `after ${sent} frames`);
      near.send(frame(BROADCAST, BROADCAST), null);
      await Promise.resolve();
      assert.notEqual(far.take(), null);
      await Promise.resolve();
    }
    assert.ok(acknowledged > 0 && acknowledged <= 5000 / 100, `${acknowledged} messages`);
  });

  it('count what leaves an external switch, where there is no wire', async () => {
    const model = host('external');
    const network = new HostNetwork(model);
    const a = threaded(network, model, 0);
    a.end.send(frame(BROADCAST, network.adapters(model.children[0]!)[0]!), null);
    await a.handOver();
    assert.equal(network.lostFrames(), 1);
    assert.match(network.notFollowed(model.children[0]!)[0]!, /Stage .* nothing beyond/);
    const inner = host('internal');
    assert.deepEqual(new HostNetwork(inner).notFollowed(inner.children[0]!), []);
  });

  it('let the parent answer on an internal switch', async () => {
    const model = host('internal');
    const network = new HostNetwork(model);
    const a = threaded(network, model, 0);
    const mac = network.adapters(model.children[0]!)[0]!;
    const request = new Uint8Array(42);
    const parent = [192, 168, 137, 1];
    request.set([...macBytes(BROADCAST), ...macBytes(mac), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, ...macBytes(mac)]);
    request.set([192, 168, 137, 10, 0, 0, 0, 0, 0, 0, ...parent], 28);
    a.end.send(ethernetFrame(request), null);
    await a.handOver();
    assert.deepEqual([...(a.end.take()?.frame.data.slice(28, 32) ?? [])], parent);
  });

  it('know a child no more that was turned off', async () => {
    const model = host('private');
    const network = new HostNetwork(model);
    const a = threaded(network, model, 0);
    a.switchEnd.disconnect();
    assert.doesNotThrow(() => threaded(network, model, 0), 'its place is free again');
  });

  it('make a child wait that is faster than its bandwidth limit', () => {
    const model = host('private');
    const [a, b] = model.children as [HostModel['children'][0], HostModel['children'][0]];
    const limited = { ...a, nics: [{ ...a.nics[0]!, bandwidth: { limitBitsPerSecond: 8e6 } }] };
    let nowMs = 0;
    let waiting: { atMs: number; task: () => void } | null = null;
    const network = new HostNetwork(model, {
      nowNs: () => nowMs * 1e6,
      after: (ms, task) => {
        waiting = { atMs: nowMs + ms, task };
        return () => {
          waiting = null;
        };
      },
    });
    let woken = 0;
    const port = network.plug(limited, 0, () => woken++);
    const other = network.plug(b, 0, () => {});
    const [from, to] = [a, b].map((child) => network.adapters(child)[0]!) as [number, number];
    let [sent, received] = [0, 0];
    for (; nowMs < 1000; nowMs++) {
      const due = waiting as { atMs: number; task: () => void } | null;
      if (due !== null && due.atMs <= nowMs) {
        waiting = null;
        due.task();
      }
      for (; !port.busy; sent++) port.send(frame(to, from, 1000), null);
      while (other.take() !== null) received++;
    }
    assert.equal(received, sent);
    assert.ok(
      sent >= 1000 + 131 - 2 && sent <= 1000 + 131 + 2,
      `${sent} frames of 8,000 bits in a second, and a burst`,
    );
    assert.ok(woken > 100);
    port.unplug();
    assert.deepEqual([waiting, port.busy], [null, false]);
  });
});
