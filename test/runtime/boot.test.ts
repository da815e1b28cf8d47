import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RunEvent } from '../../src/protocol/protocol.js';
import { cathedral, host, run } from './hosts.js';

function bootEvents(release: string): RunEvent[] {
  const model = cathedral();
  const { snapshots } = run({ ...model, hypervisor: { ...model.hypervisor, release } }, { horizonNs: 60e9 });
  return snapshots.flatMap(({ events }) => events);
}

function line({ timeNs, durationNs, partition, category, title, detail }: RunEvent): string {
  const took = durationNs === undefined ? '' : `${(durationNs / 1e6).toFixed(3)} ms`;
  return [(timeNs / 1e9).toFixed(6), took, partition ?? 'host', category, title, detail ?? ''].join(' | ');
}

function assertGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

describe('boot', () => {
  for (const release of ['2008R2', '2012']) {
    it(`brings up the cathedral on ${release}, step by step`, () => {
      assertGolden(`boot-${release}.txt`, `${bootEvents(release).map(line).join('\n')}\n`);
    });
  }

  it('is ready when the services of the parent are', () => {
    const { result, snapshots } = run(host(), { horizonNs: 1e9 });
    const ready = snapshots.flatMap(({ events }) => events).find(({ title }) => title === 'ready');
    assert.equal(ready?.timeNs, result.readyNs);
  });
});
