import assert from 'node:assert/strict';
import type { Child, HostModel, VirtualSwitch } from '../../../src/model/host-model.js';
import type { RunResult } from '../../../src/protocol/run-result.js';
import { child, host, INSTANT, nic, partitionOf, run, scenario, withCosts, workload } from '../hosts.js';

const MALL: VirtualSwitch = { name: 'Mall', kind: 'external', nic: 'lan1' };
const STAGE: VirtualSwitch = { name: 'Stage', kind: 'internal' };
const ISLAND: VirtualSwitch = { name: 'Island', kind: 'private' };
const RATE = 200;
const open = { kind: 'open', requestsPerSecond: RATE } as const;
const SENDS = workload({ arrival: open, cpuNs: 100_000, sendBytes: 16_384 });
const RECEIVES = workload({ arrival: open, cpuNs: 100_000, receiveBytes: 4096 });
const on = (name: string, vlan: number | null = null) => ({ ...nic(), switch: name, vlan });

function running(children: Child[], more: Partial<HostModel> = {}, costs: Record<string, number> = {}): RunResult {
  const model = host({ switches: [MALL, STAGE, ISLAND], children, ...more });
  return run(withCosts(model, INSTANT, costs)).result;
}

function count(result: RunResult, id: string): number {
  return result.costs.find((cost) => cost.id === id)?.count ?? 0;
}

function workOf(result: RunResult, name: string) {
  const { work } = partitionOf(result, name);
  assert.ok(work);
  return work;
}

/** Within a few that are under way at the end. */
function about(seen: number, expected: number): void {
  assert.ok(Math.abs(seen - expected) <= 3, `${seen} instead of ${expected}`);
}

