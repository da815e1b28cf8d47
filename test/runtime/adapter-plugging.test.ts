import assert from 'node:assert/strict';
import type { ScenarioAction } from '../../src/model/scenario.js';
import { disk, nic, partitionOf, workload } from './hosts.js';
import { type Plugging, playOnWeb, secondsOf, titlesOf } from './plugging.js';

const SENDS = workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, cpuNs: 100_000, sendBytes: 16_384 });
const UNPLUG: ScenarioAction = { kind: 'unplug', child: 'web', device: 'nic', number: 0 };
const PLUG_IN: ScenarioAction = { kind: 'plug-in', child: 'web', device: 'nic', number: 0 };

const plugging = (story: Plugging) =>
  playOnWeb({ generation: 2, nics: [nic()], disks: [disk()], workload: SENDS }, story);

describe('a network adapter that is taken out of a running child', () => {
  const START: [number, ScenarioAction] = [0, { kind: 'life', verb: 'start', target: { kind: 'all' } }];

  it('fails what is under way and what is sent, until another is put in', () => {
    const ran = plugging({ steps: [START, [3, UNPLUG], [6, PLUG_IN]] });
    const work = secondsOf(ran);
    assert.ok(work[1]!.completed > 150 && work[1]!.failed === 0);
    assert.ok(work[4]!.failed > 150 && work[4]!.completed === 0, `${work[4]!.failed} failed`);
    assert.ok(work[8]!.completed > 150 && work[8]!.failed === 0, `${work[8]!.completed} completed`);
    assert.deepEqual(
      titlesOf(ran).filter((title) => /^nic 1 /.test(title)),
      ['nic 1 unplugged', 'nic 1 plugged in'],
    );
  });

  it('lets clients who do nothing but send come again a millisecond later, and not for ever in one moment', () => {
    const clients = workload({ arrival: { kind: 'closed', clients: 5, thinkNs: 0 }, cpuNs: 0, sendBytes: 16_384 });
    const work = secondsOf(plugging({ steps: [START, [3, UNPLUG], [6, PLUG_IN]], web: { workload: clients } }));
    assert.ok(Math.abs(work[4]!.failed - 5000) <= 5, `${work[4]!.failed} failed`);
    assert.ok(work[8]!.completed > 1000 && work[8]!.failed === 0, `${work[8]!.completed} completed`);
  });

  it('opens its channel again each time, and every sum still holds', () => {
    const steps = Array.from({ length: 16 }, (_, i): [number, ScenarioAction] => [1 + i / 2, i % 2 ? PLUG_IN : UNPLUG]);
    const web = { processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100 } };
    const ran = plugging({ steps: [START, ...steps], web });
    assert.equal(titlesOf(ran).filter((title) => title === 'nic 1 plugged in').length, 8);
    assert.ok(secondsOf(ran)[9]!.completed > 150);
  });

  it('counts requests in flight as failed, none as lost', () => {
    // The VSP is slow, so that many are in its hands.
    const ran = plugging({ steps: [START, [3, UNPLUG]], costs: { 'vsp-network-send': 20_000_000 } });
    const { completed, failed, waiting } = partitionOf(ran.result, 'web').work!;
    assert.ok(failed > 1000 && waiting < 5, `${completed} completed, ${failed} failed, ${waiting} wait`);
  });

  it('lets requests from outside come again when it is back', () => {
    const web = { workload: { ...SENDS, receiveBytes: 2048 } };
    const ran = plugging({ steps: [START, [3, UNPLUG], [4, PLUG_IN]], web });
    assert.ok(secondsOf(ran)[8]!.completed > 150);
    assert.ok(partitionOf(ran.result, 'web').work!.waiting < 5);
  });

  it('is the front end of any hypervisor', () => {
    for (const architecture of ['xen', 'kvm', 'esxi'] as const) {
      const ran = plugging({ steps: [START, [3, UNPLUG], [6, PLUG_IN]], hypervisor: { architecture, release: null } });
      const work = secondsOf(ran);
      assert.ok(work[4]!.failed > 150 && work[8]!.completed > 150, architecture);
    }
  });

  it('is not there when the child starts again, either', () => {
    const off: ScenarioAction = { kind: 'life', verb: 'turn-off', target: { kind: 'child', name: 'web' } };
    const on: ScenarioAction = { kind: 'life', verb: 'start', target: { kind: 'child', name: 'web' } };
    const ran = plugging({ steps: [START, [2, off], [3, UNPLUG], [4, on], [7, PLUG_IN]] });
    const work = secondsOf(ran);
    assert.ok(work[6]!.failed > 150, `${work[6]!.failed} failed`);
    assert.ok(work[9]!.completed > 150, `${work[9]!.completed} completed`);
  });

  it('stays where generation, release or the adapter do not let it go', () => {
    const cases: Omit<Plugging, 'steps'>[] = [
      { web: { generation: 1 } },
      { hypervisor: { release: '2012R2' } },
      { web: { nics: [nic('legacy')], generation: 1 } },
    ];
    for (const each of cases) {
      const ran = plugging({ steps: [START, [3, UNPLUG]], ...each });
      assert.ok(titlesOf(ran).includes('nic 1 stays as it is'));
      assert.ok(secondsOf(ran)[5]!.completed > 150);
    }
  });
});
