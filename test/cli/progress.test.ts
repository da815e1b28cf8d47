import assert from 'node:assert/strict';
import { progressText } from '../../src/cli/progress.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import { createEngine } from '../../src/runtime/engine.js';
import { cathedral } from '../model/cathedral.js';

describe('the progress of a run', () => {
  const horizonNs = 40e9;
  const snapshots: Snapshot[] = [];
  before(() => {
    const options = { seed: 1, horizonNs, scenario: null, snapshotEveryNs: 1e9, speed: null, trace: false };
    const engine = createEngine(cathedral(), options);
    assert.ok('advance' in engine);
    while (!engine.finished) {
      for (const event of engine.advance(10_000)) if (event.type === 'snapshot') snapshots.push(event.snapshot);
    }
  });

  it('stays empty while the host boots, and says what it is at', () => {
    assert.match(progressText(snapshots[0]!, null, horizonNs), /^░{24} booting: firmware$/);
  });

  it('fills over the time that was asked for, not over the boot', () => {
    const up = snapshots.findIndex((snapshot) => snapshot.phase === 'ready');
    const readyNs = snapshots[up]!.timeNs;
    assert.match(progressText(snapshots[up]!, readyNs, horizonNs), /^░{24} 0 running$/);
    assert.match(progressText(snapshots[up + 20]!, readyNs, horizonNs), /^█{12}░{12} /);
    assert.match(progressText(snapshots.at(-1)!, readyNs, horizonNs), /^█{24} 3 running$/);
  });
});
