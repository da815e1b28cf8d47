import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Architecture, Child } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import { child, disk, host, INSTANT, nic, run, scenario, withCosts, workload } from './hosts.js';

const GB = 1024 ** 3;
const NAMES = ['a', 'b', 'c'];
const CHECKPOINTS = ['x', 'y'];

const name = fc.constantFrom(...NAMES);
const checkpoint = fc.constantFrom(...CHECKPOINTS);
const target = fc.oneof(
  { weight: 2, arbitrary: name.map((each) => ({ kind: 'child' as const, name: each })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'all' as const }) },
);
const verb = fc.constantFrom('start', 'stop', 'save', 'save', 'restore', 'pause', 'resume', 'turn-off', 'fail');
const action: fc.Arbitrary<ScenarioAction> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('life' as const), verb, target }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('checkpoint' as const),
      child: name,
      checkpoint,
      type: fc.constantFrom('standard' as const, 'production' as const, null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revert' as const), child: name, checkpoint }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete-checkpoint' as const), child: name, checkpoint }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('unplug' as const, 'plug-in'),
      child: name,
      device: fc.constantFrom('nic' as const, 'disk'),
      number: fc.integer({ min: 0, max: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('host' as const),
      verb: fc.constantFrom('shut-down' as const, 'restart'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: 'life' as const, verb: 'fail' as const, target: { kind: 'parent' as const } }),
  },
);

const machine = fc.record({
  kind: fc.constantFrom('enlightened' as const, 'enlightened' as const, 'legacy' as const, 'xen' as const),
  dynamic: fc.boolean(),
  stop: fc.constantFrom<Child['stop']>('shut-down', 'save', 'turn-off'),
  start: fc.constantFrom<Child['start']['action']>('always', 'if-running', 'never'),
  clients: fc.integer({ min: 1, max: 6 }),
  readBytes: fc.constantFrom(0, 4096, 200_000),
  writeBytes: fc.constantFrom(0, 4096, 200_000),
});

const world = fc.record({
  architecture: fc.constantFrom<Architecture>('hyper-v', 'hyper-v', 'hyper-v', 'esxi', 'xen', 'kvm', 'hosted'),
  release: fc.constantFrom('2008R2', '2012R2', '2022'),
  medium: fc.constantFrom('rotational' as const, 'nvme' as const),
  machines: fc.tuple(machine, machine, machine),
  steps: fc.array(fc.record({ action, gapNs: fc.integer({ min: 0, max: 2e9 }) }), { maxLength: 14 }),
  seed: fc.nat(),
});

const holdsTogether = fc.property(world, ({ architecture, release, medium, machines, steps, seed }) => {
  const children = machines.map(({ kind, dynamic, stop, start, clients, readBytes, writeBytes }, i) =>
    child(NAMES[i]!, {
      kind,
      stop,
      start: { action: start, delayNs: i * 1e8 },
      operatingSystem: 'Windows Server 2012 R2',
      memory: dynamic
        ? {
            kind: 'dynamic',
            startupBytes: GB / 4,
            minimumBytes: GB / 8,
            maximumBytes: GB,
            bufferPercent: 20,
            priority: 50,
          }
        : { kind: 'static', startupBytes: GB / 8 },
      disks: [
        { ...disk('ide'), bytes: 50e6 },
        { ...disk(kind === 'legacy' ? 'ide' : 'scsi', 1), bytes: 50e6 },
      ],
      nics: [nic(kind === 'legacy' ? 'legacy' : 'synthetic')],
      workload: workload({
        arrival: { kind: 'closed', clients, thinkNs: 3e6 },
        cpuDistribution: 'exponential',
        readBytes,
        writeBytes,
        memory: { workingSetBytes: GB / 3, perRequestBytes: 0 },
      }),
    }),
  );
  let atNs = 0;
  const played = steps.map(({ action: each, gapNs }) => {
    atNs += gapNs;
    return { atNs, action: each };
  });
  const begin = {
    atNs: 0,
    action: { kind: 'life' as const, verb: 'start' as const, target: { kind: 'all' as const } },
  };
  const base = host({ children, scenarios: [scenario({ steps: [begin, ...played] })] });
  const instant = { 'boot-firmware': 1e9, 'boot-root': 1e9, 'boot-metal': 1e9, 'boot-service': 1e8 };
  const model = withCosts(
    {
      ...base,
      hardware: { ...base.hardware, disks: [{ ...base.hardware.disks[0]!, medium, bytes: 1e12 }] },
      hypervisor: { ...base.hypervisor, architecture, release: architecture === 'hyper-v' ? release : null },
      parent: architecture === 'esxi' ? null : base.parent,
    },
    INSTANT,
    instant,
    { 'host-shutdown': 1e9, 'stop-limit': 5e9, 'guest-shutdown': 5e8 },
  );
  const once = (snapshotEveryNs: number) =>
    run(model, { scenario: 'S', horizonNs: atNs + 10e9, snapshotEveryNs, seed }).result;
  const first = once(1e9);
  assert.equal(first.traceHash, once(1e9).traceHash);
  const { partitions, memory } = first.total;
  const given = partitions
    .slice(architecture === 'esxi' ? 0 : 1)
    .filter(({ memory: { assignedBytes } }) => assignedBytes > 0);
  assert.equal(memory.childrenBytes > 0, given.length > 0);
  for (const [i, partition] of partitions.slice(architecture === 'esxi' ? 0 : 1).entries()) {
    assert.ok(partition.work!.waiting <= machines[i]!.clients, 'nobody asks twice');
  }
});

describe('random lives', () => {
  it('run to their end with every sum in order, and twice alike', () => {
    fc.assert(holdsTogether, { numRuns: Number(process.env['LIVES'] ?? 25), endOnFailure: true });
  });
});
