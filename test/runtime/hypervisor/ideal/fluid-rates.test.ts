import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FluidRates, Master } from '../../../../src/runtime/hypervisor/fluid-rates.js';
import { shareClasses } from '../../../../src/runtime/hypervisor/share-classes.js';
import type { VpShare } from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { waterFilling } from '../water-filling.js';

const RUNS = Number(process.env.HVHOST_RUNS ?? 40) * 100;
const NEARLY = 1e-9;

const share = fc.record({
  reserve: fc.oneof(fc.constantFrom(0, 0.1, 0.25, 0.5), fc.double({ min: 0, max: 1, noNaN: true })),
  limit: fc.oneof(fc.constantFrom(1, 0.75, 0.5), fc.double({ min: 0.01, max: 1, noNaN: true })),
  weight: fc.oneof(fc.constantFrom(50, 100, 200), fc.integer({ min: 1, max: 10_000 })),
});

/** A share of few different ones, so that classes have several members; not all of them run. */
const vps = (shares: readonly VpShare[]) =>
  fc.array(
    fc.record({ share: fc.constantFrom(...shares), runs: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }) }),
    {
      minLength: 1,
      maxLength: 24,
    },
  );

const host = fc
  .record({ lps: fc.integer({ min: 1, max: 12 }), shares: fc.array(share, { minLength: 1, maxLength: 6 }) })
  .chain(({ lps, shares }) => vps(shares).map((all) => ({ lps, all })));

/** Reserves as admission lets them through: not more than there is, and not more than the limit. */
function admitted(all: readonly { share: VpShare }[], lps: number): VpShare[] {
  const wanted = all.reduce((sum, { share: { reserve, limit } }) => sum + Math.min(reserve, limit), 0);
  const part = Math.min(1, (0.9 * lps) / wanted);
  return all.map(({ share }) => ({ ...share, reserve: Math.min(share.reserve, share.limit) * part }));
}

/** Of one VP of a class. */
function rateOf({ master, factor, level, scale }: FluidRates, one: number): number {
  return factor[one]! * (master[one] === Master.Level ? level : scale);
}

/** The rate of each VP that runs, where those of `before` ran before. */
function ratesOf(
  rates: FluidRates,
  shares: readonly VpShare[],
  runs: readonly boolean[],
  before: readonly boolean[] = [],
): number[] {
  const { classOf } = shareClasses(shares);
  shares.forEach((_, vp) => {
    rates.add(classOf[vp]!, Number(runs[vp]!) - Number(before[vp] ?? false));
  });
  rates.solve();
  return shares.flatMap((_, vp) => (runs[vp] ? [rateOf(rates, classOf[vp]!)] : []));
}

describe('the rates of a fluid', () => {
  it('are the max-min allocation of those who run, at one moment after the other', () => {
    fc.assert(
      fc.property(host, ({ lps, all }) => {
        const shares = admitted(all, lps);
        const rates = new FluidRates(shareClasses(shares), lps);
        for (let moment = 0; moment < 6; moment++) {
          const runs = all.map((vp) => vp.runs[moment]!);
          const claims = shares.filter((_, vp) => runs[vp]);
          const expected = waterFilling(claims, lps);
          const before = moment === 0 ? [] : all.map((vp) => vp.runs[moment - 1]!);
          ratesOf(rates, shares, runs, before).forEach((rate, i) => {
            assert.ok(Math.abs(rate - expected[i]!) < NEARLY, `${rate}, expected ${expected[i]}`);
          });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('share what there is by reserve where reserves are more than that', () => {
    const shares = [0.8, 0.8, 0.4].map((reserve) => ({ reserve, limit: 1, weight: 100 }));
    const rates = new FluidRates(shareClasses(shares), 1);
    const each = ratesOf(rates, shares, [true, true, true]);
    [0.4, 0.4, 0.2].forEach((expected, i) => {
      assert.ok(Math.abs(each[i]! - expected) < NEARLY);
    });
  });

  it('keep groups, and nobody could have more but at the cost of one that has less', () => {
    const groups = [{ name: 'A', processors: 1.5 }, { name: 'B', processors: 0.5 }, undefined];
    const grouped = host.chain(({ lps, all }) =>
      fc.tuple(...all.map(() => fc.constantFrom(...groups))).map((of) => ({ lps, all, of })),
    );
    fc.assert(
      fc.property(grouped, ({ lps, all, of }) => {
        const shares = admitted(all, Math.min(lps, 0.5)).map((one, vp) => ({ ...one, group: of[vp] }));
        const rates = new FluidRates(shareClasses(shares), lps);
        const each = ratesOf(
          rates,
          shares,
          shares.map(() => true),
        );
        const sum = (of: (vp: number) => boolean) => each.reduce((all, rate, vp) => all + (of(vp) ? rate : 0), 0);
        const isFull = (name: string | undefined) => {
          const group = groups.find((one) => one?.name === name);
          if (group === undefined) return false;
          const used = sum((vp) => shares[vp]!.group === group);
          assert.ok(used <= group.processors + NEARLY, `group ${name} has ${used}`);
          return used > group.processors - NEARLY;
        };
        const total = sum(() => true);
        assert.ok(total <= lps + NEARLY);
        const couldHaveMore = shares.map(({ limit, group }, vp) => each[vp]! < limit - NEARLY && !isFull(group?.name));
        if (total < lps - NEARLY) assert.ok(!couldHaveMore.includes(true), 'somebody could have more');
        shares.forEach((one, i) => {
          assert.ok(each[i]! >= one.reserve - NEARLY && each[i]! <= one.limit + NEARLY);
          if (each[i]! <= one.reserve + NEARLY) return;
          shares.forEach((other, j) => {
            const isRival =
              couldHaveMore[j]! || (other.group && other.group === one.group && each[j]! < other.limit - NEARLY);
            if (isRival)
              assert.ok(each[i]! / one.weight <= each[j]! / other.weight + NEARLY, `${i} has what ${j} should`);
          });
        });
      }),
      { numRuns: RUNS },
    );
  });
});