describe('frames between modelled children', () => {
  for (const where of ['Mall', 'Stage', 'Island']) {
    it(`reach a peer on the same switch (${where}), who pays for them`, () => {
      const result = running([
        child('web', { nics: [on(where)], workload: SENDS, sendsTo: 'db' }),
        child('db', { nics: [on(where)] }),
      ]);
      const { completed, failed } = workOf(result, 'web');
      assert.ok(completed > 1500);
      assert.equal(failed, 0);
      about(count(result, 'vsp-network-receive'), completed);
      about(count(result, 'vsc-network-receive'), completed);
      assert.ok(partitionOf(result, 'db').exitsPerSecond.interrupt! > RATE / 2);
      assert.equal(result.total.nics[0]!.sendBytesPerSecond, 0);
    });
  }

  it('go over the native VLAN of a trunk, and over no other of its VLANs', () => {
    const trunk = { ...on('Island', 7), trunk: [{ first: 10, last: 12 }] };
    const heard = (vlan: number) => {
      const result = running([
        child('web', { nics: [trunk], workload: SENDS, sendsTo: 'db' }),
        child('db', { nics: [on('Island', vlan)] }),
      ]);
      return count(result, 'vsc-network-receive');
    };
    assert.ok(heard(7) > 1500);
    assert.equal(heard(11), 0);
  });

  it('find a peer by its adapter on the common VLAN', () => {
    const result = running([
      child('web', { nics: [on('Mall'), on('Island', 7)], workload: SENDS, sendsTo: 'db' }),
      child('db', { nics: [on('Stage'), on('Island', 7)] }),
    ]);
    about(count(result, 'vsc-network-receive'), workOf(result, 'web').completed);
  });

  for (const architecture of ['esxi', 'xen', 'kvm', 'hosted'] as const) {
    it(`reach a peer on ${architecture}`, () => {
      const result = running(
        [child('web', { nics: [on('Mall')], workload: SENDS, sendsTo: 'db' }), child('db', { nics: [on('Mall')] })],
        {
          hypervisor: { architecture, release: null, scheduler: null, costsNs: {} },
          ...(architecture === 'esxi' && { parent: null }),
        },
      );
      about(count(result, 'vsc-network-receive'), workOf(result, 'web').completed);
      assert.ok(workOf(result, 'web').completed > 1500);
    });
  }

  it('reach a legacy child through its emulated adapter', () => {
    const result = running([
      child('web', { nics: [on('Mall')], workload: SENDS, sendsTo: 'old' }),
      child('old', { kind: 'legacy', nics: [{ ...on('Mall'), kind: 'legacy' }] }),
    ]);
    assert.ok(workOf(result, 'web').completed > 1500);
    assert.ok(count(result, 'legacy-driver') > 1000);
    assert.equal(count(result, 'vsc-network-receive'), 0);
  });

  it('are acknowledged once, wherever a legacy child is in receiving them when it is turned off', () => {
    const old = { kind: 'child', name: 'old' } as const;
    const steps = Array.from({ length: 25 }, (_, i) => ({
      atNs: i * 350_123_457,
      action: { kind: 'life' as const, verb: i % 2 === 0 ? ('start' as const) : ('turn-off' as const), target: old },
    }));
    const begin = { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'child', name: 'web' } } } as const;
    const children = [
      child('web', {
        nics: [on('Mall')],
        workload: { ...SENDS, arrival: { ...open, requestsPerSecond: 300 } },
        sendsTo: 'old',
      }),
      child('old', { kind: 'legacy', nics: [{ ...on('Mall'), kind: 'legacy' }] }),
    ];
    const model = host({ switches: [MALL], children, scenarios: [scenario({ steps: [begin, ...steps] })] });
    // Its driver takes its time. The VSP of whoever sent holds that each send is answered once.
    const { result } = run(withCosts(model, INSTANT, { 'legacy-driver': 2e6 }), {
      scenario: 'S',
      horizonNs: 15e9,
      snapshotEveryNs: 0.1e9,
    });
    assert.ok(workOf(result, 'web').completed > 500);
  });

  it('are sent again while the peer is not there, and given up', () => {
    const web = child('web', { nics: [on('Mall')], workload: SENDS, sendsTo: 'db' });
    const db = child('db', { nics: [on('Mall')], start: { action: 'never', delayNs: 0 } });
    const result = running([web, db], {}, { 'send-timeout': 2e9 });
    const { completed, failed } = workOf(result, 'web');
    assert.equal(completed, 0);
    assert.ok(failed > 5 * RATE);
  });

  it('come through once the peer is there', () => {
    const web = child('web', { nics: [on('Mall')], workload: SENDS, sendsTo: 'db' });
    const db = child('db', { nics: [on('Mall')], start: { action: 'always', delayNs: 4e9 } });
    const result = running([web, db]);
    const { completed, failed, latencyNs } = workOf(result, 'web');
    assert.equal(failed, 0);
    assert.ok(completed > 1500);
    assert.ok(latencyNs!.max > 3e9);
  });

  it('are dropped and sent again where the peer is paused and its buffers are full', () => {
    const web = child('web', { nics: [on('Mall')], workload: { ...SENDS, sendBytes: 65_536 }, sendsTo: 'db' });
    const db = child('db', { nics: [on('Mall')] });
    const life = (verb: 'pause' | 'resume') => ({ kind: 'life', verb, target: { kind: 'child', name: 'db' } }) as const;
    const model = host({
      switches: [MALL],
      children: [web, db],
      scenarios: [
        scenario({
          steps: [
            { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
            { atNs: 2e9, action: life('pause') },
            { atNs: 6e9, action: life('resume') },
          ],
        }),
      ],
    });
    const { result } = run(withCosts(model, INSTANT), { scenario: 'S' });
    const { completed, failed } = workOf(result, 'web');
    assert.equal(failed, 0);
    assert.ok(completed > 1900);
  });
});

describe('what the result says of the network', () => {
  it('is the same at both ends, and at the switch', () => {
    const result = running([
      child('web', { nics: [on('Island')], workload: SENDS, sendsTo: 'db' }),
      child('db', { nics: [on('Mall'), on('Island')] }),
    ]);
    const { adapters, switches } = result.total;
    const [web, , db] = adapters;
    const island = switches.find(({ name }) => name === 'Island')!;
    assert.deepEqual(
      adapters.map(({ child: name, adapter }) => [name, adapter]),
      [
        ['web', 0],
        ['db', 0],
        ['db', 1],
      ],
    );
    assert.equal(web!.sentPerSecond, island.framesPerSecond);
    about(db!.receivedPerSecond, web!.sentPerSecond);
    about(db!.receivedBytesPerSecond / SENDS.sendBytes, web!.sentBytesPerSecond / SENDS.sendBytes);
    assert.equal(island.droppedPerSecond, 0);
  });

  it('counts what is dropped', () => {
    const web = child('web', { nics: [on('Island')], workload: SENDS, sendsTo: 'db' });
    const db = child('db', { nics: [on('Island')], start: { action: 'never', delayNs: 0 } });
    const { switches, adapters } = running([web, db]).total;
    const island = switches.find(({ name }) => name === 'Island')!;
    assert.equal(island.droppedPerSecond, island.framesPerSecond);
    assert.equal(adapters.length, 1);
  });
});

