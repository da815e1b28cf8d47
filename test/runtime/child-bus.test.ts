import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guestVmbusVersion } from '../../src/model/catalog/vmbus-versions.js';
import { DriverMemory } from '../../src/runtime/child/driver-memory.js';
import { decodeHostMessage, encodeMessage, gpadlMessages } from '../../src/runtime/vmbus/guest-messages.js';
import { guidBytes, guidText } from '../../src/runtime/vmbus/host/guid.js';
import { decodeMessage, offerChannel } from '../../src/runtime/vmbus/host/messages.js';
import { child, disk, host, INSTANT, nic, run, withCosts, workload } from './hosts.js';

const busy = () =>
  workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, readBytes: 8192, writeBytes: 1000, sendBytes: 9000 });

/** What is said of VMBus in the log of a child with two disks and an adapter. */
function log(operatingSystem: string, release: string, parts: Parameters<typeof child>[1] = {}) {
  const only = child('a', {
    operatingSystem,
    disks: [disk('ide'), disk('scsi')],
    nics: [nic()],
    workload: busy(),
    ...parts,
  });
  const base = withCosts(host({ children: [only] }), INSTANT);
  const ran = run({ ...base, hypervisor: { ...base.hypervisor, release } }, { horizonNs: 5e9 });
  const events = ran.snapshots.flatMap((snapshot) => snapshot.events);
  const said = events.filter(({ category, partition }) => category === 'vmbus' && partition === 'a');
  return { ran, said: said.map(({ title, detail }) => (detail === undefined ? title : `${title}: ${detail}`)) };
}

describe('modelled guest on VMBus', () => {
  for (const [system, release, version] of [
    ['Windows Server 2008 R2', '2019', '1.1'],
    ['Windows Server 2008', '2012', '0.13'],
    ['Windows Server 2012', '2008R2', '1.1'],
    ['Debian 12', '2022', '5.3'],
    ['Windows Server 2025', '2025', '6.0'],
  ] as const) {
    it(`agrees on ${version}, with ${system} on ${release}, and works over its channels`, () => {
      const { ran, said } = log(system, release);
      assert.ok(said.includes(`VMBus version negotiated: ${version}`), said.join('\n'));
      assert.deepEqual(
        said.filter((line) => line.startsWith('channel open')),
        ['channel open: storage', 'channel open: storage', 'channel open: network'],
      );
      assert.ok(ran.result.total.partitions[1]!.work!.completed > 900);
      const [storage, network] = ran.result.total.channels;
      assert.ok(storage!.packetsPerSecond > 350 && network!.packetsPerSecond > 180);
    });
  }

  it('tells of itself, unless the service is off', () => {
    const { ran } = log('Debian 12', '2022');
    assert.deepEqual(ran.result.total.partitions[1]!.told, {
      FullyQualifiedDomainName: 'a',
      OSName: 'Debian 12',
      NetworkAddressIPv4: '192.168.201.10',
    });
    const off = log('Debian 12', '2022', { integrationServicesOff: ['Key-Value Pair Exchange'] });
    assert.equal(off.ran.result.total.partitions[1]!.told, undefined);
  });

  it('is charged for its messages and for those of its services', () => {
    const { ran } = log('Debian 12', '2022');
    const count = (id: string) => ran.result.costs.find((cost) => cost.id === id)?.count ?? 0;
    for (const id of ['vmbus-message-parent', 'vmbus-message-child']) assert.ok(count(id) > 20, `${id} ${count(id)}`);
    // Negotiations, key-value items, and every two seconds a heartbeat.
    for (const id of ['service-message-parent', 'service-message-child']) assert.ok(count(id) >= 10, id);
  });

  it('runs without its devices where it has too little memory for their rings', () => {
    const { ran, said } = log('Debian 12', '2022', { memory: { kind: 'static', startupBytes: 1 << 20 } });
    assert.equal(said.filter((line) => line.startsWith('channel open')).length, 0);
    assert.ok(ran.result.total.partitions[1]!.work!.completed > 900, 'its requests still compute');
  });

  it('knows no guest newer than its name says', () => {
    assert.equal(guestVmbusVersion('Windows Server 2008 R2'), '1.1');
    assert.equal(guestVmbusVersion('Plan 9'), '5.3');
  });
});

describe('messages of VMBus', () => {
  it('say the same to the host as the guest said', () => {
    const word = fc.nat(0xffffffff);
    const message = fc.oneof(
      fc.record({
        type: fc.constant('initiate contact' as const),
        version: word,
        interruptPage: fc.nat(2 ** 40),
        monitorPage: fc.nat(2 ** 40),
      }),
      fc.record({
        type: fc.constant('open channel' as const),
        relid: word,
        openId: word,
        gpadl: word,
        targetVp: word,
        downstreamPage: word,
      }),
      fc.record({ type: fc.constant('close channel' as const), relid: word }),
      fc.record({ type: fc.constant('gpadl teardown' as const), relid: word, gpadl: word }),
      fc.record({ type: fc.constant('relid released' as const), relid: word }),
      fc.record({ type: fc.constantFrom('request offers' as const, 'unload' as const) }),
    );
    fc.assert(fc.property(message, (said) => assert.deepEqual(decodeMessage(encodeMessage(said)), { ...said })));
  });

  it('share pages in messages of at most 240 bytes', () => {
    const messages = gpadlMessages(1, 7, 300, 100).map(encodeMessage);
    assert.equal(messages.length, 4);
    for (const { length } of messages) assert.ok(length <= 240);
  });

  it('offer channels with their ids and their place within the device', () => {
    for (const monitor of [null, 0, 77]) offersThrough(monitor);
  });

  function offersThrough(monitor: number | null): void {
    const offer = { relid: 3, connectionId: 0x10003, subChannel: 2, monitor };
    const ids = {
      interfaceId: 'ba6163d9-04a1-4d29-b605-72e2ffb1dc7f',
      instanceId: '00000002-0000-8899-0000-000000000001',
    };
    const decoded = decodeHostMessage(offerChannel({ ...offer, ...ids, messagePipe: false }));
    assert.deepEqual(decoded, { type: 'offer', offer: { ...offer, ...ids } });
    assert.equal(guidText(guidBytes(ids.interfaceId)), ids.interfaceId);
  }
});

describe('memory of a modelled guest', () => {
  it('keeps what drivers share, and nothing else', () => {
    const memory = new DriverMemory(() => 300);
    const first = memory.allocate(2) * 4096;
    memory.writeU32(first + 4092, 7);
    assert.equal(memory.view(first, 8192)?.[4092], 7);
    memory.writeU32(0, 7);
    assert.equal(memory.readU32(0), 0);
    assert.equal(memory.allocate(1000), -1);
    assert.throws(() => memory.read(300 * 4096 - 4, 8), /outside the partition/);
  });
});
