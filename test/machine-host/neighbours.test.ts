import assert from 'node:assert/strict';
import { HostNetwork } from '../../src/machine-host/host-network.js';
import { Neighbours, sharedSwitches } from '../../src/machine-host/neighbours/neighbours.js';
import { serveNeighbours } from '../../src/machine-host/neighbours/serve-neighbours.js';
import { parentAddress } from '../../src/model/adapter-addresses.js';
import type { Child, HostModel } from '../../src/model/host-model.js';
import type { NeighbourCommand, NeighbourMessage } from '../../src/protocol/neighbours.js';
import type { EthernetFrame } from '../../src/runtime/parent/ethernet/ethernet-frame.js';
import { decodeIpv4, decodeUdp, encodeIpv4, encodeUdp } from '../../src/runtime/parent/network-services/ipv4.js';
import { child, host, INSTANT, withCosts, workload } from '../runtime/hosts.js';
import { machine, on, Packets } from '../runtime/network/bridged.js';

/** A clock that goes when it is told to, and runs what waits for it. */
class FakeClock {
  nowMs = 0;
  private waiting: { atMs: number; task: () => void }[] = [];

  readonly clock = {
    now: () => this.nowMs,
    yieldToHost: (task: () => void, delayMs: number) => {
      this.waiting.push({ atMs: this.nowMs + delayMs, task });
    },
  };

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      for (let turns = 0; turns < 4; turns++) await Promise.resolve();
      this.waiting.sort((a, b) => a.atMs - b.atMs);
      const next = this.waiting[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.waiting.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.task();
    }
    this.nowMs = untilMs;
  }
}

function beside(children: Child[], more: Partial<HostModel> = {}) {
  const stage = { name: 'Stage', kind: 'internal' as const };
  const model = withCosts(host({ switches: [stage], children, ...more }), INSTANT);
  const network = new HostNetwork(model);
  const clock = new FakeClock();
  const notices: string[] = [];
  let command: (command: NeighbourCommand) => void = () => {};
  let message: (message: NeighbourMessage) => void = () => {};
  let isOver = false;
  serveNeighbours(
    {
      send: (sent) => {
        if (!isOver) message(structuredClone(sent));
      },
      onCommand: (listener) => {
        command = listener;
      },
    },
    clock.clock,
  );
  const thread = {
    send: (sent: NeighbourCommand) => {
      if (!isOver) command(structuredClone(sent));
    },
    onEvent: (listener: (message: NeighbourMessage) => void) => {
      message = listener;
    },
    dispose: () => {
      isOver = true;
    },
  };
  const machines = children.filter(({ kind }) => kind === 'machine');
  const neighbours = new Neighbours(model, sharedSwitches(model, machines), network, thread, (text) =>
    notices.push(text),
  );
  const plugged = machines.map((each) => {
    const port = network.plug(each, 0, () => {});
    const taken = () => {
      const frames: EthernetFrame[] = [];
      for (let next = port.take(); next !== null; next = port.take()) frames.push(next.frame);
      return frames;
    };
    return { port, taken };
  });
  return { model, packets: new Packets(model), clock, notices, neighbours, plugged, web: plugged[0]!, network };
}

const client = (more: Partial<Child> = {}): Child => child('client', { nics: [on('Stage')], ...more });
const web = machine('web', on('Stage'));

function ask(packets: Packets, name: string): EthernetFrame {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const payload = Uint8Array.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
  const [source, destination] = [packets.address('web'), 0xc0a88901];
  const datagram = encodeUdp({ sourcePort: 1000, destinationPort: 53, payload }, source, destination);
  const packet = { source, destination, protocol: 17, payload: datagram };
  return encodeIpv4(packet, packets.mac('web'), parentAddress(packets.model, 0));
}

function answered(frame: EthernetFrame | undefined): number | null {
  const { payload } = decodeUdp(decodeIpv4(frame!)!, false)!;
  return payload[7] === 0 ? null : new DataView(payload.slice(-4).buffer).getUint32(0);
}

