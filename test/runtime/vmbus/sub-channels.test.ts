import assert from 'node:assert/strict';
import type { Child } from '../../../src/model/host-model.js';
import { channelSpread } from '../../../src/runtime/parent/channel-plan.js';
import type { VmbusDevice } from '../../../src/runtime/vmbus/host/device.js';
import type { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import { child, disk, host, INSTANT, nic, partitionOf, run, withCosts, withLps, workload } from '../hosts.js';
import { FakeGuest, words } from '../machine/fake-guest.js';

/** A device that has as many channels as its guest opens. */
class Several implements VmbusDevice {
  readonly title = 'several';
  readonly interfaceId = '11111111-2222-3333-4455-66778899aabb';
  readonly instanceId = 'aaaaaaaa-bbbb-cccc-ddee-ff0011223344';
  readonly messagePipe = false;
  readonly channels: HostChannel[] = [];
  readonly closed: number[] = [];

  open(channel: HostChannel, subChannel: number) {
    this.channels[subChannel] = channel;
    return { signalled: () => {}, closed: () => this.closed.push(subChannel) };
  }
}

function connected(device: VmbusDevice): FakeGuest {
  const guest = new FakeGuest();
  guest.server.offer(device);
  guest.connect();
  guest.open(1);
  guest.messages();
  return guest;
}

/** Of the offers among what the host says: the number of the channel, and its place among those of the device. */
const offered = (guest: FakeGuest) =>
  guest
    .messages()
    .filter((message) => message.getUint32(0, true) === 1)
    .map((message) => [message.getUint32(184, true), message.getUint16(180, true)]);

describe('sub-channels: the host', () => {
  it('offers them under numbers of their own, and none twice', () => {
    const device = new Several();
    const guest = connected(device);
    device.channels[0]!.offerSubChannels(2);
    assert.deepEqual(offered(guest), [
      [2, 1],
      [3, 2],
    ]);
    device.channels[0]!.offerSubChannels(3);
    assert.deepEqual(offered(guest), [[4, 3]]);
    guest.open(3);
    assert.equal(device.channels[2]?.isOpen, true);
  });

  it('takes them back with the channel of the device', () => {
    const device = new Several();
    const guest = connected(device);
    device.channels[0]!.offerSubChannels(2);
    guest.messages();
    guest.open(2);
    guest.messages();
    guest.post(words(7, 0, 1));
    const rescinded = guest.messages().map((message) => [message.getUint32(0, true), message.getUint32(8, true)]);
    assert.deepEqual(rescinded, [
      [2, 2],
      [2, 3],
    ]);
    assert.deepEqual(device.closed, [0, 1]);
  });

  it('forgets them when the guest contacts it anew', () => {
    const device = new Several();
    const guest = connected(device);
    device.channels[0]!.offerSubChannels(2);
    guest.messages();
    guest.open(3);
    assert.equal(guest.connect().length, 1);
    assert.deepEqual(device.closed.sort(), [0, 2]);
  });

  it('offers what there is room for when a device may have more than a partition can', () => {
    const device = new Several();
    const guest = connected(device);
    device.channels[0]!.offerSubChannels(1e6);
    assert.equal(device.channels[0]!.isOpen, true);
    assert.throws(() => guest.server.offer(new Several()), RangeError);
  });

  it('loses one that its guest breaks, and nothing else', () => {
    const device = new Several();
    const guest = connected(device);
    device.channels[0]!.offerSubChannels(1);
    guest.messages();
    guest.open(2);
    device.channels[1]!.fail('nonsense');
    assert.deepEqual([device.closed, device.channels[0]!.isOpen], [[1], true]);
  });
});

describe('sub-channels: which VP speaks over which', () => {
  it('gives every channel the VP it interrupts, and every VP a channel', () => {
    for (let vps = 1; vps <= 16; vps++) {
      for (let channels = 1; channels <= vps; channels++) {
        for (const first of [0, vps - 1]) {
          const plan = channelSpread(vps, first, channels - 1, channels - 1);
          assert.deepEqual(
            plan.vps.map((vp) => plan.channelOf[vp]),
            Array.from({ length: channels }, (_, i) => i),
          );
          assert.equal(plan.channelOf.length, vps);
        }
      }
    }
  });
});

/** Four clients that never rest, on a host whose VSPs are what takes longest. */
function loaded(parts: Partial<Child>, release: string, costs: Record<string, number>) {
  const only = child('a', {
    operatingSystem: 'Windows Server 2022',
    processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100 },
    ...parts,
  });
  const base = withLps(withCosts(host({ children: [only] }), INSTANT, costs), 12);
  const hardware = {
    ...base.hardware,
    disks: [{ ...base.hardware.disks[0]!, medium: 'nvme' as const }],
    nics: [{ ...base.hardware.nics[0]!, bitsPerSecond: 100e9 }],
  };
  const model = { ...base, hardware, hypervisor: { ...base.hypervisor, release } };
  const ran = run(model, { horizonNs: 3e9 });
  const open = ran.snapshots
    .flatMap(({ events }) => events)
    .filter(({ title }) => title.startsWith('channel open'))
    .map(({ title, detail }) => (detail === undefined ? title : `${title}: ${detail}`));
  return { open, done: partitionOf(ran.result, 'a').work!.completed, hash: ran.result.traceHash };
}

