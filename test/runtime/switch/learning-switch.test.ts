import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Frame } from '../../../src/runtime/parent/switch/frame.js';
import { LearningSwitch, type SwitchKind } from '../../../src/runtime/parent/switch/learning-switch.js';
import { BROADCAST, type MacAddress } from '../../../src/runtime/parent/switch/mac-address.js';
import type { PortOptions, SwitchPort } from '../../../src/runtime/parent/switch/switch-port.js';

const MULTICAST = 0x0100_5e00_00fb;
const macOf = (index: number): MacAddress => 0x0015_5d00_0000 + index;

interface TestFrame extends Frame {
  id: number;
}

let nextId = 0;
const frame = (source: MacAddress, destination: MacAddress, bytes = 60): TestFrame => ({
  id: nextId++,
  source,
  destination,
  bytes,
});

type Port = SwitchPort<TestFrame>;

function plugger(kind: SwitchKind) {
  const network = new LearningSwitch<TestFrame>(kind);
  const plug = (mac: MacAddress | null, more: Partial<PortOptions> = {}): Port =>
    network.plug({ role: 'child', mac, vlan: { kind: 'access', vlan: null }, wake: () => {}, ...more });
  return { network, plug };
}

const access = (vlan: number | null): Partial<PortOptions> => ({ vlan: { kind: 'access', vlan } });
const UPLINK: Partial<PortOptions> = { role: 'uplink', vlan: { kind: 'trunk' } };

function drain(port: Port): { id: number; tag: number | null }[] {
  const taken: { id: number; tag: number | null }[] = [];
  for (let next = port.take(); next !== null; next = port.take()) taken.push({ id: next.frame.id, tag: next.tag });
  return taken;
}

