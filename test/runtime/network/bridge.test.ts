import assert from 'node:assert/strict';
import type { Child } from '../../../src/model/host-model.js';
import { decodeIpv4, decodeUdp } from '../../../src/runtime/parent/network-services/ipv4.js';
import { child, workload } from '../hosts.js';
import { BridgedRun, machine, on } from './bridged.js';

const SECOND = 1e9;
const client = (more: Partial<Child> = {}): Child => child('client', { nics: [on('Stage')], ...more });
const web = machine('web', on('Stage'));

describe('a modelled child beside machine children', () => {
  it('answers ARP and ping after the frame has gone its whole way', () => {
    const run = BridgedRun.started([web, client()]);
    assert.deepEqual(run.stations, [{ station: { mac: run.mac('client'), vlan: null }, there: true }]);
    run.send(run.arp('web', 'client'));
    run.advance(SECOND);
    const [reply] = run.taken();
    assert.deepEqual([reply?.frame.source, reply?.frame.destination], [run.mac('client'), run.mac('web')]);
    const sentNs = run.nowNs;
    run.send(run.ping('web', 'client'));
    while (run.engine.bridges.get('Stage')!.counters.leftFrames < 2) run.advance(10_000);
    const tookNs = run.nowNs - sentNs;
    const [echo] = run.taken();
    const packet = decodeIpv4(echo!.frame)!;
    assert.deepEqual(
      [packet.source, packet.destination, packet.payload[0]],
      [run.address('client'), run.address('web'), 0],
    );
    assert.ok(tookNs > 20_000 && tookNs < 5e6, `${tookNs} ns`);
  });

  for (const count of [1, 2, 4]) {
    it(`answers with ${count} virtual processors`, () => {
      const processors = { count, reservePercent: 0, limitPercent: 100, weight: 100 };
      const run = BridgedRun.started([web, client({ processors })]);
      for (let times = 0; times < 20; times++) run.send(run.ping('web', 'client'));
      run.advance(SECOND);
      assert.equal(run.taken().length, 20);
    });
  }

  it('receives what asks for nothing', () => {
    const run = BridgedRun.started([web, client()]);
    run.send(run.datagram('web', 'client', 1000));
    run.advance(SECOND);
    assert.deepEqual(run.taken(), []);
    assert.equal(run.bridge.counters.lost, 0);
  });

  it('sends its work as datagrams that the machine child can check', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 50 }, cpuNs: 1000, sendBytes: 1024 });
    const run = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    run.taken();
    const before = run.bridge.counters.leftFrames;
    run.advance(10 * SECOND);
    const frames = run.taken();
    assert.equal(run.bridge.counters.leftFrames - before, frames.length);
    assert.ok(frames.length > 350 && frames.length < 650, `${frames.length}`);
    for (const { frame } of frames) {
      assert.equal(frame.bytes, 1024);
      const packet = decodeIpv4(frame)!;
      assert.equal(packet.destination, run.address('web'));
      assert.equal(decodeUdp(packet, false)?.destinationPort, 9);
    }
  });
});
