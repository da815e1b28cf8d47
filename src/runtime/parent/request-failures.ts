import type { RunLog } from '../host-parts.js';

/** The requests of one child that a device answered with an error; the log says when that begins and ends. */
export class RequestFailures {
  count = 0;
  private failing = false;

  constructor(
    private readonly log: RunLog,
    private readonly child: string,
  ) {}

  failed(): void {
    this.count++;
    if (this.failing) return;
    this.failing = true;
    this.log.record('fault', this.child, 'requests fail', { detail: 'a device answers with errors' });
  }

  answered(): void {
    if (!this.failing) return;
    this.failing = false;
    this.log.record('fault', this.child, 'requests are answered again');
  }
}
