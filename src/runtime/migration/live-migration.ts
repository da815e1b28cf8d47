import { livePasses } from '../../model/catalog/migrations.js';
import { formatBytes, formatNs } from '../../model/format.js';
import type { MigrationRecord } from '../../protocol/run-result.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import { Quiescence } from '../parent/life/quiescence.js';
import type { Transit } from '../parent/life/relocation.js';
import { MemoryStream } from './memory-stream.js';
import type { MigrationLink } from './migration-link.js';
import type { MigrationEnds } from './migrations.js';

/** While memory is being ballooned or added, a migration looks again after this time. */
const BUSY_NS = 100_000_000;

/**
 * Pre-copy (Clark et al., NSDI 2005): the destination makes a partition of as many pages; the memory is sent while the guest
 * runs, then again what it has written to meanwhile, until the rest is small or the release allows no further pass; then
 * its processors stand still, the rest goes with the state of processors and devices, and the guest goes on over there.
 * Until that is there, whatever happens leaves the guest where it was.
 */
export class LiveMigration implements Transit {
  pages = 0;
  private underWay: { stop(): void } | null = null;
  private passBeganNs = 0;
  private passPages = 0;
  private stoodStillNs: number | null = null;
  private switchedOver = false;

  constructor(
    private readonly ends: MigrationEnds,
    private readonly link: MigrationLink,
    private readonly record: MigrationRecord,
  ) {}

  begin(): void {
    const { from, source, target, to } = this.ends;
    source.relocation.transit = this;
    target.relocation.transit = this;
    from.parts.log.record('life', source.name, `live migration to ${to.name}`, { detail: 'the hosts agree' });
    source.dynamic?.hold();
    target.after(from.parts.costs.get('migration-setup').charge(), () => this.prepare());
  }

  ready(): void {
    const { from, source } = this.ends;
    source.work.dirty.watch(from.parts.costs, this.pages, this.nowNs);
    this.pass(this.pages);
  }

  refused(why: string): void {
    this.fail(`'${this.ends.to.name}' does not take it: ${why}`);
  }

  broken(why: string): void {
    if (this.switchedOver) this.end('failed', why);
    else this.fail(why);
  }

  served(): void {
    const { target, to } = this.ends;
    this.end('done');
    const { log } = to.parts;
    if (target.child.nics.length > 0)
      log.record('life', target.name, 'its switch announces it', {
        detail: 'gratuitous ARP: frames come to this host',
      });
    log.record('life', target.name, 'live migration done', {
      detail: `${this.record.rounds.length} passes over memory, stood still for ${formatNs(this.record.blackoutNs!)}`,
      durationNs: this.record.totalNs,
    });
  }

  /** The destination makes the partition, for as many pages as the guest has once nothing changes them any more. */
  private prepare(): void {
    const { source, target, to } = this.ends;
    if (source.dynamic?.busy) {
      target.after(BUSY_NS, () => this.prepare());
      return;
    }
    this.pages = source.partition!.space.pages;
    to.management.start(target);
  }

  /** Sends so many pages while the guest runs. */
  private pass(pages: number): void {
    this.passBeganNs = this.nowNs;
    this.passPages = pages;
    this.send(pages * PAGE_BYTES, () => this.passed());
  }

  private passed(): void {
    const { from, source } = this.ends;
    const { log, costs, model } = from.parts;
    const durationNs = this.nowNs - this.passBeganNs;
    const { rounds } = this.record;
    rounds.push({ pages: this.passPages, durationNs });
    const detail = `${formatBytes(this.passPages * PAGE_BYTES)} sent`;
    log.record('memory', source.name, `pass ${rounds.length} over memory`, { detail, durationNs });
    const dirty = source.work.dirty.take(this.nowNs);
    const restNs = (dirty * durationNs) / this.passPages;
    const enough = restNs <= costs.get('migration-rest').amount;
    if (dirty > 0 && !enough && rounds.length < livePasses(model.hypervisor.release).value) this.pass(dirty);
    else this.standStill(dirty);
  }

  /** No processor of the guest runs any more; what its devices have begun comes to rest. */
  private standStill(dirty: number): void {
    const { from, source } = this.ends;
    this.stoodStillNs = this.nowNs;
    source.vps.suspend();
    source.setState('migrating');
    from.parts.log.record('life', source.name, 'every VP suspended', { detail: 'the rest of its state is sent' });
    const rest = new Quiescence(from.parts.root, source.disks, () => {
      const pages = dirty + source.work.dirty.take(this.nowNs);
      this.record.blackoutBytes = pages * PAGE_BYTES + from.parts.costs.get('state-devices').amount;
      this.send(this.record.blackoutBytes, () => this.switchOver());
    });
    this.underWay = rest;
    rest.start();
  }

  /** Everything is there: from here on the guest is the destination's. */
  private switchOver(): void {
    const { source, target, to } = this.ends;
    source.work.dirty.stop();
    this.switchedOver = true;
    source.relocation.transit = null;
    source.relocation.moveTo(target, `it lives on '${to.name}'`);
    target.goOn();
  }

  /** The guest goes on where it was. */
  private fail(why: string): void {
    const { from, source, target } = this.ends;
    this.underWay?.stop();
    source.work.dirty.stop();
    source.relocation.transit = null;
    target.relocation.transit = null;
    this.end('failed', why);
    from.parts.log.record('fault', source.name, 'live migration failed', { detail: why });
    target.turnOff('the migration failed');
    target.setState(target.isNative ? 'moved' : 'off', `it lives on '${from.name}'`);
    source.dynamic?.goOn();
    if (source.state !== 'migrating') return;
    source.setState('running');
    source.vps.resume();
  }

  private end(outcome: 'done' | 'failed', reason?: string): void {
    const { record } = this;
    record.outcome = outcome;
    if (reason !== undefined) record.reason = reason;
    record.totalNs = this.nowNs - record.beganNs;
    record.blackoutNs = this.stoodStillNs === null ? null : this.nowNs - this.stoodStillNs;
    this.ends.ended(record);
  }

  private send(bytes: number, done: () => void): void {
    const { from, to, source } = this.ends;
    const title = `migration of ${source.name}`;
    const failed = () => this.fail('the migration network was lost for too long');
    const carried = (count: number) => {
      this.record.carriedBytes += count;
    };
    const stream = new MemoryStream(title, from.parts, to.parts, this.link, bytes, { carried, done, failed });
    this.underWay = stream;
    stream.start();
  }

  private get nowNs(): number {
    return this.ends.from.parts.timers.nowNs;
  }
}
