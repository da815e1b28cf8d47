import assert from 'node:assert/strict';
import type { ScenarioStep } from '../../../src/model/scenario.js';
import type { RunEvent } from '../../../src/protocol/snapshot.js';
import type { Ran } from '../hosts.js';
import { migrate, onlyMigration, play, S, start } from './two-hosts.js';

/** Enough memory that the rest of it takes a second when the guest stands still, because it never has enough of it sent. */
const writing = {
  arrival: { kind: 'closed' as const, clients: 20, thinkNs: 0 },
  cpuNs: 5e6,
  writeBytes: 4096,
  dirties: { perRequestBytes: 2 ** 20, hotSetBytes: 2 ** 28 },
};

const on = (host: string | undefined, atNs: number, action: ScenarioStep['action']): ScenarioStep =>
  host === undefined ? { atNs, action } : { atNs, host, action };
const shutDown = { kind: 'host', verb: 'shut-down' } as const;
const unplug = { kind: 'unplug-nic', nic: 'lan2' } as const;
const failParent = { kind: 'life', verb: 'fail', target: { kind: 'parent' } } as const;
const restart = { kind: 'host', verb: 'restart' } as const;

const eventsOf = ({ snapshots }: Ran): RunEvent[] => snapshots.flatMap(({ events }) => events);
const at = (ran: Ran, title: string, host?: string): number => {
  const found = eventsOf(ran).find((event) => event.title === title && event.host === host);
  assert.ok(found, `${title} on ${host ?? 'First'}`);
  return found.timeNs;
};

describe('a host that closes', () => {
  const standStill = () => {
    const ran = play({ work: writing }, { steps: [start(), migrate(5 * S)] }, { horizonNs: 90 * S });
    const { blackoutNs, beganNs, totalNs } = onlyMigration(ran);
    assert.ok(blackoutNs! > 0.5 * S, `stands still for ${blackoutNs}`);
    return { readyNs: ran.result.readyNs, fromNs: beganNs + totalNs - blackoutNs!, blackoutNs: blackoutNs! };
  };

  it('stops a child at once whose migration fails while it stands still', () => {
    const { readyNs, fromNs } = standStill();
    const midNs = fromNs - readyNs + 0.2 * S;
    const ran = play(
      { work: writing },
      { steps: [start(), migrate(5 * S), on(undefined, midNs, shutDown), on(undefined, midNs + 1, unplug)] },
      { horizonNs: 300 * S },
    );
    const failedNs = at(ran, 'live migration failed');
    const stoppedNs = at(ran, 'stopped');
    assert.ok(stoppedNs - failedNs < 20 * S, `stopped ${(stoppedNs - failedNs) / S} s after its migration failed`);
  });

  it('stops a child at once that comes from another host', () => {
    const { readyNs, fromNs, blackoutNs } = standStill();
    const lateNs = Math.round(fromNs - readyNs + blackoutNs) - 1000;
    const ran = play(
      { work: writing },
      { steps: [start(), migrate(5 * S), on('Second', lateNs, shutDown)] },
      { horizonNs: 300 * S },
    );
    const stoppedNs = at(ran, 'stopped', 'Second');
    const doneNs = at(ran, 'live migration done', 'Second');
    assert.ok(stoppedNs - doneNs < 20 * S, `stopped ${(stoppedNs - doneNs) / S} s after it came`);
  });
});

describe('requests of a child that has moved', () => {
  it('are said to be lost when its new host fails', () => {
    const work = { arrival: { kind: 'closed' as const, clients: 20, thinkNs: 0 }, cpuNs: 50e6 };
    const ran = play(
      { work },
      { steps: [start(), migrate(5 * S), on('Second', 40 * S, failParent)] },
      { horizonNs: 45 * S },
    );
    assert.equal(onlyMigration(ran).outcome, 'done');
    assert.match(ran.result.notes.join('\n'), /'web': 20 requests were under way/);
  });
});

describe('a quick migration', () => {
  it('keeps the requests in the saved state when the destination fails while it restores', () => {
    const work = { arrival: { kind: 'closed' as const, clients: 20, thinkNs: 0 }, cpuNs: 50e6 };
    const quick: ScenarioStep = { atNs: 5 * S, action: { kind: 'migrate', child: 'web', to: 'Second', mode: 'quick' } };
    const undisturbed = play({ work }, { steps: [start(), quick] }, { horizonNs: 60 * S });
    const savedNs = at(undisturbed, 'saved') - undisturbed.result.readyNs;
    const startWeb = { kind: 'life', verb: 'start', target: { kind: 'child', name: 'web' } } as const;
    const steps = [
      start(),
      quick,
      on('Second', savedNs + 0.5 * S, failParent),
      on('Second', savedNs + 2 * S, restart),
      on('Second', savedNs + 400 * S, startWeb),
    ];
    const ran = play({ work }, { steps }, { horizonNs: savedNs + 430 * S });
    assert.equal(onlyMigration(ran).outcome, 'failed');
    assert.doesNotMatch(ran.result.notes.join('\n'), /under way when it was taken down/);
    const [peer] = ran.snapshots.at(-1)!.peers!;
    const web = peer!.partitions.find(({ name }) => name === 'web')!;
    assert.equal(web.state, 'running');
    assert.ok(web.work!.completed > 10, `${web.work!.completed} answered in the last second`);
  });
});
