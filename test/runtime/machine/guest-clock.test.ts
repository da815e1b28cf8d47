import assert from 'node:assert/strict';
import { GuestClock } from '../../../src/runtime/child/guest-clock.js';
import { FakeClock } from './fake-cpu.js';

describe("a partition's clock", () => {
  it('starts at 0 and stands still while the partition is suspended, however often that is said', () => {
    const host = new FakeClock();
    host.timeNs = 7_000;
    const clock = new GuestClock(host);
    assert.equal(clock.nowNs(), 0);
    host.timeNs = 8_000;
    clock.stop();
    host.timeNs = 50_000;
    clock.stop();
    assert.equal(clock.nowNs(), 1_000);
    clock.go();
    host.timeNs = 51_000;
    clock.go();
    assert.equal(clock.nowNs(), 2_000);
  });

  it('goes on where a snapshot left it, with the wall time of now', () => {
    const host = new FakeClock();
    const clock = new GuestClock(host);
    clock.set(5e9);
    host.timeNs = 1_000;
    assert.equal(clock.nowNs(), 5e9);
    clock.go();
    host.timeNs = 1_500;
    assert.equal(clock.nowNs(), 5e9 + 500);
    assert.equal(clock.wallTimeMs(), host.wallMs);
  });
});
