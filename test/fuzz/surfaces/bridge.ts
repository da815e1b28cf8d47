import assert from 'node:assert/strict';
import { ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { decodeIpv4 } from '../../../src/runtime/parent/network-services/ipv4.js';
import { macBytes } from '../../../src/runtime/parent/switch/mac-address.js';
import { child, host, INSTANT, withCosts, workload } from '../../runtime/hosts.js';
import { BridgedRun, machine, on, Packets } from '../../runtime/network/bridged.js';
import { InputReader, type Surface } from '../surface.js';

const Step = { Frame: 0, Offloaded: 1, Stranger: 2, Station: 3, Pass: 4 } as const;
const SHORTEST_FRAME = 14;
const LONGEST_FRAME = 1514;
const work = workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, cpuNs: 1e6, sendBytes: 5000 });
const model = withCosts(
  host({
    switches: [{ name: 'Stage', kind: 'internal' }],
    children: [
      machine('web', on('Stage')),
      child('client', { nics: [on('Stage')], workload: work, sendsTo: 'web' }),
      child('old', { kind: 'legacy', nics: [on('Stage')] }),
    ],
  }),
  INSTANT,
);
const packets = new Packets(model);

/** What a machine child sends over the bridge to modelled ones, and the news of its port. Sums are audited each second. */
export const bridge: Surface = {
  samples: () => [
    [
      step(Step.Frame, packets.arp('web', 'client').data),
      step(Step.Frame, packets.ping('web', 'client').data),
      step(Step.Pass, Uint8Array.of(20)),
      step(Step.Frame, packets.ping('web', 'old', 1400).data),
      step(Step.Offloaded, packets.datagram('web', 'client', 1000).data),
    ],
    [
      step(Step.Stranger, packets.ping('web', 'client').data),
      step(Step.Station, Uint8Array.from([0, ...macBytes(packets.mac('web'))])),
      step(Step.Station, Uint8Array.from([1, ...macBytes(packets.mac('client'))])),
      step(Step.Frame, packets.ping('web', 'client').data),
      step(Step.Pass, Uint8Array.of(255)),
    ],
  ],

  attack(input) {
    const run = new BridgedRun(model);
    run.station('web');
    while (run.stations.length < 2) run.advance(20e9);
    for (const part of input) act(run, new InputReader(part));
    run.advance(2e9);
    for (const { frame } of run.taken()) {
      assert.ok([run.mac('client'), run.mac('old')].includes(frame.source), 'nobody sends in the name of others');
      assert.ok(frame.bytes <= LONGEST_FRAME || decodeIpv4(frame) !== null, 'what is long was as long when it came');
    }
    run.station('web');
    run.send(run.ping('web', 'client'));
    run.advance(1e9);
    assert.ok(
      run.taken().some(({ frame }) => decodeIpv4(frame)?.protocol === 1),
      'the modelled child still answers',
    );
  },
};

function act(run: BridgedRun, reader: InputReader): void {
  const kind = reader.byte() % 5;
  switch (kind) {
    case Step.Station: {
      const there = reader.byte() % 2 === 1;
      const bytes = reader.take(6);
      const mac = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
      const vlan = reader.byte();
      run.enter({ kind: 'station', station: { mac, vlan: vlan === 0 ? null : vlan }, there });
      break;
    }
    case Step.Pass:
      run.advance(reader.byte() * 1e6);
      break;
    default: {
      const data = reader.rest();
      if (data.length < SHORTEST_FRAME) break; // no switch carries it
      if (kind !== Step.Stranger) data.set(macBytes(run.mac('web')), 6);
      run.send(ethernetFrame(data, kind === Step.Offloaded ? { checksum: true, segmentBytes: data.length } : null));
    }
  }
}

function step(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([kind, ...bytes]);
}
