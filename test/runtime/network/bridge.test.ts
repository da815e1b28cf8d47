import assert from 'node:assert/strict';
import type { Child } from '../../../src/model/host-model.js';
import type { Scenario } from '../../../src/model/scenario.js';
import { decodeIpv4, decodeUdp } from '../../../src/runtime/parent/network-services/ipv4.js';
import { child, host, scenario, workload } from '../hosts.js';
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

  it('cuts a large send into frames that fit', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 5 }, cpuNs: 1000, sendBytes: 65_536 });
    const run = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    run.taken();
    const before = { ...run.bridge.counters, sends: run.bridge.counters.port.receivedFrames };
    const frames = [];
    for (let tenths = 0; tenths < 100; tenths++) {
      run.advance(SECOND / 10);
      frames.push(...run.taken());
    }
    const sends = run.bridge.counters.port.receivedFrames - before.sends;
    assert.equal(frames.length, sends * Math.ceil((65_536 - 42) / 1472));
    assert.ok(frames.every(({ frame }) => frame.bytes <= 1514 && decodeUdp(decodeIpv4(frame)!, false) !== null));
  });

  it('sends nothing to a machine child that is not there, and its requests fail', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 5 }, cpuNs: 1000, sendBytes: 100 });
    const run = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    run.station('web', null, false);
    run.advance(SECOND);
    run.taken();
    run.advance(120 * SECOND);
    assert.deepEqual(run.taken(), []);
  });

  it('writes to the address that the machine child says it has', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 5 }, cpuNs: 1000, sendBytes: 100 });
    const run = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    run.send(run.arp('web', 'client', 0x0a00_0005));
    run.advance(SECOND);
    run.taken();
    run.advance(SECOND);
    const destinations = run.taken().map(({ frame }) => decodeIpv4(frame)?.destination);
    assert.ok(destinations.length > 0);
    assert.deepEqual([...new Set(destinations)], [0x0a00_0005]);
  });

  it('hears nobody from another VLAN, and nobody who is not there', () => {
    const other = child('other', { nics: [on('Stage', 7)] });
    const run = BridgedRun.started([web, machine('tagged', on('Stage', 7)), client(), other]);
    const reaches = (from: string, to: string, tag: number | null) => {
      run.send(run.ping(from, to), tag);
      run.advance(SECOND);
      return run.taken().map(({ tag }) => tag);
    };
    assert.deepEqual(reaches('web', 'client', null), [null]);
    assert.deepEqual(reaches('tagged', 'other', 7), [7]);
    assert.deepEqual(reaches('web', 'other', null), []);
    assert.deepEqual(reaches('tagged', 'client', 7), []);
    assert.deepEqual(reaches('web', 'client', 7), []);
    assert.deepEqual(reaches('client', 'client', null), [], 'a modelled child does not come from there');
    assert.equal(run.bridge.counters.port.spoofed, 2);
  });

  it('is bound by the bandwidth that its adapter is given', () => {
    const limited = client({ nics: [{ ...on('Stage'), bandwidth: { limitBitsPerSecond: 1e5 } }] });
    const run = BridgedRun.started([web, limited]);
    for (let sent = 0; sent < 250; sent++) run.send(run.ping('web', 'client', 1400));
    run.advance(SECOND / 2);
    const early = run.taken().length;
    assert.ok(early < 200 && early > 10, `${early}`);
    run.advance(60 * SECOND);
    assert.equal(early + run.taken().length, 250);
  });

  for (const [what, parts] of Object.entries<Partial<Child>>({
    'an emulated adapter': { nics: [{ ...on('Stage'), kind: 'legacy' }] },
    'emulated devices only': { kind: 'legacy' },
    'the hypercall adapter': { kind: 'xen', operatingSystem: 'SUSE Linux Enterprise Server 10 SP2' },
  })) {
    it(`answers through ${what}`, () => {
      const run = BridgedRun.started([web, client(parts)]);
      run.send(run.ping('web', 'client'));
      run.advance(SECOND);
      assert.equal(run.taken().length, 1);
    });
  }

  it('answers through a virtual function', () => {
    const lan = { name: 'Stage', kind: 'external' as const, nic: 'lan1' };
    const direct = client({ nics: [{ ...on('Stage'), sriov: true }] });
    const base = host();
    const hardware = { ...base.hardware, nics: [{ ...base.hardware.nics[0]!, virtualFunctions: 4 }] };
    const run = BridgedRun.started([web, direct], { switches: [lan], hardware });
    run.send(run.ping('web', 'client'));
    run.send(run.arp('web', 'client'));
    run.advance(SECOND);
    assert.equal(run.taken().length, 2);
  });

  for (const architecture of ['esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`answers on ${architecture}`, () => {
      const hypervisor = { ...host().hypervisor, architecture, release: null };
      const run = BridgedRun.started([web, client()], { hypervisor });
      run.send(run.ping('web', 'client'));
      run.advance(SECOND);
      assert.equal(run.taken().length, 1);
    });
  }

  it('takes datagrams for requests, as many as their bytes make', () => {
    const arrival = { kind: 'open', requestsPerSecond: 1e-6 } as const;
    const work = workload({ arrival, cpuNs: 1000, receiveBytes: 2000, sendBytes: 1000 });
    const run = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    for (let sent = 0; sent < 20; sent++) run.send(run.datagram('web', 'client', 500));
    run.send(run.ping('web', 'client', 1000));
    run.advance(SECOND);
    const answers = run.taken().filter(({ frame }) => decodeIpv4(frame)?.protocol === 17);
    assert.equal(answers.length, 5);
  });

  it('answers again when its adapter was taken out and put back', () => {
    const steps: Scenario['steps'] = [
      { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
      { atNs: 60 * SECOND, action: { kind: 'unplug', child: 'client', device: 'nic', number: 0 } },
      { atNs: 90 * SECOND, action: { kind: 'plug-in', child: 'client', device: 'nic', number: 0 } },
    ];
    const run = BridgedRun.started([web, client({ generation: 2, operatingSystem: 'Windows Server 2022' })], {
      hypervisor: { ...host().hypervisor, release: '2022' },
      scenarios: [scenario({ steps })],
    });
    const answers = () => {
      for (let times = 0; times < 3; times++) run.send(run.ping('web', 'client'));
      run.advance(SECOND);
      return run.taken().length;
    };
    assert.equal(answers(), 3);
    while (run.stations.length < 2) run.advance(SECOND);
    assert.equal(answers(), 0);
    while (run.stations.length < 3) run.advance(SECOND);
    run.advance(SECOND);
    assert.equal(answers(), 3);
  });

  it('runs the same again when the same arrives at the same moments', () => {
    const work = workload({ arrival: { kind: 'open', requestsPerSecond: 300 }, cpuNs: 1e6, sendBytes: 3000 });
    const recorded = BridgedRun.started([web, client({ workload: work, sendsTo: 'web' })]);
    for (let times = 0; times < 50; times++) {
      recorded.send(recorded.ping('web', 'client', times * 20));
      recorded.advance(7e6 + times * 1001);
    }
    const again = new BridgedRun(recorded.model);
    for (const { arrival, atNs } of recorded.arrivals) {
      again.until(atNs);
      again.enter(arrival, atNs);
    }
    again.until(recorded.nowNs);
    assert.deepEqual(again.taken(), recorded.taken());
    assert.equal(again.engine.traceHash(), recorded.engine.traceHash());
  });
});
