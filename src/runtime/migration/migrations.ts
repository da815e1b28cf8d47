import { childObstacles, hostObstacles, usualMode } from '../../model/migration.js';
import type { MigrationMode } from '../../model/scenario.js';
import type { MigrationRecord } from '../../protocol/run-result.js';
import type { ChildMachine } from '../parent/child-machine.js';
import type { RunningHost } from '../running-host.js';
import { LiveMigration } from './live-migration.js';
import { MigrationLink } from './migration-link.js';
import { QuickMigration } from './quick-migration.js';

/** Between which machines a child moves. */
export interface MigrationEnds {
  from: RunningHost;
  to: RunningHost;
  source: ChildMachine;
  target: ChildMachine;
  /** It is over, whatever became of it. */
  ended(record: MigrationRecord): void;
}

/** Everything that moves between the hosts of one run. */
export class Migrations {
  private readonly begun: MigrationRecord[] = [];
  private readonly links = new Map<RunningHost, Map<RunningHost, MigrationLink>>();

  constructor(
    private readonly hosts: readonly RunningHost[],
    /** Hears how long a guest stood still. */
    private readonly stoodStill: (child: ChildMachine, ns: number) => void,
  ) {
    for (const from of hosts)
      this.links.set(from, new Map(hosts.flatMap((to) => linkBetween(from, to).map((link) => [to, link]))));
  }

  /** In the order in which they began; what is under way has lasted until now. */
  records(nowNs: number): MigrationRecord[] {
    return this.begun.map((record) =>
      record.outcome === 'under way' ? { ...record, totalNs: nowNs - record.beganNs } : record,
    );
  }

  /** Moves a child of `host` to the host of a name; an obstacle is an event, and nothing else happens. */
  begin(host: RunningHost, child: string, toName: string, mode: MigrationMode | null): void {
    const source = host.resident(child);
    const to = this.hosts.find(({ name }) => name === toName);
    const from = this.hosts.find(({ children }) => source && children.includes(source));
    if (!source || !from) return;
    if (!to) {
      from.parts.log.record('life', source.name, 'not migrated', { detail: `There is no host '${toName}'.` });
      return;
    }
    const target = to.machineOf(source);
    const way = mode ?? usualMode(from.model, to.model);
    const obstacles = this.obstacles(from, to, source, way);
    if (obstacles.length > 0 || target === null) {
      from.parts.log.record('life', source.name, 'not migrated', { detail: obstacles.join(' ') });
      return;
    }
    const { nowNs } = from.parts.timers;
    const record: MigrationRecord = {
      child: source.name,
      from: from.name,
      to: to.name,
      mode: way,
      outcome: 'under way',
      beganNs: nowNs,
      totalNs: 0,
      rounds: [],
      carriedBytes: 0,
      blackoutBytes: 0,
      blackoutNs: null,
    };
    this.begun.push(record);
    const ended = ({ blackoutNs }: MigrationRecord) => {
      if (blackoutNs !== null) this.stoodStill(source, blackoutNs);
    };
    const ends = { from, to, source, target, ended };
    const link = this.links.get(from)?.get(to);
    if (way === 'live' && link) new LiveMigration(ends, link, record).begin();
    else new QuickMigration(ends, record).begin();
  }

  private obstacles(from: RunningHost, to: RunningHost, source: ChildMachine, mode: MigrationMode): string[] {
    const hosts = hostObstacles(from.model, to.model, mode);
    if (hosts.length > 0) return hosts;
    // On the way home its own definition is no stranger's.
    const returns = to.model.children.includes(source.child);
    const child = childObstacles(source.child, from.model, returns ? { ...to.model, children: [] } : to.model);
    return [...child, ...busy(source)];
  }
}

/** What a machine does at this moment that does not go with a migration. */
function busy({ state, checkpoints, dynamic, relocation }: ChildMachine): string[] {
  if (state !== 'running') return [`It is ${state}.`];
  if (relocation.transit) return ['It is being migrated already.'];
  if (checkpoints.busy || checkpoints.merges) return ['A checkpoint is being made or merged.'];
  return dynamic && dynamic.smartPagedPages > 0 ? ['Part of its memory is lent by a file.'] : [];
}

function linkBetween(from: RunningHost, to: RunningHost): MigrationLink[] {
  const sender = from.migrationAdapter;
  const receiver = to.migrationAdapter;
  if (from === to || !sender || !receiver) return [];
  const { timers, costs } = from.parts;
  return [new MigrationLink(timers, sender, receiver, costs.get('migration-latency').amount)];
}
