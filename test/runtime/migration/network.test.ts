import assert from 'node:assert/strict';
import type { Child } from '../../../src/model/host-model.js';
import { child, nic, partitionOf, workload } from '../hosts.js';
import { migrate, onlyMigration, play, S, sanDisk, start, twoHosts } from './two-hosts.js';

describe('the network of a child that moves', () => {
  it('lets requests come in over the network before, meanwhile and after', () => {
    const work = {
      arrival: { kind: 'open' as const, requestsPerSecond: 200 },
      cpuNs: 1e6,
      receiveBytes: 2048,
      sendBytes: 8192,
    };
    const stop = { atNs: 20 * S, action: { kind: 'rate' as const, child: 'web', requestsPerSecond: 0 } };
    const ran = play({ work }, { steps: [start(), migrate(5 * S), stop] }, { horizonNs: 60 * S });
    assert.equal(onlyMigration(ran).outcome, 'done');
    const web = ran.result.total.peers![0]!.partitions.find(({ name }) => name === 'web')!.work!;
    assert.ok(web.completed > 2500);
    assert.equal(web.failed, 0);
    assert.equal(web.waiting, 0);
  });

  it('leads what others send to it to its new host', () => {
    const talker = (kind: 'external' | 'internal'): ReturnType<typeof play> => {
      const { first, second } = twoHosts();
      const [web] = first.children;
      const other: Child = child('talker', {
        sendsTo: 'web',
        disks: [{ ...sanDisk(), file: 'talker.vhd' }],
        nics: [nic()],
        workload: workload({ arrival: { kind: 'closed', clients: 2, thinkNs: 50e6 }, cpuNs: 1e5, sendBytes: 4096 }),
      });
      const switches = [kind === 'external' ? first.switches[0]! : { name: 'Mall', kind }];
      const hosts = { first: { children: [web!, other], switches }, second: { ...second, switches } };
      return play(hosts, { steps: [start(), migrate(5 * S)] }, { horizonNs: 40 * S });
    };
    const talked = talker('external');
    assert.equal(onlyMigration(talked).outcome, 'done');
    assert.equal(partitionOf(talked.result, 'talker').work!.failed, 0);
    const last = talked.snapshots.at(-3)!.partitions.find(({ name }) => name === 'talker')!;
    assert.ok(last.work!.throughputPerSecond > 35, 'it goes on as before');
    assert.ok(talked.result.total.nics.find(({ name }) => name === 'lan1')!.sendBytesPerSecond > 0);
    const cut = talker('internal');
    assert.ok(partitionOf(cut.result, 'talker').work!.failed > 0, 'an internal switch does not lead to another host');
  });
});
