import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IdealProcessors } from '../../../../src/runtime/hypervisor/ideal-processors.js';
import type { SmtCost } from '../../../../src/runtime/hypervisor/smt.js';
import {
  type Guest,
  Suspension,
  VirtualProcessors,
  VpState,
} from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { type TimerOwner, Timers } from '../../../../src/runtime/timers.js';

const RUNS = Number(process.env.HVHOST_RUNS ?? 40) * 10;

const deed = fc.record({
  inNs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
  vp: fc.nat({ max: 5 }),
  verb: fc.constantFrom(
    'wake',
    'wake',
    'wake',
    'interrupt',
    'interrupt',
    'suspend',
    'resume',
    'resume',
    'stop',
    'account',
  ),
  ns: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30_000 })),
  /** What the guest does to another VP, or to its own, at its next exit. */
  inExit: fc.constantFrom('wake', 'interrupt', 'suspend', 'resume', 'nothing', 'nothing'),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

const story = fc.record({
  lps: fc.integer({ min: 1, max: 4 }),
  hasSmt: fc.boolean(),
  shares: fc.array(
    fc.record({
      reserve: fc.constantFrom(0, 0.1),
      limit: fc.constantFrom(1, 0.5, 0.3),
      weight: fc.constantFrom(100, 300),
    }),
    { minLength: 6, maxLength: 6 },
  ),
  deeds: fc.array(deed, { maxLength: 60 }),
});

/** VPs to which things happen at any moment; whatever they were charged is accounted for. */
class Life implements Guest, TimerOwner {
  readonly timers = new Timers();
  readonly vps = new VirtualProcessors(6);
  readonly lps: IdealProcessors;
  readonly chargeNs = { contention: 0, work: 0, lost: 0 };
  private readonly slot: number;
  private readonly burst: number[] = [0, 0, 0, 0, 0, 0];
  private readonly inExit: (Deed | null)[] = [null, null, null, null, null, null];
  private acted = 0;

  constructor(
    {
      lps,
      hasSmt,
      shares,
    }: { lps: number; hasSmt: boolean; shares: readonly { reserve: number; limit: number; weight: number }[] },
    private readonly deeds: readonly Deed[],
  ) {
    const smt: SmtCost = {
      threadsPerCore: 2,
      throughputPercent: 125,
      contention: {
        chargeNs: (ns) => {
          this.chargeNs.contention += ns;
          return ns;
        },
      },
    };
    this.lps = new IdealProcessors(this.timers, this.vps, lps, hasSmt ? smt : null);
    for (const [i, share] of shares.entries()) this.vps.add(i, 1, share, this);
    this.slot = this.timers.add(this);
    this.lps.divide();
    this.timers.seal();
    for (let vp = 0; vp < 6; vp++) this.lps.resume(vp, Suspension.Explicit);
    if (deeds.length > 0) this.timers.arm(this.slot, deeds[0]!.inNs);
  }

  next(vp: number): number {
    const deed = this.inExit[vp]!;
    this.inExit[vp] = null;
    if (deed !== null && deed.inExit !== 'nothing')
      this.act({ ...deed, verb: deed.inExit, vp: (deed.vp + deed.ns) % 6 });
    return this.charge(this.burst[vp]!, vp);
  }

  interrupt(vp: number, leftNs: number): number {
    return leftNs + this.charge(this.burst[vp]!, vp);
  }

  fire(): void {
    const deed = this.deeds[this.acted++]!;
    this.burst[deed.vp] = deed.ns;
    this.inExit[deed.vp] = deed;
    this.act(deed);
    const following = this.deeds[this.acted];
    if (following) this.timers.arm(this.slot, this.timers.nowNs + following.inNs);
  }

  private charge(ns: number, vp: number): number {
    this.burst[vp] = 0;
    this.chargeNs.work += ns;
    return ns;
  }

  private act({ verb, vp, ns }: Deed): void {
    if (verb === 'wake') this.lps.wake(vp);
    else if (verb === 'interrupt') this.lps.interrupt(vp);
    else if (verb === 'suspend') this.lps.suspend(vp, 1 + (ns % 2));
    else if (verb === 'resume') this.lps.resume(vp, 1 + (ns % 2));
    else if (verb === 'stop') this.chargeNs.lost += this.lps.stop(vp);
    else this.lps.account();
  }

  /** The sums that must come out whatever happened. */
  audit(): void {
    const { vps, lps, chargeNs } = this;
    const now = this.timers.nowNs;
    lps.account();
    let ran = 0;
    let left = 0;
    for (let vp = 0; vp < 6; vp++) {
      ran += vps.runNs[vp]!;
      left += vps.burstNs[vp]!;
      const lived = vps.runNs[vp]! + vps.readyNs[vp]! + vps.waitingNs[vp]! + vps.suspendedNs[vp]!;
      assert.equal(lived, now, `the time of VP ${vp} in its states`);
      assert.ok(vps.readyNs[vp]! >= 0);
      assert.ok(vps.state[vp] !== VpState.Ready, 'a VP that is ready does not run');
      if (vps.state[vp] === VpState.Waiting) assert.equal(vps.burstNs[vp], 0);
    }
    assert.equal(ran + left + chargeNs.lost, chargeNs.work + chargeNs.contention);
    assert.equal(
      lps.times.busyNs.reduce((a, b) => a + b, 0),
      ran,
    );
    for (const busy of lps.times.busyNs) assert.ok(busy <= now, 'an LP was busier than time allows');
  }
}

describe('the life of VPs on ideal processors', () => {
  it('balances to the nanosecond whatever happens to them, and all their work is done or lost', () => {
    fc.assert(
      fc.property(story, ({ deeds, ...host }) => {
        const life = new Life(host, deeds);
        while (life.timers.nextNs() < Number.POSITIVE_INFINITY) {
          life.timers.step();
          life.audit();
        }
        for (let vp = 0; vp < 6; vp++) {
          const isHeld = life.vps.state[vp] === VpState.Suspended;
          assert.ok(isHeld || life.vps.burstNs[vp] === 0, `VP ${vp} has ${life.vps.burstNs[vp]} ns left for ever`);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