describe('virtual switch', () => {
  it('hands a frame to the port of its destination and to no other', () => {
    const { plug } = plugger('private');
    const [a, b, c] = [plug(macOf(1)), plug(macOf(2)), plug(macOf(3))];
    const sent = frame(macOf(1), macOf(2));
    a.send(sent);
    assert.deepEqual(drain(b), [{ id: sent.id, tag: null }]);
    assert.deepEqual([drain(a), drain(c)], [[], []]);
  });

  it('hands a frame for nobody to the uplink only', () => {
    const { plug } = plugger('external');
    const [a, b, uplink] = [plug(macOf(1)), plug(macOf(2)), plug(null, UPLINK)];
    a.send(frame(macOf(1), macOf(99)));
    assert.deepEqual([drain(b).length, drain(uplink).length], [0, 1]);
  });

  it('learns behind which uplink an address lives, and that it moved', () => {
    const { plug } = plugger('external');
    const [a, one, two] = [plug(macOf(1)), plug(null, UPLINK), plug(null, UPLINK)];
    const toFarHost = () => a.send(frame(macOf(1), macOf(50)));
    const reached = () => [drain(one).length, drain(two).length];
    toFarHost();
    assert.deepEqual(reached(), [1, 1], 'nobody knows it yet');
    one.send(frame(macOf(50), macOf(1)));
    toFarHost();
    assert.deepEqual(reached(), [1, 0]);
    two.send(frame(macOf(50), macOf(1)));
    toFarHost();
    assert.deepEqual(reached(), [0, 1]);
    two.unplug();
    toFarHost();
    assert.deepEqual(reached(), [1, 0], 'forgotten with its port');
  });

  it('never learns the address of a child behind an uplink', () => {
    const { plug } = plugger('external');
    const [a, b, uplink] = [plug(macOf(1)), plug(macOf(2)), plug(null, UPLINK)];
    uplink.send(frame(macOf(2), macOf(1)));
    drain(a);
    a.send(frame(macOf(1), macOf(2)));
    assert.deepEqual([drain(b).length, drain(uplink).length], [1, 0]);
  });

  it('keeps a bounded number of learned addresses', () => {
    const { plug } = plugger('external');
    const [a, one, two] = [plug(macOf(1)), plug(null, UPLINK), plug(null, UPLINK)];
    for (let index = 0; index <= 4096; index++) one.send(frame(macOf(1000 + index), macOf(1)));
    drain(a);
    drain(two);
    a.send(frame(macOf(1), macOf(1000)));
    assert.equal(drain(two).length, 1, 'the first one is forgotten');
    a.send(frame(macOf(1), macOf(1001)));
    assert.equal(drain(two).length, 0, 'the second one is not');
  });

  it('tags what leaves by a trunk and takes the tag off on the way in', () => {
    const { plug } = plugger('external');
    const [a, b, uplink] = [plug(macOf(1), access(10)), plug(macOf(2)), plug(null, UPLINK)];
    const [tagged, untagged] = [frame(macOf(1), BROADCAST), frame(macOf(2), BROADCAST)];
    a.send(tagged);
    b.send(untagged);
    assert.deepEqual(drain(uplink), [
      { id: tagged.id, tag: 10 },
      { id: untagged.id, tag: null },
    ]);
    const answer = frame(macOf(50), BROADCAST);
    uplink.send(answer, 10);
    assert.deepEqual([drain(a), drain(b)], [[{ id: answer.id, tag: null }], []]);
  });

  const trunk = (native: number | null, ...allowed: [number, number][]): Partial<PortOptions> => ({
    vlan: { kind: 'trunk', native, allowed: allowed.map(([first, last]) => ({ first, last })) },
  });

  it('lets the allowed VLANs through to a child on a trunk, tagged, and its native one untagged', () => {
    const { plug } = plugger('private');
    const router = plug(macOf(9), trunk(5, [10, 20], [30, 30]));
    const [native, twelve, thirty, other] = [5, 12, 30, 31].map((vlan, i) => plug(macOf(i), access(vlan)));
    const sent = [native, twelve, thirty, other].map((port, i) => {
      const each = frame(macOf(i), i % 2 === 0 ? BROADCAST : macOf(9));
      port!.send(each);
      return each.id;
    });
    assert.deepEqual(drain(router), [
      { id: sent[0], tag: null },
      { id: sent[1], tag: 12 },
      { id: sent[2], tag: 30 },
    ]);
    const answers = [
      [null, native],
      [12, twelve],
      [30, thirty],
    ] as const;
    for (const [tag, port] of answers) {
      const answer = frame(macOf(9), BROADCAST);
      router.send(answer, tag);
      assert.deepEqual(drain(port!), [{ id: answer.id, tag: null }]);
    }
    router.send(frame(macOf(9), macOf(3)), 31);
    router.send(frame(macOf(9), macOf(3)), 4095);
    assert.deepEqual([drain(other!), router.counters.wrongVlan], [[], 2]);
  });

  it('gives an address of a trunk to nobody else in any of its VLANs, until it is unplugged', () => {
    const { plug } = plugger('private');
    const router = plug(macOf(9), trunk(null, [10, 12]));
    for (const vlan of [null, 10, 12]) assert.throws(() => plug(macOf(9), access(vlan)), RangeError);
    assert.doesNotThrow(() => plug(macOf(9), access(13)));
    router.unplug();
    assert.doesNotThrow(() => plug(macOf(9), access(11)));
    assert.throws(() => plug(macOf(8), trunk(null, [4000, 4095])), RangeError);
  });

  it('tells a bridge of a child in each VLAN of its trunk', () => {
    const { plug } = plugger('private');
    const told: (number | null)[] = [];
    plug(macOf(9), trunk(5, [10, 11]));
    plug(null, { role: 'bridge', vlan: { kind: 'trunk' }, stationChanged: ({ vlan }) => told.push(vlan) });
    assert.deepEqual(told, [5, 10, 11]);
  });

  it('takes no tagged frame from a child, and no frame with the address of another', () => {
    const { plug } = plugger('internal');
    const [a, b] = [plug(macOf(1), access(10)), plug(macOf(2), access(10))];
    a.send(frame(macOf(1), macOf(2)), 10);
    a.send(frame(macOf(7), macOf(2)));
    a.send(frame(BROADCAST, macOf(2)));
    assert.deepEqual(drain(b), []);
    assert.equal(a.counters.wrongVlan, 1);
    assert.equal(a.counters.spoofed, 2);
    assert.equal(a.counters.sentFrames, 0);
  });

  it('drops and counts what its owner does not take', () => {
    const { plug } = plugger('private');
    const [a, b] = [plug(macOf(1)), plug(macOf(2))];
    for (let index = 0; index < 2000; index++) a.send(frame(macOf(1), macOf(2)));
    assert.equal(drain(b).length, 1024);
    assert.equal(b.counters.overflowed, 976);
    for (let index = 0; index < 2000; index++) a.send(frame(macOf(1), macOf(2), 65_536));
    assert.equal(drain(b).length, (8 << 20) / 65_536);
  });

  it('wakes a port once for what waits', () => {
    const { plug } = plugger('private');
    let woken = 0;
    const [a, b] = [plug(macOf(1)), plug(macOf(2), { wake: () => woken++ })];
    a.send(frame(macOf(1), macOf(2)));
    a.send(frame(macOf(1), macOf(2)));
    assert.equal(woken, 1);
    drain(b);
    a.send(frame(macOf(1), macOf(2)));
    assert.equal(woken, 2);
  });

  it('takes nothing from and gives nothing to a port that is unplugged', () => {
    const { plug } = plugger('private');
    const [a, b] = [plug(macOf(1)), plug(macOf(2))];
    a.send(frame(macOf(1), macOf(2)));
    b.unplug();
    a.send(frame(macOf(1), BROADCAST));
    b.send(frame(macOf(2), macOf(1)));
    assert.deepEqual([drain(a), drain(b)], [[], []]);
    assert.doesNotThrow(() => plug(macOf(2)), 'the address is free again');
  });

  it('refuses ports that such a switch does not have', () => {
    assert.throws(() => plugger('internal').plug(null, UPLINK), RangeError);
    assert.throws(() => plugger('private').plug(macOf(1), { role: 'parent' }), RangeError);
    assert.throws(() => plugger('private').plug(macOf(1), access(4095)), RangeError);
    assert.throws(() => plugger('private').plug(macOf(1), { vlan: { kind: 'trunk' } }), RangeError);
    assert.throws(() => plugger('private').plug(BROADCAST), RangeError);
    const { plug } = plugger('private');
    plug(macOf(1));
    assert.throws(() => plug(macOf(1)), RangeError);
    assert.doesNotThrow(() => plug(macOf(1), access(5)));
  });

  it('keeps VLANs apart, copies nothing, loses nothing uncounted', () => {
    const ports = fc.array(fc.constantFrom(null, 1, 2), { minLength: 2, maxLength: 6 });
    const target = fc.oneof(fc.nat(7), fc.constantFrom('broadcast', 'multicast'));
    const sends = fc.array(fc.record({ from: fc.nat(5), as: fc.nat(7), to: target }), { maxLength: 60 });
    fc.assert(
      fc.property(ports, sends, (vlans, traffic) => {
        const { plug } = plugger('private');
        const all = vlans.map((vlan, index) => plug(macOf(index), access(vlan)));
        const expected: number[][] = vlans.map(() => []);
        for (const { from, as, to } of traffic) {
          const sender = from % all.length;
          const destination = to === 'broadcast' ? BROADCAST : to === 'multicast' ? MULTICAST : macOf(to as number);
          const sent = frame(macOf(as), destination);
          all[sender]!.send(sent);
          if (as !== sender) continue;
          for (const [index, list] of expected.entries()) {
            const wanted = typeof to === 'string' || to === index;
            if (index !== sender && wanted && vlans[index] === vlans[sender]) list.push(sent.id);
          }
        }
        for (const [index, port] of all.entries()) {
          assert.deepEqual(
            drain(port).map(({ id }) => id),
            expected[index],
          );
          assert.equal(port.counters.receivedFrames, expected[index]!.length);
          const tried = traffic.filter(({ from }) => from % all.length === index).length;
          assert.equal(port.counters.sentFrames + port.counters.spoofed, tried);
        }
      }),
    );
  });

  describe('with a bridge to another switch', () => {
    const BRIDGE: Partial<PortOptions> = { role: 'bridge', vlan: { kind: 'trunk' } };

    it('reaches by it the stations that it was told of, and nobody else', () => {
      const { network, plug } = plugger('private');
      const [a, bridge] = [plug(macOf(1)), plug(null, BRIDGE)];
      a.send(frame(macOf(1), macOf(9)));
      assert.equal(bridge.waitingFrames, 0);
      assert.equal(network.reach({ mac: macOf(9), vlan: null }, bridge), true);
      a.send(frame(macOf(1), macOf(9)));
      assert.equal(drain(bridge).length, 1);
      network.lose({ mac: macOf(9), vlan: null }, bridge);
      a.send(frame(macOf(1), macOf(9)));
      assert.equal(bridge.waitingFrames, 0);
    });

    it('takes from it what those stations send, in their VLANs', () => {
      const { network, plug } = plugger('private');
      const [a, tagged, bridge] = [plug(macOf(1)), plug(macOf(2), access(7)), plug(null, BRIDGE)];
      network.reach({ mac: macOf(8), vlan: null }, bridge);
      network.reach({ mac: macOf(9), vlan: 7 }, bridge);
      bridge.send(frame(macOf(8), macOf(1)));
      bridge.send(frame(macOf(9), BROADCAST), 7);
      assert.deepEqual([drain(a).length, drain(tagged).length], [1, 1]);
      bridge.send(frame(macOf(9), macOf(1)));
      bridge.send(frame(macOf(1), BROADCAST));
      bridge.send(frame(macOf(77), BROADCAST));
      assert.deepEqual([drain(a).length, drain(tagged).length, bridge.counters.spoofed], [0, 0, 3]);
    });

    it('sends group frames of every VLAN over it, tagged, and none back', () => {
      const { network, plug } = plugger('private');
      const [tagged, bridge] = [plug(macOf(2), access(7)), plug(null, BRIDGE)];
      tagged.send(frame(macOf(2), MULTICAST));
      assert.deepEqual(
        drain(bridge).map(({ tag }) => tag),
        [7],
      );
      network.reach({ mac: macOf(9), vlan: 7 }, bridge);
      bridge.send(frame(macOf(9), MULTICAST), 7);
      assert.equal(bridge.waitingFrames, 0);
    });

    it('tells it who comes and goes', () => {
      const { plug } = plugger('internal');
      const told: [number, number | null, boolean][] = [];
      plug(macOf(5), { role: 'parent' });
      plug(macOf(1));
      plug(null, { ...BRIDGE, stationChanged: ({ mac, vlan }, there) => told.push([mac, vlan, there]) });
      const second = plug(macOf(2), access(7));
      second.unplug();
      second.unplug();
      assert.deepEqual(told, [
        [macOf(1), null, true],
        [macOf(2), 7, true],
        [macOf(2), 7, false],
      ]);
    });

    it('keeps the addresses of its own ports', () => {
      const { network, plug } = plugger('private');
      const [a, b, bridge] = [plug(macOf(1)), plug(macOf(2)), plug(null, BRIDGE)];
      assert.equal(network.reach({ mac: macOf(2), vlan: null }, bridge), false);
      assert.equal(network.reach({ mac: BROADCAST, vlan: null }, bridge), false);
      assert.equal(network.reach({ mac: macOf(9), vlan: 4095 }, bridge), false);
      network.lose({ mac: macOf(2), vlan: null }, bridge);
      a.send(frame(macOf(1), macOf(2)));
      assert.deepEqual([drain(b).length, bridge.waitingFrames], [1, 0]);
    });
  });
});
