import assert from 'node:assert/strict';
import type { Architecture, Child, HostModel } from '../../src/model/host-model.js';
import { child, disk, host, type Ran, run } from './hosts.js';

const ARCHITECTURES: Architecture[] = ['hyper-v', 'esxi', 'xen', 'kvm', 'hosted'];

function hostOf(children: Child[], architecture: Architecture = 'hyper-v'): HostModel {
  const base = host({ children });
  return {
    ...base,
    hypervisor: { ...base.hypervisor, architecture, release: architecture === 'hyper-v' ? '2012R2' : null },
    parent: architecture === 'esxi' ? null : base.parent,
  };
}

/** When the guests of these children are up, in seconds after the host was ready. */
function bootedAfter(model: HostModel): { ran: Ran; seconds: number[] } {
  const ran = run(model, { horizonNs: 200e9 });
  const events = ran.snapshots.flatMap(({ events: some }) => some);
  const started = events.filter(({ title }) => title === 'guest operating system started');
  return { ran, seconds: started.map(({ timeNs }) => (timeNs - ran.result.readyNs) / 1e9) };
}

const count = ({ result }: Ran, id: string) => result.costs.find((cost) => cost.id === id)?.count ?? 0;
const readBytes = ({ result, snapshots }: Ran) =>
  (result.total.disks[0]!.readBytesPerSecond * (snapshots.at(-1)!.timeNs - result.readyNs)) / 1e9;
const two = { processors: { count: 2, reservePercent: 0, limitPercent: 100, weight: 100 } };

describe('a guest that boots', () => {
  for (const architecture of ARCHITECTURES) {
    it(`reads its disk and comes up on ${architecture}, before its other processors run`, () => {
      const kinds =
        architecture === 'hyper-v' ? (['enlightened', 'legacy', 'xen'] as const) : (['enlightened', 'legacy'] as const);
      const children = kinds.map((kind) => child(kind, { kind, ...two, disks: [disk('ide')] }));
      const { seconds, ran } = bootedAfter(hostOf(children, architecture));
      assert.equal(seconds.length, kinds.length);
      assert.ok(Math.abs(readBytes(ran) / (kinds.length * 272 * 1024 ** 2) - 1) < 1e-6);
    });
  }

  it('loads from emulated IDE on generation 1 until its drivers are there, and never on generation 2', () => {
    const { ran: first } = bootedAfter(hostOf([child('a', { disks: [disk('ide')] })]));
    const { ran: second } = bootedAfter(hostOf([child('a', { generation: 2, disks: [disk()] })]));
    assert.equal(count(first, 'emulated-access'), 16 * 16 * 13);
    assert.equal(count(second, 'emulated-access'), 0);
    assert.equal(count(first, 'vsc-storage-request'), 2048);
    assert.equal(count(second, 'vsc-storage-request'), 2048 + 256);
  });

  it('takes longer among many: they share the disk', () => {
    const rotational = (model: HostModel): HostModel => ({
      ...model,
      hardware: { ...model.hardware, disks: [{ ...model.hardware.disks[0]!, bytes: 140e9, medium: 'rotational' }] },
    });
    const machine = (i: number) => child(`c${i}`, { disks: [{ ...disk('ide'), bytes: 10e9 }] });
    const { seconds: alone } = bootedAfter(rotational(hostOf([machine(0)])));
    const { seconds: storm } = bootedAfter(rotational(hostOf([0, 1, 2, 3, 4].map(machine))));
    assert.ok(storm.at(-1)! > 2.5 * alone[0]!, `${storm.at(-1)} s against ${alone[0]} s`);
  });

  it('needs no disk to boot', () => {
    assert.equal(bootedAfter(hostOf([child('a')])).seconds.length, 1);
  });
});
