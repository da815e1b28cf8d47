import assert from 'node:assert/strict';
import type { Child, HostModel } from '../../../src/model/host-model.js';
import type { Scenario } from '../../../src/model/scenario.js';
import type { Ran } from '../hosts.js';
import { child, host, INSTANT, nic, partitionOf, run, scenario, withCosts, workload } from '../hosts.js';

const WORK = workload({
  arrival: { kind: 'open', requestsPerSecond: 1000 },
  cpuNs: 50_000,
  receiveBytes: 4096,
  sendBytes: 16_384,
});
const direct = (name: string): Child => child(name, { nics: [{ ...nic(), sriov: true }], workload: WORK });

function running(children: Child[], virtualFunctions: number, steps?: Scenario['steps']): Ran {
  const base = host({ children, scenarios: [scenario({ steps: steps ?? [] })] });
  const hardware: HostModel['hardware'] = {
    ...base.hardware,
    nics: [{ ...base.hardware.nics[0]!, bitsPerSecond: 10e9, virtualFunctions }],
  };
  return run(withCosts({ ...base, hardware }, INSTANT), steps ? { scenario: 'S' } : {});
}

const count = ({ result }: Ran, id: string) => result.costs.find((cost) => cost.id === id)?.count ?? 0;
const titles = ({ snapshots, result }: Ran) =>
  [...snapshots, result.total].flatMap(({ events }) => events.map(({ title }) => title));

describe('a virtual function', () => {
  it('carries requests and answers past VMBus and the parent', () => {
    const ran = running([direct('web')], 8);
    const { completed } = partitionOf(ran.result, 'web').work!;
    assert.ok(completed > 9000);
    for (const id of ['vsp-network-send', 'vsp-network-receive', 'vsc-network-send', 'copy'])
      assert.equal(count(ran, id), 0, id);
    assert.ok(Math.abs(count(ran, 'vf-send') - completed) <= 3);
    assert.ok(Math.abs(count(ran, 'vf-receive') - completed) <= 3);
    assert.ok(count(ran, 'vf-interrupt') > 0);
    assert.ok(titles(ran).includes('virtual function assigned'));
  });

  it('takes the parent out of the bill', () => {
    const synthetic = running([{ ...direct('web'), nics: [nic()] }], 8);
    const ran = running([direct('web')], 8);
    const cpu = ({ result }: Ran, name: string) => partitionOf(result, name).cpuPercent;
    assert.ok(cpu(ran, 'parent') < cpu(synthetic, 'parent') / 4);
    // The guest pays about the same: without exits to signal the parent, but with interrupts that the hypervisor sorts out.
    assert.ok(Math.abs(cpu(ran, 'web') / cpu(synthetic, 'web') - 1) < 0.05);
    const latency = ({ result }: Ran) => partitionOf(result, 'web').work!.latencyNs!.mean;
    assert.ok(latency(ran) < latency(synthetic));
  });

  it('belongs to who started first, and the others fall back on the synthetic path', () => {
    const ran = running([direct('a'), direct('b')], 1);
    assert.ok(titles(ran).includes('no virtual function left'));
    for (const name of ['a', 'b']) assert.ok(partitionOf(ran.result, name).work!.completed > 9000);
    const [ones, others] = [count(ran, 'vf-send'), count(ran, 'vsc-network-send')];
    assert.ok(Math.abs(ones - others) < 500 && ones > 9000);
  });

  it('is free again when its child stops', () => {
    const life = (atNs: number, verb: 'start' | 'turn-off', name: string): Scenario['steps'][number] => ({
      atNs,
      action: { kind: 'life', verb, target: { kind: 'child', name } },
    });
    const steps = [life(0, 'start', 'a'), life(2e9, 'turn-off', 'a'), life(3e9, 'start', 'b')];
    const ran = running([direct('a'), direct('b')], 1, steps);
    assert.equal(titles(ran).filter((title) => title === 'virtual function assigned').length, 2);
    assert.equal(count(ran, 'vsc-network-send'), 0);
  });

  it('is left for the synthetic path while there is no link', () => {
    const steps: Scenario['steps'] = [
      { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
      { atNs: 3e9, action: { kind: 'unplug-nic', nic: 'lan1' } },
      { atNs: 5e9, action: { kind: 'plug-in-nic', nic: 'lan1' } },
    ];
    const ran = running([direct('web')], 1, steps);
    assert.equal(titles(ran).filter((title) => title === 'data path switched').length, 2);
    assert.equal(partitionOf(ran.result, 'web').work!.failed, 0);
    assert.ok(partitionOf(ran.result, 'web').work!.completed > 8900);
  });
});