describe('notes about the network', () => {
  const notesOf = (children: Child[]) => running(children).notes.filter((note) => note.startsWith("'web'"));

  it('say who sends to a machine that does not run here', () => {
    const web = child('web', { nics: [on('Mall')], workload: SENDS, sendsTo: 'lab' });
    const lab = child('lab', { kind: 'machine', nics: [on('Mall')], boots: { kernel: 'vmlinuz' } });
    assert.match(notesOf([web, lab]).join(), /sends to 'lab', which is not there/);
    assert.deepEqual(notesOf([web, { ...lab, kind: 'enlightened' }]), []);
  });

  it('say what a virtual function passes by', () => {
    const limited = { ...on('Mall'), bandwidth: { limitBitsPerSecond: 1e6 } };
    assert.match(notesOf([child('web', { nics: [{ ...limited, sriov: true }] })]).join(), /passes limit and minimum/);
    assert.deepEqual(notesOf([child('web', { nics: [limited] })]), []);
  });
});

describe('frames to the parent', () => {
  it('on an internal switch are work of its own network stack', () => {
    const result = running([child('web', { nics: [on('Stage')], workload: SENDS })]);
    about(count(result, 'parent-network'), workOf(result, 'web').completed);
  });

  it('do not come from another VLAN, nor from a private switch', () => {
    for (const place of [on('Stage', 5), on('Island')]) {
      const result = running([child('web', { nics: [place], workload: SENDS })]);
      assert.equal(count(result, 'parent-network'), 0);
      assert.ok(workOf(result, 'web').completed > 1500);
    }
  });
});

describe('requests over the network', () => {
  it('cost the parent and the child before they are there', () => {
    const result = running([child('web', { nics: [on('Mall', 3)], workload: RECEIVES })]);
    const { completed } = workOf(result, 'web');
    assert.ok(completed > 1500);
    for (const id of ['vsp-network-receive', 'copy', 'vsc-network-receive', 'guest-copy'])
      about(count(result, id), completed);
  });

  it('take the time that the wire needs', () => {
    const slow = host().hardware;
    const hardware = { ...slow, nics: [{ ...slow.nics[0]!, bitsPerSecond: 10e6 }] };
    const result = running([child('web', { nics: [on('Mall')], workload: RECEIVES })], { hardware });
    assert.ok(workOf(result, 'web').latencyNs!.p50 > (4096 * 8e9) / 10e6);
  });

  it('come in several messages where they are large', () => {
    const large = { ...RECEIVES, receiveBytes: 200_000, arrival: { kind: 'open', requestsPerSecond: 20 } } as const;
    const result = running([child('web', { nics: [on('Mall')], workload: large })]);
    assert.ok(Math.abs(count(result, 'vsc-network-receive') - 4 * workOf(result, 'web').completed) <= 8);
  });

  it('come from the parent on an internal switch', () => {
    const result = running([child('web', { nics: [on('Stage')], workload: RECEIVES })]);
    about(count(result, 'parent-network'), workOf(result, 'web').completed);
  });

  it('come out of nothing where nobody could send them', () => {
    const result = running([child('web', { nics: [on('Island')], workload: RECEIVES })]);
    assert.ok(workOf(result, 'web').completed > 1500);
    assert.equal(count(result, 'vsc-network-receive'), 0);
  });

  it('reach an emulated adapter', () => {
    const old = child('old', { kind: 'legacy', nics: [{ ...on('Mall'), kind: 'legacy' }], workload: RECEIVES });
    const result = running([old]);
    assert.ok(workOf(result, 'old').completed > 1500);
  });

  it('wait while there is no link, and fail when that takes too long', () => {
    const model = host({
      children: [child('web', { nics: [on('Mall')], workload: RECEIVES })],
      scenarios: [
        scenario({
          steps: [
            { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
            { atNs: 3e9, action: { kind: 'unplug-nic', nic: 'lan1' } },
          ],
        }),
      ],
    });
    const { result } = run(withCosts(model, INSTANT, { 'send-timeout': 2e9 }), { scenario: 'S' });
    assert.ok(workOf(result, 'web').failed > 3 * RATE);
    assert.ok(workOf(result, 'web').completed > 2 * RATE);
  });
});
