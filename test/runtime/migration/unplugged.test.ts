import assert from 'node:assert/strict';
import type { ScenarioAction } from '../../../src/model/scenario.js';
import { disk } from '../hosts.js';
import { migrate, onlyMigration, play, S, sanDisk, start } from './two-hosts.js';

const device = { child: 'web', device: 'disk', number: 1 } as const;
const at = (seconds: number, action: ScenarioAction) => ({ atNs: seconds * S, action });

describe('a disk that is out of a child that moves', () => {
  it('stays out over there, and is put back there', () => {
    const data = { ...disk(), file: 'data.vhd', physicalDisk: 'san', slot: 1 };
    const work = { cpuNs: 1e6, writeBytes: 4096 };
    const steps = [
      start(),
      at(5, { kind: 'unplug', ...device }),
      migrate(8 * S),
      at(30, { kind: 'plug-in', ...device }),
    ];
    const ran = play(
      { work, web: { disks: [sanDisk(), data] }, release: '2012' },
      { steps },
      { horizonNs: 50 * S, snapshotEveryNs: S },
    );
    assert.equal(onlyMigration(ran).outcome, 'done');
    const { readyNs } = ran.result;
    const workAt = (second: number) => {
      const snapshot = ran.snapshots.find(({ timeNs }) => timeNs >= readyNs + second * S)!;
      return snapshot.peers![0]!.partitions.find(({ name }) => name === 'web')!.work!;
    };
    assert.ok(workAt(25).failed > 50 && workAt(25).completed === 0, `${workAt(25).failed} failed`);
    assert.ok(workAt(40).completed > 50 && workAt(40).failed === 0, `${workAt(40).completed} completed`);
  });
});
