import assert from 'node:assert/strict';
import { HostMemory } from '../../src/machine-host/host-memory.js';
import type { Child, HostModel } from '../../src/model/host-model.js';
import { cathedral } from '../model/cathedral.js';

const MB = 2 ** 20;
const PAGES_PER_MB = MB / 4096;

function machine(name: string, memory: Child['memory']): Child {
  return { ...cathedral().children[0]!, name, kind: 'machine', memory };
}

function dynamic(priority = 50): Child['memory'] {
  const [startupBytes, minimumBytes, maximumBytes] = [512 * MB, 64 * MB, 2048 * MB];
  return { kind: 'dynamic', startupBytes, minimumBytes, maximumBytes, bufferPercent: 20, priority };
}

/** A host with so much memory for its children, without what each costs besides its own. */
function hostOf(freeBytes: number): HostModel {
  const host = cathedral();
  const reserved = host.parent?.reserve.memoryBytes ?? 0;
  const memory = { ...host.hardware.memory, bytes: reserved + freeBytes };
  return { ...host, hypervisor: { ...host.hypervisor, release: '2022' }, hardware: { ...host.hardware, memory } };
}

function seated(host: HostModel, ...children: Child[]) {
  let nowNs = 0;
  const memory = new HostMemory(host, () => nowNs);
  const assigned: (number | null)[] = children.map(() => null);
  const seats = children.map((child, at) =>
    memory.join(child, (pages) => {
      assigned[at] = pages / PAGES_PER_MB;
    }),
  );
  const hear = (at: number, assignedMb: number, demandMb: number) => {
    nowNs += 1e9;
    seats[at]!.hear({ assignedPages: assignedMb * PAGES_PER_MB, demandPages: demandMb * PAGES_PER_MB });
  };
  return { assigned, hear };
}

describe('the memory of a host with machine children', () => {
  it('follows the demand and the buffer, within the bounds, never above the startup memory', () => {
    const { assigned, hear } = seated(hostOf(8192 * MB), machine('a', dynamic()));
    hear(0, 512, 100);
    assert.equal(assigned[0], 120);
    hear(0, 120, 10);
    assert.equal(assigned[0], 64);
    hear(0, 64, 5000);
    assert.equal(assigned[0], 512);
  });

  it('leaves small differences and static children alone', () => {
    const { assigned, hear } = seated(
      hostOf(8192 * MB),
      machine('a', dynamic()),
      machine('b', { kind: 'static', startupBytes: 512 * MB }),
    );
    hear(0, 122, 100);
    hear(1, 512, 10);
    assert.deepEqual(assigned, [null, null]);
  });

  it('gives the higher priority more of what is short', () => {
    const { assigned, hear } = seated(hostOf(600 * MB), machine('a', dynamic(90)), machine('b', dynamic(10)));
    hear(0, 200, 400);
    hear(1, 200, 400);
    hear(0, 200, 400);
    assert.ok(assigned[0]! > assigned[1]!, `${assigned}`);
    assert.ok(assigned[0]! > 200);
  });

  it('asks nothing of a child on a release without dynamic memory', () => {
    const host = hostOf(8192 * MB);
    const old = { ...host, hypervisor: { ...host.hypervisor, release: '2008R2' } } as HostModel;
    const { assigned, hear } = seated(old, machine('a', dynamic()));
    hear(0, 512, 100);
    assert.equal(assigned[0], null);
  });
});
