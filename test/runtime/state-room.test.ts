import assert from 'node:assert/strict';
import type { Child } from '../../src/model/host-model.js';
import type { LifeVerb, ScenarioAction } from '../../src/model/scenario.js';
import { child, disk, host, INSTANT, partitionOf, type Ran, run, scenario, withCosts } from './hosts.js';

const GB = 1024 ** 3;
/** What the disk has beside the fixed disks of the children. */
const LEFT = 3 * GB;
const life = (verb: LifeVerb, name: string): ScenarioAction => ({
  kind: 'life',
  verb,
  target: { kind: 'child', name },
});
const checkpoint = (name: string): ScenarioAction => ({
  kind: 'checkpoint',
  child: 'a',
  checkpoint: name,
  type: 'standard',
});

interface Small {
  children?: Record<string, Partial<Child>>;
  release?: string;
  steps?: [seconds: number, action: ScenarioAction][];
}

/** Children of 2 GB with a small disk each, on a disk with room for the memory of one. */
function small({ children = { a: {}, b: {} }, release = '2022', steps = [] }: Small): Ran {
  const made = Object.entries(children).map(([name, parts]) =>
    child(name, {
      generation: 2,
      memory: { kind: 'static', startupBytes: 2 * GB },
      disks: [{ ...disk(), file: `${name}.vhdx`, format: 'vhdx', bytes: GB }],
      ...parts,
    }),
  );
  const started = made.map(({ name }): [number, ScenarioAction] => [0, life('start', name)]);
  const played = [...started, ...steps].map(([at, action]) => ({ atNs: at * 1e9, action }));
  const base = host({ children: made, scenarios: [scenario({ steps: played })] });
  const disks = [{ ...base.hardware.disks[0]!, bytes: made.length * GB + LEFT }];
  const model = { ...base, hardware: { ...base.hardware, disks }, hypervisor: { ...base.hypervisor, release } };
  // Saving is a matter of room here, not of time.
  return run(withCosts(model, INSTANT, { 'state-transfer': GB }), { scenario: 'S', horizonNs: 120e9 });
}

const events = ({ snapshots, result }: Ran) => [...snapshots, result.total].flatMap((each) => each.events);
const said = (ran: Ran, name: string) =>
  events(ran).flatMap(({ partition, title, detail }) => (partition === name ? [`${title}: ${detail ?? ''}`] : []));
const states = (ran: Ran) => ['a', 'b'].map((name) => partitionOf(ran.result, name).state);

describe('room for saved states', () => {
  it('is held where a child is saved when the host stops: who finds none does not start', () => {
    const ran = small({ children: { a: { stop: 'save' }, b: { stop: 'save' } } });
    assert.deepEqual(states(ran), ['running', 'refused']);
    assert.match(said(ran, 'b').join(), /HV407: 'b' does not start: 2 GB of 'raid0' are held .* but 1 GB are left/);
  });

  it('is not counted on a disk that is too small for its fixed disks already', () => {
    const huge = { disks: [{ ...disk(), bytes: 1e12 }], stop: 'save' as const };
    assert.deepEqual(states(small({ children: { a: huge, b: huge } })), ['running', 'running']);
  });

  it('is held for nobody else from Windows Server 2012 on, and for everybody before', () => {
    assert.deepEqual(states(small({})), ['running', 'running']);
    assert.deepEqual(states(small({ release: '2012' })), ['running', 'running']);
    assert.deepEqual(states(small({ release: '2008R2' })), ['running', 'refused']);
  });

  it('is given back by a child that goes down', () => {
    const ran = small({
      children: { a: { stop: 'save' }, b: { stop: 'save' } },
      steps: [
        [20, life('turn-off', 'a')],
        [21, life('start', 'b')],
        [30, life('start', 'a')],
      ],
    });
    assert.deepEqual(states(ran), ['refused', 'running']);
  });

  it('is looked for when a child is saved for which nothing is held: without it the child goes on', () => {
    const ran = small({
      steps: [
        [20, life('save', 'a')],
        [50, life('save', 'b')],
      ],
    });
    assert.deepEqual(states(ran), ['saved', 'running']);
    assert.ok(said(ran, 'b').includes("not saved: 'raid0' has no room for 2 GB of memory: 1 GB are left"));
  });

  it('is taken by a saved child until it is back', () => {
    const ran = small({
      steps: [
        [20, life('save', 'a')],
        [50, life('restore', 'a')],
        [80, life('save', 'b')],
      ],
    });
    assert.deepEqual(states(ran), ['running', 'saved']);
  });

  it('comes back whole, however often a child is saved', () => {
    const round = (at: number): [number, ScenarioAction][] => [
      [at, life('save', 'a')],
      [at + 10, life('restore', 'a')],
    ];
    const ran = small({
      children: { a: { stop: 'save' } },
      steps: [20, 40, 60, 80].flatMap(round),
    });
    assert.equal(said(ran, 'a').filter((line) => line.startsWith('restored')).length, 4);
  });

  it('is taken by the memory of a standard checkpoint until that is deleted', () => {
    const ran = small({
      children: { a: {} },
      steps: [
        [20, checkpoint('x')],
        [40, checkpoint('y')],
        [60, { kind: 'delete-checkpoint', child: 'a', checkpoint: 'x' }],
        [80, checkpoint('z')],
      ],
    });
    const lines = said(ran, 'a').filter((line) => /^checkpoint [xyz].*: ./.test(line));
    assert.deepEqual(
      lines.map((line) => line.split(': ')[0]),
      ['checkpoint x', 'checkpoint y refused', 'checkpoint z'],
    );
    assert.match(lines[1]!, /no room on the disk for 2 GB of memory/);
  });
});
