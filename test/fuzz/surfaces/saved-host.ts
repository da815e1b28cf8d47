import assert from 'node:assert/strict';
import { GpaOutOfRange } from '../../../src/runtime/child/cpu-port.js';
import type { MachineDevice } from '../../../src/runtime/child/machine/machine-child.js';
import { type PlainState, SnapshotError, StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { Backup } from '../../../src/runtime/parent/vsp/integration/backup.js';
import { Heartbeat } from '../../../src/runtime/parent/vsp/integration/heartbeat.js';
import { KeyValueExchange } from '../../../src/runtime/parent/vsp/integration/key-value-exchange.js';
import { TimeSync } from '../../../src/runtime/parent/vsp/integration/time-sync.js';
import { MemoryVsp } from '../../../src/runtime/parent/vsp/memory/memory-vsp.js';
import { StorageVsp } from '../../../src/runtime/parent/vsp/storage/storage-vsp.js';
import { FakeGuest } from '../../runtime/machine/fake-guest.js';
import { MemoryStore } from '../../runtime/machine/memory-store.js';
import { NetworkGuest } from '../../runtime/machine/network-guest.js';
import type { Surface } from '../surface.js';

const SECOND = 1e9;
const FIRST_CONNECTION = 0x10000;

/** The hypervisor's side of a saved machine: each part is one value, as `place/of/it JSON`. */
export const savedHost: Surface = {
  samples: () => [[...leaves(savedMachine().state)].map((line) => Uint8Array.from(Buffer.from(line)))],

  async attack(input) {
    const { network } = savedMachine();
    const after = new FakeGuest();
    const devices: MachineDevice[] = [network.another(), ...others(after)];
    for (const device of devices) after.server.offer(device);
    const { memory } = network.guest.cpu;
    after.cpu.memory.write(0, memory.read(0, memory.bytes));
    const state = new StateReader(built(input.map((part) => Buffer.from(part).toString())));
    try {
      after.hypervisor.restore(state.at('tlfs'));
      after.server.restore(state.at('vmbus'));
    } catch (error) {
      if (!(error instanceof SnapshotError || error instanceof GpaOutOfRange)) throw error;
      return;
    }
    for (let round = 0; round < 3; round++) {
      after.clock.timeNs += 20 * SECOND;
      after.hypervisor.expireTimers();
      for (let relid = 1; relid <= devices.length; relid++) after.server.signalEvent(FIRST_CONNECTION + relid, 0);
      for (const device of devices) {
        device.tick?.(after.clock.timeNs);
        await device.drain?.();
      }
    }
    after.messages();
    after.server.save();
    assert.ok(after.cpu.guardsIntact(), 'nothing outside of guest memory was written');
  },
};

/** A machine in the middle of its work. */
function savedMachine() {
  const network = new NetworkGuest();
  network.bringUp({ offloads: true });
  const { guest } = network;
  for (const device of others(guest)) guest.server.offer(device);
  guest.messages();
  for (let relid = 2; relid <= 7; relid++) guest.open(relid, 8);
  const state = { tlfs: guest.hypervisor.save(), vmbus: guest.server.save() };
  return { network, state: JSON.parse(JSON.stringify(state)) as PlainState };
}

function others(guest: FakeGuest): MachineDevice[] {
  const disk = { lun: 0, serial: 'S', store: new MemoryStore(4096) };
  return [
    new StorageVsp('00000000-0001-8899-0000-000000000000', [disk], () => {}),
    new Heartbeat(),
    new TimeSync(guest.clock, () => guest.hypervisor.referenceTime()),
    new KeyValueExchange(() => {}),
    new Backup(() => {}),
    new MemoryVsp(guest.cpu.memory.bytes / 4096, () => {}),
  ];
}

/** Every value with its place; of an empty list or object, the place alone. */
function* leaves(value: PlainState, place = ''): Generator<string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) yield `${place} ${JSON.stringify(value)}`;
  for (const [name, inner] of entries) yield* leaves(inner, place === '' ? name : `${place}/${name}`);
}

type Container = PlainState[] | { [name: string]: PlainState };

function built(lines: readonly string[]): PlainState {
  const root: Container = {};
  for (const line of lines) {
    const [path = '', ...json] = line.split(' ');
    const names = path.split('/');
    let at: Container = root;
    for (const [depth, name] of names.entries()) {
      if (depth === names.length - 1) put(at, name, parsed(json.join(' ')));
      else at = containerAt(at, name, /^\d+$/.test(names[depth + 1]!) ? [] : {});
    }
  }
  return root;
}

function containerAt(at: Container, name: string, fresh: Container): Container {
  const found = get(at, name);
  if (typeof found === 'object' && found !== null) return found;
  put(at, name, fresh);
  return fresh;
}

function get(at: Container, name: string): PlainState | undefined {
  if (Array.isArray(at)) return at[Number(name)];
  return Object.hasOwn(at, name) ? at[name] : undefined;
}

function put(at: Container, name: string, value: PlainState): void {
  if (!Array.isArray(at))
    Object.defineProperty(at, name, { value, configurable: true, enumerable: true, writable: true });
  else if (Number(name) <= at.length) at[Number(name)] = value;
}

function parsed(json: string): PlainState {
  try {
    return JSON.parse(json) as PlainState;
  } catch {
    return json;
  }
}
