import type { GpadlOutcome, GpadlTable } from './gpadl.js';
import type { GuestAnswers } from './guest-answers.js';
import * as message from './messages.js';
import type { OfferTable } from './offer-table.js';

type GpadlMessage = Extract<message.GuestMessage, { type: 'gpadl header' | 'gpadl body' | 'gpadl teardown' }>;

/** What a guest says of the pages that it shares, and takes back. */
export class GpadlMessages {
  constructor(
    private readonly gpadls: GpadlTable,
    private readonly offers: OfferTable,
    private readonly answers: GuestAnswers,
  ) {}

  receive(received: GpadlMessage): void {
    switch (received.type) {
      case 'gpadl header':
        this.begin(received);
        break;
      case 'gpadl body':
        this.done(received.gpadl, this.gpadls.continue(received.gpadl, received.data));
        break;
      case 'gpadl teardown':
        this.tearDown(received.relid, received.gpadl);
        break;
    }
  }

  private begin(header: Extract<GpadlMessage, { type: 'gpadl header' }>): void {
    const { relid, gpadl, rangeBytes, rangeCount, data } = header;
    if (this.offers.get(relid) === undefined) {
      this.answers.ignored(`a GPADL names channel ${relid}, which is not offered`);
      return;
    }
    this.done(gpadl, this.gpadls.begin(relid, gpadl, rangeBytes, rangeCount, data));
  }

  private done(handle: number, outcome: GpadlOutcome): void {
    if (outcome.kind === 'more') return;
    if (outcome.kind === 'ignored') {
      this.answers.ignored(outcome.reason);
      return;
    }
    if (outcome.kind === 'refused') this.answers.ignored(`GPADL ${handle} is refused: ${outcome.reason}`);
    const status = outcome.kind === 'created' ? message.SUCCESS : message.UNSUCCESSFUL;
    this.answers.send(message.gpadlCreated(outcome.relid, handle, status));
  }

  private tearDown(relid: number, handle: number): void {
    const open = this.offers.get(relid)?.open;
    if (open?.gpadl === handle) open.channel.fail('its ring was torn down while it was open');
    else if (open?.service.uses?.(handle)) open.channel.fail('memory that it uses was torn down');
    if (this.gpadls.remove(handle, relid)) this.answers.send(message.gpadlTorndown(handle));
    else this.answers.ignored(`GPADL ${handle} is torn down but not there`);
  }
}
