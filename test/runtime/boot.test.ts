import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RunEvent } from '../../src/protocol/snapshot.js';
import { cathedral, host, run, scenario } from './hosts.js';

function bootEvents(release: string): RunEvent[] {
  const model = cathedral();
  const { snapshots } = run({ ...model, hypervisor: { ...model.hypervisor, release } }, { horizonNs: 60e9 });
  return snapshots.flatMap(({ events }) => events);
}

/** A day in the life of a host: a checkpoint that is gone back to, a restart, a power cut. */
function lifeEvents(): RunEvent[] {
  const model = cathedral();
  const [web, payroll, mail] = model.children.map((each) => ({
    ...each,
    memory: { kind: 'static' as const, startupBytes: 256 * 1024 ** 2 },
  }));
  const target = { kind: 'all' as const };
  const { snapshots, result } = run(
    {
      ...model,
      hypervisor: { ...model.hypervisor, release: '2012R2' },
      children: [
        { ...web!, stop: 'save' },
        { ...payroll!, start: { action: 'if-running', delayNs: 5e9 } },
        { ...mail!, stop: 'turn-off', start: { action: 'never', delayNs: 0 } },
      ],
      scenarios: [
        scenario({
          steps: [
            { atNs: 0, action: { kind: 'life', verb: 'start', target } },
            { atNs: 60e9, action: { kind: 'checkpoint', child: 'web', checkpoint: 'Before', type: 'production' } },
            { atNs: 61e9, action: { kind: 'checkpoint', child: 'payroll', checkpoint: 'Before', type: 'production' } },
            { atNs: 100e9, action: { kind: 'revert', child: 'web', checkpoint: 'Before' } },
            { atNs: 110e9, action: { kind: 'revert', child: 'payroll', checkpoint: 'Before' } },
            { atNs: 160e9, action: { kind: 'delete-checkpoint', child: 'web', checkpoint: 'Before' } },
            { atNs: 200e9, action: { kind: 'host', verb: 'restart' } },
            { atNs: 480e9, action: { kind: 'life', verb: 'fail', target: { kind: 'parent' } } },
          ],
        }),
      ],
    },
    { horizonNs: 490e9, scenario: 'S' },
  );
  return snapshots.flatMap(({ events }) => events).filter(({ timeNs }) => timeNs > result.readyNs);
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

  it('plays a life of children and host, step by step', () => {
    assertGolden('life-2012R2.txt', `${lifeEvents().map(line).join('\n')}\n`);
  });

  it('is ready when the services of the parent are', () => {
    const { result, snapshots } = run(host(), { horizonNs: 1e9 });
    const ready = snapshots.flatMap(({ events }) => events).find(({ title }) => title === 'ready');
    assert.equal(ready?.timeNs, result.readyNs);
  });
});
