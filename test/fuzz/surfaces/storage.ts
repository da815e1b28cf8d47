import assert from 'node:assert/strict';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { FakeGuest, words } from '../../runtime/machine/fake-guest.js';
import { AtOnceStore, MemoryStore } from '../../runtime/machine/memory-store.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

const DISK_BYTES = 64 * 1024;
const IN_BAND = 6;
const GPA_DIRECT = 9;
const BUFFER_PAGE = 200;
const LARGEST_RANGES = 16 * 1024;

/** Storage packets: type, bytes of ranges, ranges, payload. */
export const storage: Surface = {
  samples: () => [
    [packet(IN_BAND, [], vstor(7)), packet(IN_BAND, [], vstor(9, 0x0602)), packet(IN_BAND, [], vstor(10))],
    [
      request([0x2a, 0, 0, 0, 0, 8, 0, 0, 16, 0], 8192),
      request([0x28, 0, 0, 0, 0, 8, 0, 0, 16, 0], 8192),
      request([0x88, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 16], 8192),
      request([0x0a, 0, 0, 8, 4, 0], 2048),
    ],
    [
      request([0x12, 0, 0, 0, 36, 0], 36),
      request([0x12, 1, 0x83, 0, 255, 0], 255),
      request([0x25], 8),
      request([0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32], 32),
      request([0x1a, 0, 8, 0, 24], 24),
      request([0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0], 256),
    ],
    [request([0x35], 0), request([0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], 24), request([0x42], 4096)],
  ],

  async attack(input) {
    const store = new AtOnceStore(DISK_BYTES);
    const failures: unknown[] = [];
    const vsp = new StorageVsp(
      '00000000-0001-8899-0000-000000000000',
      [
        { lun: 0, serial: 'HVHOST-0', store },
        { lun: 1, serial: 'HVHOST-1', store: new MemoryStore(DISK_BYTES) },
      ],
      (_, error) => failures.push(error),
    );
    const guest = new FakeGuest();
    for (const device of [vsp, new Echo()]) guest.server.offer(device);
    guest.connect();
    const [channel, other] = [guest.open(1, 8), guest.open(2)];
    guest.cpu.memory.write(BUFFER_PAGE * 4096, unmapList());
    // A guest may have its disk write into any of its own pages, and so into the rings of its other channels.
    const restore = keepPages(guest, [...other.outPages, ...other.inPages]);
    for (const part of input) {
      const reader = new InputReader(part);
      const type = reader.byte();
      const rangeBytes = reader.word() % LARGEST_RANGES;
      channel.offer(type, reader.take(rangeBytes - (rangeBytes % 8)), reader.rest());
      await vsp.drain();
      while (channel.receive() !== null);
    }
    assert.deepEqual(failures, [], 'no request reaches a disk outside of its bounds');
    assert.ok(guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    restore();
    assertGoesOn(other);
  },
};

/** Puts the pages back as they are now. */
function keepPages({ cpu }: FakeGuest, pages: readonly number[]): () => void {
  const kept = pages.map((page) => cpu.memory.read(page * 4096, 4096).slice());
  return () => {
    for (const [index, page] of pages.entries()) cpu.memory.write(page * 4096, kept[index]!);
  };
}

/** One range of UNMAP, of eight sectors. */
function unmapList(): Uint8Array {
  const list = new Uint8Array(24);
  list.set([0, 22, 0, 16]);
  list.set([0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 8], 8);
  return list;
}

function vstor(operation: number, field = 0): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(words(operation, 0, 0, field));
  return bytes;
}

/** EXECUTE_SRB with a buffer of that length in guest memory. */
function request(command: number[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = vstor(3);
  bytes.set([52, 0, 0, 0, 0, 0, 0, 0, command.length, 20, 1, 0], 12);
  bytes.set(words(length), 24);
  bytes.set(command, 28);
  const pages = Math.ceil(length / 4096);
  const frames = Array.from({ length: pages }, (_, index) => [BUFFER_PAGE + index, 0]).flat();
  return packet(GPA_DIRECT, [0, 1, length, 0, ...frames], bytes);
}

function packet(type: number, ranges: number[], payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([type, ...words(ranges.length * 4), ...words(...ranges), ...payload]);
}
