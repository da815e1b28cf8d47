import assert from 'node:assert/strict';
import { HostProcessors } from '../../src/machine-host/host-processors.js';
import type { Child } from '../../src/model/host-model.js';
import { cathedral } from '../model/cathedral.js';

function child(weight: number, reservePercent = 0, limitPercent = 100): Child {
  return { ...cathedral().children[0]!, processors: { count: 1, reservePercent, limitPercent, weight } };
}

describe('the processors of a host and its machine children', () => {
  let nowNs = 0;
  const hosts = (count: number) => new HostProcessors(count, () => nowNs);
  const member = (host: HostProcessors, of: Child) => {
    const told: number[] = [];
    const seat = host.join(of, (share) => told.push(Math.round(share * 100)));
    return { told, seat, share: () => told.at(-1) ?? 100 };
  };
  const hungry = { used: 1, demand: 1 };

  beforeEach(() => {
    nowNs = 0;
  });

  it('are divided by weight while there are too few, and free again when somebody leaves', () => {
    const host = hosts(1);
    const [light, heavy] = [member(host, child(100)), member(host, child(300))];
    assert.deepEqual([light.share(), heavy.share()], [25, 75]);
    heavy.seat.leave();
    assert.equal(light.share(), 100);
  });

  it("are nobody else's business while there are enough", () => {
    const host = hosts(2);
    const members = [member(host, child(1)), member(host, child(10_000))];
    assert.deepEqual(
      members.map(({ told }) => told),
      [[], []],
    );
  });

  it('are left to others by who sleeps', () => {
    const host = hosts(1);
    const [sleeper, worker] = [member(host, child(100)), member(host, child(100))];
    assert.equal(worker.share(), 50);
    sleeper.seat.hear({ used: 0.08, demand: 0.08 });
    assert.equal(worker.share(), 90);
    nowNs = 1e9;
    worker.seat.hear(hungry);
    assert.equal(worker.share(), 100);
    sleeper.seat.hear(hungry);
    assert.deepEqual([sleeper.share(), worker.share()], [50, 50]);
  });

  it('are kept for who has a reserve', () => {
    const host = hosts(1);
    const reserved = member(host, child(1, 60));
    const others = [member(host, child(10_000)), member(host, child(10_000))];
    assert.ok(reserved.share() >= 60);
    assert.deepEqual(
      others.map(({ share }) => share()),
      [20, 20],
    );
  });
});
