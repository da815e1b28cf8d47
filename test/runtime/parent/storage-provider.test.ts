import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildHost } from '../../../src/runtime/build-host.js';
import { DriverMemory } from '../../../src/runtime/child/driver-memory.js';
import { encodeStorageCommand } from '../../../src/runtime/child/storage-protocol.js';
import { type FileUnit, StorageProvider } from '../../../src/runtime/parent/storage-provider.js';
import { StorageController } from '../../../src/runtime/parent/vsp/storage/storage-controller.js';
import { ScsiStatus, SrbStatus } from '../../../src/runtime/parent/vsp/storage/vstor.js';
import { RunCommons } from '../../../src/runtime/run-commons.js';
import { HostChannel } from '../../../src/runtime/vmbus/host/host-channel.js';
import { RingBuffer } from '../../../src/runtime/vmbus/ring-buffer.js';
import { RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
import { ContiguousBytes } from '../../../src/runtime/vmbus/shared-bytes.js';
import { noTraffic } from '../../../src/runtime/vmbus/traffic.js';
import { host } from '../hosts.js';

const RING_BYTES = 2 * 4096;
const GUEST_PAGES = 50;

/** A storage VSP on a running host, with the child's side of its channel in the hands of the test. */
function provider() {
  const built = buildHost(
    host(),
    { commons: new RunCommons(), peer: null, seed: 1, trace: false, visitors: [] },
    { answered: () => {}, failed: () => {}, stateChanged: () => {} },
  );
  built.installScheduler();
  const { parts } = built;
  parts.timers.seal();
  parts.root.launch();
  const cost = (id: Parameters<typeof parts.costs.get>[0]) => parts.costs.get(id);
  const memory = { up: new Uint8Array(RING_BYTES), down: new Uint8Array(RING_BYTES) };
  const ring = (bytes: Uint8Array) => new RingBuffer(new ContiguousBytes(bytes));
  const broken: string[] = [];
  const guestMemory = new DriverMemory(() => GUEST_PAGES);
  const channel = new HostChannel(guestMemory, ring(memory.up), ring(memory.down), {
    interrupt: () => {},
    broken: (reason) => broken.push(reason),
    pages: () => null,
    offerSubChannels: () => {},
  });
  const file = { disk: parts.disks.get('raid0')!, position: 0, bytes: 1_000_448 };
  const vsp = new StorageProvider(
    new StorageController<FileUnit>(
      [{ lun: 0, serial: 's', bytes: file.bytes, sectorBytes: 512, file, layers: [] }],
      0,
    ),
    () => {},
    'VSP',
    channel,
    parts.root,
    {
      request: cost('vsp-storage-request'),
      completion: cost('vsp-storage-completion'),
      signal: cost('hypercall'),
      perRequest: [],
      copy: null,
      batch: 4,
    },
    noTraffic(),
  );
  const signal = () => {
    vsp.signalled();
    for (let n = 0; n < 10_000 && parts.timers.nextNs() < Number.POSITIVE_INFINITY; n++) parts.timers.step();
  };
  return { memory, outgoing: ring(memory.up), incoming: ring(memory.down), broken, signal, disk: file.disk, vsp };
}

function read(ring: RingBuffer, lun: number, sector: number, firstPage: number, transaction = 1): void {
  const packet = new RingPacket(4096);
  encodeStorageCommand(packet, { lun, write: false, sector, bytes: 4096, firstPage });
  packet.transaction = transaction;
  ring.write(packet);
}

/** Transaction, SRB status and SCSI status of every answer. */
function answers(ring: RingBuffer): number[][] {
  const packet = new RingPacket();
  const seen: number[][] = [];
  while (ring.read(packet) === 'packet') seen.push([packet.transaction, packet.body[14]!, packet.body[15]!]);
  return seen.sort(([a], [b]) => a! - b!);
}

describe('storage VSP of a modelled child', () => {
  it('serves what is right and refuses what is not, packet by packet, with the codes of SCSI', () => {
    const { outgoing, incoming, signal, disk, vsp } = provider();
    read(outgoing, 0, 0, 0, 1);
    read(outgoing, 1, 0, 0, 2);
    read(outgoing, 0, 1e9, 0, 3);
    read(outgoing, 0, 8, 49, 4);
    signal();
    const { Success, Error: failed, InvalidLun, SenseValid } = SrbStatus;
    assert.deepEqual(answers(incoming), [
      [1, Success, ScsiStatus.Good],
      [2, InvalidLun, ScsiStatus.Good],
      [3, failed | SenseValid, ScsiStatus.CheckCondition],
      [4, Success, ScsiStatus.Good],
    ]);
    assert.equal(disk.completed, 2);
    assert.deepEqual([vsp.taken, vsp.answered], [4, 4]);
  });

  it('closes a channel that names memory the child does not have', () => {
    const { outgoing, signal, broken, disk } = provider();
    read(outgoing, 0, 0, GUEST_PAGES);
    signal();
    assert.deepEqual(broken, ['a storage request names memory that is not there']);
    assert.equal(disk.submitted, 0);
  });

  it('closes a channel whose indices make no sense', () => {
    const { memory, signal, broken, disk } = provider();
    new DataView(memory.up.buffer).setUint32(0, 0xfffffff8, true);
    signal();
    assert.match(broken[0]!, /indices/);
    assert.equal(disk.submitted, 0);
  });

  it('survives any bytes a child puts into its rings', () => {
    const anywhere = fc.array(fc.tuple(fc.nat(RING_BYTES - 1), fc.nat(255)), { maxLength: 50 });
    fc.assert(
      fc.property(anywhere, anywhere, (pokes, more) => {
        const { memory, outgoing, signal } = provider();
        read(outgoing, 0, 0, 0);
        for (const [at, value] of pokes) memory.up[at % (at % 3 === 0 ? 16 : RING_BYTES)] = value;
        signal();
        for (const [at, value] of more) memory[at % 2 === 0 ? 'up' : 'down'][at] = value;
        signal();
      }),
      { numRuns: 300 },
    );
  });
});