describe('modelled children beside machine children', () => {
  it('answer a ping from their own switch, in the time that their model takes', async () => {
    const { clock, packets, web: guest } = beside([web, client()]);
    await clock.advance(1000);
    guest.port.send(packets.arp('web', 'client'));
    await clock.advance(100);
    assert.equal(guest.taken()[0]?.source, packets.mac('client'));
    const sentMs = clock.nowMs;
    guest.port.send(packets.ping('web', 'client'));
    let replies: EthernetFrame[] = [];
    for (; replies.length === 0 && clock.nowMs < sentMs + 1000; replies = guest.taken()) await clock.advance(0.02);
    assert.equal(decodeIpv4(replies[0]!)?.payload[0], 0);
    const tookMs = clock.nowMs - sentMs;
    assert.ok(tookMs > 0.02 && tookMs < 5, `${tookMs} ms`);
  });

  it('have names as soon as they are there, and no longer', async () => {
    const {
      clock,
      packets,
      web: guest,
      neighbours,
    } = beside([web, client(), child('island', { nics: [on('Stage', 5)] })]);
    const lookUp = (name: string) => {
      guest.taken();
      guest.port.send(ask(packets, name));
      return answered(guest.taken()[0]);
    };
    assert.equal(lookUp('client'), null);
    await clock.advance(1000);
    assert.equal(lookUp('client'), packets.address('client'));
    assert.equal(lookUp('client.internal'), packets.address('client'));
    assert.equal(lookUp('island'), null, 'the parent is not in its VLAN');
    neighbours.dispose();
    assert.equal(lookUp('client'), null);
  });

  it('send as much as arrives, and as much as is counted', async () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 100 }, cpuNs: 1000, sendBytes: 4000 });
    const { clock, web: guest, neighbours } = beside([web, client({ workload: work, sendsTo: 'web' })]);
    let [frames, bytes] = [0, 0];
    for (let tenths = 0; tenths < 100; tenths++) {
      await clock.advance(100);
      for (const frame of guest.taken()) {
        frames++;
        bytes += frame.bytes;
      }
    }
    assert.ok(frames > 2400 && frames < 3700, `${frames}`);
    assert.equal(bytes / frames, (4000 + 2 * 42) / 3, 'three pieces, each with headers of its own');
    const { receivedFrames, receivedBytes } = guest.port.counters;
    assert.deepEqual([frames, bytes], [receivedFrames, receivedBytes]);
    assert.match(
      neighbours.describe(),
      /^client {2}running, modelled 192\.168\.137\.11; \d+ frames sent, 0 received\n0 frames dropped/,
    );
  });

  it('fall behind a clock that they cannot follow, and say so once', async () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 5000 }, cpuNs: 1000, sendBytes: 100 });
    const { clock, notices, packets, web: guest } = beside([web, client({ workload: work, sendsTo: 'web' })]);
    await clock.advance(1000);
    for (let times = 0; times < 3; times++) {
      clock.nowMs += 60_000;
      await clock.advance(100);
    }
    assert.equal(notices.length, 1);
    assert.match(notices[0]!, /slower than the clock/);
    guest.taken();
    guest.port.send(packets.ping('web', 'client'));
    await clock.advance(50);
    assert.ok(guest.taken().some((frame) => decodeIpv4(frame)?.protocol === 1));
  });

  it('drop what is more than anybody takes, and count it', async () => {
    const { clock, packets, web: guest, network } = beside([web, client()]);
    await clock.advance(1000);
    for (let sent = 0; sent < 20_000; sent++) guest.port.send(packets.datagram('web', 'client', 1000));
    await clock.advance(5000);
    guest.port.send(packets.ping('web', 'client'));
    await clock.advance(1000);
    assert.equal(guest.taken().length, 1, 'it still answers');
    const { sent, copied, delivered, dropped } = network.counters('Stage');
    assert.equal(sent.frames + copied.frames, delivered.frames + dropped.frames);
    assert.ok(dropped.frames > 10_000);
  });

  it('are told of machine children that come and go', async () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 10 }, cpuNs: 1000, sendBytes: 100 });
    const { clock, model, network, web: guest } = beside([web, client({ workload: work, sendsTo: 'web' })]);
    await clock.advance(2000);
    guest.port.unplug();
    await clock.advance(5000);
    const again = network.plug(model.children[0]!, 0, () => {});
    await clock.advance(2000);
    assert.notEqual(again.take(), null);
  });

  it('say why they are not there', async () => {
    const large = client({ memory: { kind: 'static', startupBytes: 1e15 } });
    const { clock, notices } = beside([web, large]);
    await clock.advance(5000);
    assert.equal(notices.length, 1);
    assert.match(notices[0]!, /^client is refused: /);
    const base = host();
    const hardware = { ...base.hardware, processor: { ...base.hardware.processor, sockets: 0 } };
    assert.match(beside([web, client()], { hardware }).notices[0] ?? '', /^the modelled children are not there: /);
  });

  it('are nowhere where no switch is shared', () => {
    const model = host({
      switches: [
        { name: 'A', kind: 'internal' },
        { name: 'B', kind: 'private' },
      ],
    });
    const [one, other] = [machine('m', on('A')), child('c', { nics: [on('B')] })];
    assert.deepEqual(sharedSwitches({ ...model, children: [one, other] }, [one]), []);
    const legacy = machine('m', { ...on('B'), kind: 'legacy' });
    assert.deepEqual(sharedSwitches({ ...model, children: [legacy, other] }, [legacy]), []);
    const both = machine('m', on('A'), on('B'));
    assert.deepEqual(sharedSwitches({ ...model, children: [both, other] }, [both]), ['B']);
  });
});
