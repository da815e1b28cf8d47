import assert from 'node:assert/strict';
import type { Child, HostModel } from '../../src/model/host-model.js';
import type { Scenario, ScenarioAction } from '../../src/model/scenario.js';
import { child, disk, host, INSTANT, nic, partitionOf, type Ran, run, scenario, withCosts, workload } from './hosts.js';

const SENDS = workload({ arrival: { kind: 'open', requestsPerSecond: 200 }, cpuNs: 100_000, sendBytes: 16_384 });
const UNPLUG: ScenarioAction = { kind: 'unplug', child: 'web', device: 'nic', number: 0 };
const PLUG_IN: ScenarioAction = { kind: 'plug-in', child: 'web', device: 'nic', number: 0 };

interface Plugging {
  steps: [seconds: number, action: ScenarioAction][];
  web?: Partial<Child>;
  hypervisor?: Partial<HostModel['hypervisor']>;
  costs?: Record<string, number>;
}

function plugging({ steps, web, hypervisor, costs }: Plugging): Ran {
  const base = host({
    children: [child('web', { generation: 2, nics: [nic()], disks: [disk()], workload: SENDS, ...web })],
    scenarios: [scenario({ steps: steps.map(([at, action]) => ({ atNs: at * 1e9, action })) as Scenario['steps'] })],
  });
  const model = { ...base, hypervisor: { ...base.hypervisor, release: '2022', ...hypervisor } };
  return run(withCosts(model as HostModel, INSTANT, costs ?? {}), { scenario: 'S' });
}

/** Work of each second after the host was ready. */
const seconds = ({ snapshots, result }: Ran) =>
  snapshots
    .filter(({ timeNs }) => timeNs > result.readyNs)
    .map(({ partitions }) => partitions.find(({ name }) => name === 'web')!.work!);
const events = ({ snapshots, result }: Ran) => [...snapshots, result.total].flatMap((each) => each.events);
const titles = (ran: Ran) => events(ran).map(({ title }) => title);

describe('a network adapter that is taken out of a running child', () => {
  const START: [number, ScenarioAction] = [0, { kind: 'life', verb: 'start', target: { kind: 'all' } }];

  it('fails what is under way and what is sent, until another is put in', () => {
    const ran = plugging({ steps: [START, [3, UNPLUG], [6, PLUG_IN]] });
    const work = seconds(ran);
    assert.ok(work[1]!.completed > 150 && work[1]!.failed === 0);
    assert.ok(work[4]!.failed > 150 && work[4]!.completed === 0, `${work[4]!.failed} failed`);
    assert.ok(work[8]!.completed > 150 && work[8]!.failed === 0, `${work[8]!.completed} completed`);
    assert.deepEqual(
      titles(ran).filter((title) => /^nic 1 /.test(title)),
      ['nic 1 unplugged', 'nic 1 plugged in'],
    );
  });

  it('opens its channel again each time, and every sum still holds', () => {
    const steps = Array.from({ length: 16 }, (_, i): [number, ScenarioAction] => [1 + i / 2, i % 2 ? PLUG_IN : UNPLUG]);
    const web = { processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100 } };
    const ran = plugging({ steps: [START, ...steps], web });
    assert.equal(titles(ran).filter((title) => title === 'nic 1 plugged in').length, 8);
    assert.ok(seconds(ran)[9]!.completed > 150);
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
    assert.ok(seconds(ran)[8]!.completed > 150);
    assert.ok(partitionOf(ran.result, 'web').work!.waiting < 5);
  });

  it('is the front end of any hypervisor', () => {
    for (const architecture of ['xen', 'kvm', 'esxi'] as const) {
      const ran = plugging({ steps: [START, [3, UNPLUG], [6, PLUG_IN]], hypervisor: { architecture, release: null } });
      const work = seconds(ran);
      assert.ok(work[4]!.failed > 150 && work[8]!.completed > 150, architecture);
    }
  });

  it('is not there when the child starts again, either', () => {
    const off: ScenarioAction = { kind: 'life', verb: 'turn-off', target: { kind: 'child', name: 'web' } };
    const on: ScenarioAction = { kind: 'life', verb: 'start', target: { kind: 'child', name: 'web' } };
    const ran = plugging({ steps: [START, [2, off], [3, UNPLUG], [4, on], [7, PLUG_IN]] });
    const work = seconds(ran);
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
      assert.ok(titles(ran).includes('nic 1 stays as it is'));
      assert.ok(seconds(ran)[5]!.completed > 150);
    }
  });
});