const clients = { kind: 'closed', clients: 16, thinkNs: 0 } as const;
const sends = { nics: [nic()], workload: workload({ arrival: clients, cpuNs: 1000, sendBytes: 1000 }) };
const reads = { disks: [disk()], workload: workload({ arrival: clients, cpuNs: 1000, readBytes: 4096 }) };
const one: Partial<Child> = { processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 } };
const slowVsp = { 'vsp-network-send': 40_000, 'vsp-storage-request': 40_000 };

describe('sub-channels: modelled children', () => {
  it('lets four VPs send faster over four channels than over one', () => {
    const several = loaded(sends, '2022', slowVsp);
    const single = loaded(sends, '2022', { ...slowVsp, 'network-channels': 1 });
    assert.deepEqual([several.open, single.open], [['channel open: network: 4 channels'], ['channel open: network']]);
    assert.ok(several.done > 2 * single.done, `${several.done} against ${single.done}`);
  });

  it('lets four VPs read faster over four channels than over one', () => {
    const several = loaded(reads, '2022', { ...slowVsp, 'storage-vps-per-channel': 1 });
    const single = loaded(reads, '2022', slowVsp);
    assert.deepEqual([several.open, single.open], [['channel open: storage: 4 channels'], ['channel open: storage']]);
    assert.ok(several.done > 2 * single.done, `${several.done} against ${single.done}`);
  });

  it('has none before the release, or the guest, that knows them', () => {
    const wish = { 'storage-vps-per-channel': 1 };
    assert.deepEqual(loaded(sends, '2012', wish).open, ['channel open: network']);
    assert.deepEqual(loaded(reads, '2008R2', wish).open, ['channel open: storage']);
    assert.deepEqual(loaded(reads, '2012', wish).open, ['channel open: storage: 4 channels']);
    const old = { operatingSystem: 'Windows Server 2008 R2' };
    assert.deepEqual(loaded({ ...reads, ...old }, '2022', wish).open, ['channel open: storage']);
  });

  it('come up for a guest whose adapter interrupts a VP that does not run while it boots', () => {
    const { open } = loaded({ ...sends, disks: [disk()] }, '2022', {});
    assert.deepEqual(open, ['channel open: storage', 'channel open: network: 4 channels']);
  });

  it('has none for a guest with one VP, whose traces stay what they are', () => {
    const few = loaded({ ...sends, ...one }, '2022', { 'network-channels': 1 });
    const many = loaded({ ...sends, ...one }, '2022', { 'network-channels': 8 });
    assert.equal(few.hash, many.hash);
  });
});
