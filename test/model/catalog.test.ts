import assert from 'node:assert/strict';
import { findGuest, GUESTS, guestProcessorLimit } from '../../src/model/catalog/guests.js';
import type { HostLimits, Limit, MachineLimits } from '../../src/model/catalog/release.js';
import { findRelease, RELEASES } from '../../src/model/catalog/releases.js';

describe('the catalog of releases', () => {
  it('goes from four virtual processors a machine to 2,048', () => {
    const most = RELEASES.map(({ machine }) => (machine.virtualProcessorsGen2 ?? machine.virtualProcessorsGen1).value);
    assert.deepEqual(most, [4, 4, 4, 64, 64, 240, 240, 1024, 2048]);
  });

  it('gives each limit a source and a positive value', () => {
    for (const release of RELEASES) {
      const limits = [...limitsOf(release.host), ...limitsOf(release.machine)];
      for (const limit of limits) {
        if (limit === null) continue;
        assert.ok(Number.isSafeInteger(limit.value) && limit.value > 0, release.id);
        assert.ok(limit.source.text.length > 0);
      }
    }
  });

  it('offers the default scheduler of each release', () => {
    for (const { id, defaultScheduler, schedulers } of RELEASES)
      assert.ok(schedulers.kinds.includes(defaultScheduler), id);
  });

  it('finds a release however its letters are written', () => {
    assert.equal(findRelease('2008r2sp1')?.title, 'Windows Server 2008 R2 SP1');
    assert.equal(findRelease('1999'), undefined);
  });
});

describe('the catalog of guests', () => {
  it('recognises each by its own title, and the more specific name first', () => {
    for (const guest of GUESTS) assert.equal(findGuest(guest.title)?.id, guest.id);
    assert.equal(findGuest('Windows Server 2012 R2 Datacenter')?.id, 'ws2012r2');
    assert.equal(findGuest('TempleOS'), undefined);
  });

  it('limits processors by host release: Windows Server 2008 has 4 on 2008 R2, 8 from 2012', () => {
    const guest = findGuest('Windows Server 2008')!;
    assert.equal(guestProcessorLimit(guest, '2008R2')?.value, 4);
    assert.equal(guestProcessorLimit(guest, '2022')?.value, 8);
    assert.equal(guestProcessorLimit(findGuest('Windows 11')!, '2008'), undefined);
  });
});

function limitsOf(limits: HostLimits | MachineLimits): (Limit | null)[] {
  return Object.values(limits);
}
