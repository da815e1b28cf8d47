import { type VirtualProcessors, VpState } from './virtual-processors.js';

/** The less the sooner it runs. */
export const Priority = { Boost: 0, Under: 1, Over: 2 } as const;

/** What a domain gets in an accounting period, and how deep each of its VPs may be in debt before it is parked. */
interface Deal {
  creditEach: number;
  capEach: number;
}

/** A domain some of whose VPs are active: its claim to the time of all processors. */
interface Domain {
  partition: number;
  vps: number;
  /** Of its active VPs together. */
  weight: number;
  cap: number;
  most: number;
  credit: number;
}

/**
 * Credits of the credit scheduler, in ns of run time. Every accounting period the time of all processors is dealt out to
 * the domains by the weight of their active VPs, up to their cap, and to the VPs of each in equal parts, but at least one
 * credit; running burns credit. Who has credit is under, who has none is over, and who wakes with credit is boosted until a
 * tick of running has passed.
 */
export class CreditAccounts {
  readonly priority: Uint8Array;
  /** 1 for a capped VP that is too deep in debt to run. */
  readonly parked: Uint8Array;
  private readonly credit: Float64Array;
  private readonly boostLeft: Float64Array;
  private readonly isActive: Uint8Array;
  private active: number[] = [];
  readonly periodNs: number;

  constructor(
    private readonly vps: VirtualProcessors,
    private readonly lpCount: number,
    private readonly tickNs: number,
    /** One credit, the least that a VP is dealt. */
    private readonly creditNs: number,
  ) {
    this.priority = new Uint8Array(vps.count).fill(Priority.Under);
    this.parked = new Uint8Array(vps.count);
    this.credit = new Float64Array(vps.count);
    this.boostLeft = new Float64Array(vps.count);
    this.isActive = new Uint8Array(vps.count);
    this.periodNs = 3 * tickNs;
  }

  get anyActive(): boolean {
    return this.active.length > 0;
  }

  /** From when it gets a processor, a VP takes part. */
  activate(vp: number): void {
    if (this.isActive[vp] === 1) return;
    this.isActive[vp] = 1;
    this.active.push(vp);
  }

  spend(vp: number, ns: number): void {
    this.credit[vp] = this.credit[vp]! - ns;
    this.boostLeft[vp] = this.boostLeft[vp]! - ns;
  }

  wake(vp: number): void {
    if (this.priority[vp] !== Priority.Under) return;
    this.priority[vp] = Priority.Boost;
    this.boostLeft[vp] = this.tickNs;
  }

  /** How long it may run until its boost is over; Infinity without one. */
  boostNs(vp: number): number {
    return this.priority[vp] === Priority.Boost ? Math.max(1, this.boostLeft[vp]!) : Number.POSITIVE_INFINITY;
  }

  /** Ends a boost that is over. */
  endBoost(vp: number): void {
    if (this.priority[vp] === Priority.Boost && this.boostLeft[vp]! <= 0) this.priority[vp] = Priority.Under;
  }

  /** The end of an accounting period: returns the VPs that had taken part in it. */
  settle(): number[] {
    const dealt = this.deal();
    const vps = this.active;
    this.active = [];
    for (const vp of vps) {
      this.isActive[vp] = 0;
      this.receive(vp, dealt.get(this.vps.partition[vp]!)!);
    }
    return vps;
  }

  /** New credit: a new priority, and perhaps parked or free again. */
  private receive(vp: number, { creditEach, capEach }: Deal): void {
    const credit = this.credit[vp]! + creditEach;
    this.priority[vp] = credit < 0 ? Priority.Over : Priority.Under;
    if (credit < 0) {
      if (capEach < Number.POSITIVE_INFINITY && credit < -capEach) this.parked[vp] = 1;
      this.credit[vp] = Math.max(credit, -this.periodNs);
    } else {
      this.parked[vp] = 0;
      // Whoever saves credit does not use its share; half of it is a head start for when it does.
      this.credit[vp] = credit > this.periodNs ? credit / 2 : credit;
      if (credit > this.periodNs && this.vps.state[vp] !== VpState.Running) return;
    }
    this.activate(vp);
  }

  /** The time of all processors, dealt out by weight; what a domain cannot take goes to the others. */
  private deal(): Map<number, Deal> {
    const domains = this.activeDomains();
    let left = this.lpCount * this.periodNs;
    let takers = [...domains];
    while (takers.length > 0) {
      const weight = takers.reduce((sum, domain) => sum + domain.weight, 0);
      const full = takers.filter((domain) => (left * domain.weight) / weight >= domain.most);
      const served = full.length > 0 ? full : takers;
      const each = left / weight;
      for (const domain of served) {
        domain.credit = Math.min(domain.most, each * domain.weight);
        left -= domain.credit;
      }
      takers = full.length > 0 ? takers.filter((domain) => !full.includes(domain)) : [];
    }
    return new Map(
      domains.map(({ partition, credit, cap, vps }) => [
        partition,
        { creditEach: Math.max(this.creditNs, Math.floor(credit / vps)), capEach: cap / vps },
      ]),
    );
  }

  private activeDomains(): Domain[] {
    const domains = new Map<number, Domain>();
    for (const vp of this.active) {
      const partition = this.vps.partition[vp]!;
      const { weight } = this.vps.shares[vp]!;
      const domain = domains.get(partition) ?? {
        partition,
        vps: 0,
        weight: 0,
        cap: this.capNs(partition),
        most: 0,
        credit: 0,
      };
      domain.vps++;
      domain.weight += weight;
      domain.most = Math.min(domain.cap, domain.vps * this.periodNs);
      domains.set(partition, domain);
    }
    return [...domains.values()];
  }

  /** The cap of a domain per period: its VPs' limits together; Infinity for none. */
  private capNs(partition: number): number {
    let cap = 0;
    for (let vp = 0; vp < this.vps.count; vp++) {
      if (this.vps.partition[vp] !== partition) continue;
      const { limit } = this.vps.shares[vp]!;
      if (limit >= 1) return Number.POSITIVE_INFINITY;
      cap += limit * this.periodNs;
    }
    return cap;
  }
}
