import { nodePacking } from '../../../src/cli/boot/node-packing.js';
import { crc32 } from '../../../src/machine-host/crc32.js';
import { readSnapshot, readSnapshotHeader, writeSnapshot } from '../../../src/machine-host/snapshot-file.js';
import { prepareV86State } from '../../../src/runtime/child/machine/v86-state.js';
import { SnapshotError } from '../../../src/runtime/child/snapshot/plain-state.js';
import { cathedral } from '../../model/cathedral.js';
import type { Input, Surface } from '../surface.js';

const MEMORY = 8 << 20;
const PAGE = 4096;
const FIXED_BYTES = 20;
const CHILD = {
  ...cathedral().children[0]!,
  name: 'lab',
  memory: { kind: 'static' as const, startupBytes: MEMORY },
  integrationServicesOff: [],
};
const STAMPS = CHILD.disks.map(() => 'stamp');

/** A snapshot file: whether its checksum is right, what is before the header, header, hypervisor's side, processor. */
export const snapshotFile: Surface = {
  async samples() {
    const [host, cpu] = [new TextEncoder().encode('{"version":1}'), processor()];
    const file = await writeSnapshot(CHILD, { host: { version: 1 }, cpu }, STAMPS, 0, nodePacking);
    const headerEnd = FIXED_BYTES + new DataView(file.buffer).getUint32(12, true);
    return [[Uint8Array.of(1), file.slice(0, FIXED_BYTES), file.slice(FIXED_BYTES, headerEnd), host, cpu]];
  },

  async attack(input) {
    const file = await assembled(input);
    try {
      readSnapshotHeader(file);
      const { cpu } = await readSnapshot(file, CHILD, nodePacking, null);
      prepareV86State(cpu, MEMORY);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
    }
  },
};

async function assembled([flags, fixed, header, ...body]: Input): Promise<Uint8Array<ArrayBuffer>> {
  const head = Buffer.concat([fixed ?? new Uint8Array(), header ?? new Uint8Array()]);
  if (flags?.[0] === 1 && head.length >= FIXED_BYTES && header !== undefined) {
    head.writeUInt32LE(header.length, 12);
    head.writeUInt32LE(crc32(header), 16);
  }
  return Uint8Array.from(Buffer.concat([head, await nodePacking.pack([...body])]));
}

/** A processor's state in the format of v86, with as much in it as is looked at: one page of memory, one PCI device. */
function processor(): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(MEMORY / PAGE / 8);
  bitmap[0] = 1;
  const buffers = [bitmap, new Uint8Array(PAGE), new Uint8Array(256)];
  const bytesBefore = (index: number) => Buffer.concat(buffers.slice(0, index)).length;
  const infos = buffers.map(({ length }, index) => ({ offset: bytesBefore(index), length }));
  const buffer = (id: number) => ({ __state_type__: 'Uint8Array', buffer_id: id });
  const state: unknown[] = new Array(90).fill(0);
  const pci: unknown[] = new Array(260).fill(0);
  pci[240] = buffer(2);
  state[0] = MEMORY;
  state[48] = pci;
  state[77] = buffer(1);
  state[78] = buffer(0);
  const json = Buffer.from(JSON.stringify({ buffer_infos: infos, state }));
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4);
  const bytes = Buffer.concat([Buffer.alloc(16), json, padding, ...buffers]);
  for (const [index, word] of [0x86768676, 6, bytes.length, json.length].entries())
    bytes.writeUInt32LE(word, index * 4);
  return Uint8Array.from(bytes);
}
