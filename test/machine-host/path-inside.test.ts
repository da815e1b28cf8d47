import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { linkOnTheWay, pathInside } from '../../src/machine-host/path-inside.js';

describe('the files a definition may name', () => {
  const inside = (file: string) => pathInside('/home/a/hosts', '/home/a/hosts/lab', file);

  it('start at the folder of the definition', () => {
    assert.equal(inside('vmlinuz'), '/home/a/hosts/lab/vmlinuz');
    assert.equal(inside('./guest//vmlinuz'), '/home/a/hosts/lab/guest/vmlinuz');
    assert.equal(inside('../guest/vmlinuz'), '/home/a/hosts/guest/vmlinuz');
    assert.equal(inside('..\\guest\\vmlinuz'), '/home/a/hosts/guest/vmlinuz');
    assert.equal(inside('/home/a/hosts/x'), '/home/a/hosts/x');
    assert.equal(pathInside('/', '/lab', '../vmlinuz'), '/vmlinuz');
    assert.equal(pathInside('/c:/hosts', '/c:/hosts/lab', 'c:\\hosts\\x.img'), '/c:/hosts/x.img');
  });

  it('lie inside of the workspace folder', () => {
    for (const file of [
      '../../vmlinuz',
      '../../hosts2/vmlinuz',
      'a/../../../b',
      '..\\..\\secret',
      '../../../../../../etc/passwd',
      '/etc/passwd',
      '/home/a/hosts2',
      'c:\\windows',
      '..',
    ])
      assert.equal(inside(file), null, file);
  });

  it('do so however they are written', () => {
    const part = fc.constantFrom('..', '.', '', 'hosts', 'lab', 'a', 'home', 'c:', '...');
    const file = fc.array(fc.tuple(part, fc.constantFrom('/', '\\')), { maxLength: 12 });
    fc.assert(
      fc.property(file, (parts) => {
        const path = inside(parts.flat().join(''));
        if (path === null) return;
        assert.ok(path.startsWith('/home/a/hosts/'), path);
        assert.ok(!path.split('/').includes('..'), path);
      }),
    );
  });

  it('are reached over no link, wherever it is on the way', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hvhost-links-'));
    const isLink = async (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    try {
      mkdirSync(join(root, 'guest'));
      writeFileSync(join(root, 'guest/vmlinuz'), '');
      symlinkSync('/etc', join(root, 'away'));
      symlinkSync('/etc/passwd', join(root, 'guest/disk.img'));
      const link = (path: string) => linkOnTheWay(root, join(root, path), isLink);
      assert.equal(await link('guest/vmlinuz'), null);
      assert.equal(await link('guest/not-there-yet.img'), null);
      assert.equal(await link('away/passwd'), join(root, 'away'));
      assert.equal(await link('guest/disk.img'), join(root, 'guest/disk.img'));
      assert.equal(await linkOnTheWay(`${root}/`, join(root, 'away/passwd'), isLink), join(root, 'away'));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
