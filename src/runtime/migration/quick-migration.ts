import { formatNs } from '../../model/format.js';
import type { MigrationRecord } from '../../protocol/run-result.js';
import type { Transit } from '../parent/life/relocation.js';
import type { MigrationEnds } from './migrations.js';

/**
 * The way of Windows Server 2008: the child is saved on the shared disk, changes its host, and is restored there. Its
 * guest stands still all the time, and nobody asks it anything meanwhile.
 */
export class QuickMigration implements Transit {
  /** All of them are in the file. */
  readonly pages = 0;

  constructor(
    private readonly ends: MigrationEnds,
    private readonly record: MigrationRecord,
  ) {}

  begin(): void {
    const { from, to, source } = this.ends;
    from.parts.log.record('life', source.name, `quick migration to ${to.name}`, {
      detail: 'saved here, restored there',
    });
    source.saved.save((saved) => (saved ? this.move() : this.broken('it was not saved')));
    if (this.record.outcome === 'under way') source.relocation.transit = this;
  }

  ready(): void {}

  /** A host that is down, or has no room, leaves it saved. */
  refused(why: string): void {
    this.broken(`'${this.ends.to.name}' does not start it: ${why}`);
  }

  broken(why: string): void {
    const { from, source, target } = this.ends;
    source.relocation.transit = null;
    target.relocation.transit = null;
    this.end('failed', why);
    from.parts.log.record('fault', source.name, 'quick migration failed', { detail: why });
  }

  served(): void {
    const { to, target } = this.ends;
    this.record.carriedBytes = this.record.blackoutBytes;
    this.end('done');
    const { totalNs } = this.record;
    const detail = `stood still for ${formatNs(totalNs)}`;
    to.parts.log.record('life', target.name, 'quick migration done', { detail, durationNs: totalNs });
  }

  private move(): void {
    const { source, target, to } = this.ends;
    const { pages } = source.saved;
    source.relocation.transit = null;
    source.saved.discard();
    this.record.blackoutBytes = source.saved.fileBytes(pages);
    source.relocation.moveTo(target, `it lives on '${to.name}'`);
    target.saved.adopt(pages);
    target.relocation.transit = this;
    to.management.start(target);
  }

  private end(outcome: 'done' | 'failed', reason?: string): void {
    const { record, ends } = this;
    const { nowNs } = ends.from.parts.timers;
    record.outcome = outcome;
    if (reason !== undefined) record.reason = reason;
    record.totalNs = nowNs - record.beganNs;
    record.blackoutNs = outcome === 'done' ? record.totalNs : null;
    ends.ended(record);
  }
}
