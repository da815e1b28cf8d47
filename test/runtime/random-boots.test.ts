import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Architecture, Child } from '../../src/model/host-model.js';
import { child, disk, host, INSTANT, nic, run, scenario, withCosts, workload } from './hosts.js';

const MB = 1024 ** 2;

const machine = fc.record({
  kind: fc.constantFrom<Child['kind']>('enlightened', 'enlightened', 'legacy', 'xen'),
  generation: fc.constantFrom(1 as const, 2 as const),
  operatingSystem: fc.constantFrom('Windows Server 2008', 'Windows Server 2012 R2', 'Debian 12'),
  count: fc.integer({ min: 1, max: 3 }),
  disks: fc.array(fc.constantFrom('ide' as const, 'scsi' as const), { maxLength: 3 }),
  nics: fc.integer({ min: 0, max: 2 }),
  dynamic: fc.boolean(),
  needs: fc.integer({ min: 1, max: 3000 }),
});

const step = fc.record({
  verb: fc.constantFrom('start', 'pause', 'resume', 'stop', 'turn-off', 'fail'),
  waitNs: fc.integer({ min: 1, max: 700_000_000 }),
});

const world = fc.record({
  architecture: fc.constantFrom<Architecture>('hyper-v', 'hyper-v', 'hyper-v', 'esxi', 'xen', 'kvm', 'hosted'),
  release: fc.constantFrom('2008R2', '2012R2', '2022'),
  machines: fc.array(machine, { minLength: 1, maxLength: 4 }),
  life: fc.array(step, { maxLength: 8 }),
  /** Below what some children start with. */
  memoryMB: fc.integer({ min: 2500, max: 8000 }),
  seed: fc.nat(),
});

/** A boot that takes some hundred milliseconds, so that life happens in the middle of it. */
const BRIEF = {
  ...INSTANT,
  'guest-firmware': 50e6,
  'guest-boot': 300e6,
  'guest-loader-bytes': 2 * MB,
  'guest-boot-bytes': 8 * MB,
  'guest-shutdown': 100e6,
  'balancer-period': 200e6,
  'memory-status': 100e6,
};

const outlives = fc.property(world, ({ architecture, release, machines, life, memoryMB, seed }) => {
  const children = machines.map(({ kind, generation, operatingSystem, count, disks, nics, dynamic, needs }, i) => {
    const startupBytes = 512 * MB;
    const bounds = { minimumBytes: 64 * MB, maximumBytes: 4096 * MB, bufferPercent: 20, priority: 50 };
    return child(`c${i}`, {
      kind,
      generation,
      operatingSystem,
      processors: { count, reservePercent: 0, limitPercent: 100, weight: 100 },
      memory: dynamic ? { kind: 'dynamic', startupBytes, ...bounds } : { kind: 'static', startupBytes },
      disks: disks.map((controller, slot) => disk(controller, slot)),
      nics: Array.from({ length: nics }, () => nic(kind === 'legacy' ? 'legacy' : 'synthetic')),
      workload: workload({
        readBytes: 20_000,
        writeBytes: 600_000,
        sendBytes: 9000,
        memory: { workingSetBytes: needs * MB, perRequestBytes: MB },
      }),
    });
  });
  let atNs = 0;
  const steps = life.map(({ verb, waitNs }) => {
    atNs += waitNs;
    return { atNs, action: { kind: 'life' as const, verb: verb as 'start', target: { kind: 'all' as const } } };
  });
  const base = withCosts(host({ children, scenarios: [scenario({ steps })] }), BRIEF);
  const hyperV = architecture === 'hyper-v';
  const model = {
    ...base,
    hardware: { ...base.hardware, memory: { ...base.hardware.memory, bytes: memoryMB * MB } },
    hypervisor: { ...base.hypervisor, architecture, release: hyperV ? release : null },
    parent: architecture === 'esxi' ? null : base.parent,
  };
  const once = (snapshotEveryNs: number) =>
    run(model, { scenario: 'S', horizonNs: 3e9, snapshotEveryNs, seed }).result.traceHash;
  assert.equal(once(97e6), once(331e6));
});

describe('random boots', () => {
  it('end as they may, with every sum in order, and twice alike', () => {
    fc.assert(outlives, { numRuns: 20, endOnFailure: true });
  });
});
