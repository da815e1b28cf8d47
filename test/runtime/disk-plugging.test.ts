import assert from 'node:assert/strict';
import type { Child } from '../../src/model/host-model.js';
import type { ScenarioAction } from '../../src/model/scenario.js';
import { disk, partitionOf, workload } from './hosts.js';
import { type Plugging, playOnWeb, secondsOf, titlesOf } from './plugging.js';

const WRITES = workload({
  arrival: { kind: 'open', requestsPerSecond: 200 },
  cpuNs: 100_000,
  readBytes: 4096,
  writeBytes: 8192,
});
const unplug = (number: number): ScenarioAction => ({ kind: 'unplug', child: 'web', device: 'disk', number });
const plugIn = (number: number): ScenarioAction => ({ kind: 'plug-in', child: 'web', device: 'disk', number });
const life = (verb: 'start' | 'turn-off'): ScenarioAction => ({ kind: 'life', verb, target: { kind: 'all' } });
const START: [number, ScenarioAction] = [0, life('start')];

/** A child that boots from IDE and works on a disk of its SCSI controller. */
const plugging = (story: Plugging) => playOnWeb({ disks: [disk('ide'), disk('scsi')], workload: WRITES }, story);

describe('a disk that is taken out of a running child', () => {
  it('fails what is under way and what is asked of it, until it is back', () => {
    const ran = plugging({ steps: [START, [3, unplug(1)], [6, plugIn(1)]] });
    const work = secondsOf(ran);
    assert.ok(work[1]!.completed > 150 && work[1]!.failed === 0);
    assert.ok(work[4]!.failed > 150 && work[4]!.completed === 0, `${work[4]!.failed} failed`);
    assert.ok(work[8]!.completed > 150 && work[8]!.failed === 0, `${work[8]!.completed} completed`);
    assert.deepEqual(
      titlesOf(ran).filter((title) => /^disk 2 /.test(title)),
      ['disk 2 unplugged', 'disk 2 plugged in'],
    );
  });

  it('leaves the other disks of its controller alone', () => {
    const web = { disks: [disk('ide'), disk('scsi', 0), disk('scsi', 1)] };
    const ran = plugging({ steps: [START, [3, unplug(1)]], web });
    for (const { failed } of secondsOf(ran)) assert.equal(failed, 0);
    assert.ok(secondsOf(ran)[6]!.completed > 150);
  });

  it('is found again by its guest each time, over several channels, and every sum still holds', () => {
    const steps = Array.from({ length: 20 }, (_, i): [number, ScenarioAction] => [
      1 + i / 3,
      i % 2 ? plugIn(1) : unplug(1),
    ]);
    const web = { processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100 } };
    const ran = plugging({ steps: [START, ...steps], web, costs: { 'storage-vps-per-channel': 1 } });
    assert.equal(titlesOf(ran).filter((title) => title === 'disk 2 plugged in').length, 10);
    assert.ok(secondsOf(ran)[8]!.completed > 150);
  });

  it('counts requests in flight as failed, none as lost', () => {
    // The disk is slow, so that many are in its hands.
    const slow: [number, ScenarioAction] = [2, { kind: 'slow-disk', disk: 'raid0', factor: 5000 }];
    const ran = plugging({ steps: [START, slow, [3, unplug(1)]] });
    const { completed, failed, waiting } = partitionOf(ran.result, 'web').work!;
    assert.ok(failed > 1000, `${completed} completed, ${failed} failed, ${waiting} wait`);
    assert.equal(secondsOf(ran)[5]!.completed, 0, 'what the disk still does is acknowledged to nobody');
  });

  it('is heard of although the ring to the host is full', () => {
    // One page of ring, one packet at a time: the guest's questions have to wait like everything else.
    const costs = { 'ring-storage': 4096, 'vsp-batch': 1, 'vsp-storage-request': 8_000_000 };
    const ran = plugging({ steps: [START, [4, unplug(1)], [6, plugIn(1)]], costs });
    assert.ok(secondsOf(ran)[5]!.failed > 50, `${secondsOf(ran)[5]!.failed} failed`);
    assert.ok(
      secondsOf(ran)[8]!.completed > 15 && secondsOf(ran)[8]!.failed === 0,
      `${secondsOf(ran)[8]!.completed} completed`,
    );
  });

  it('is the front end of any hypervisor', () => {
    for (const architecture of ['xen', 'kvm', 'esxi'] as const) {
      const ran = plugging({
        steps: [START, [3, unplug(1)], [6, plugIn(1)]],
        hypervisor: { architecture, release: null },
      });
      const work = secondsOf(ran);
      assert.ok(work[4]!.failed > 150 && work[8]!.completed > 150, architecture);
    }
  });

  it('stays where controller, release or kind of child do not let it go', () => {
    const cases: [number, Omit<Plugging, 'steps'>][] = [
      [0, {}],
      [1, { hypervisor: { release: '2008' } }],
      [0, { web: { kind: 'legacy', disks: [disk('ide')] } }],
    ];
    for (const [number, each] of cases) {
      const ran = plugging({ steps: [START, [3, unplug(number)]], ...each });
      assert.ok(titlesOf(ran).includes(`disk ${number + 1} stays as it is`));
      assert.ok(secondsOf(ran)[5]!.completed > 150);
    }
  });
});

describe('a disk that is taken out of a child that is off', () => {
  const off = (number: number, web: Partial<Child> = {}, costs: Record<string, number> = {}) =>
    plugging({
      costs,
      steps: [START, [2, life('turn-off')], [2.5, unplug(number)], [3, life('start')], [6, plugIn(number)]],
      web,
    });

  it('is not there when it starts, and works when it comes', () => {
    const work = secondsOf(off(1));
    assert.ok(work[4]!.failed > 150 && work[4]!.completed === 0, `${work[4]!.failed} failed`);
    assert.ok(work[8]!.completed > 150, `${work[8]!.completed} completed`);
  });

  it('fails what is asked of it on IDE until the child is off again', () => {
    const ran = off(1, { disks: [disk('ide', 0), disk('ide', 1)] });
    assert.ok(titlesOf(ran).includes('disk 2 stays as it is'));
    assert.ok(secondsOf(ran)[8]!.failed > 150);
  });

  for (const [name, web] of [
    ['IDE', { disks: [disk('ide')] }],
    ['SCSI', { disks: [disk('scsi')], generation: 2 }],
    ['emulated IDE', { disks: [disk('ide')], kind: 'legacy' }],
  ] as const) {
    it(`lets no guest boot from ${name}`, () => {
      const ran = off(0, { ...web, disks: [...web.disks] }, { 'guest-boot-bytes': 1_000_000 });
      assert.equal(partitionOf(ran.result, 'web').state, 'failed');
    });
  }
});
