import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { URI } from 'langium';
import { ConfinedFileSystem } from '../../../src/language/server/confined-file-system.js';

describe('the files of a workspace that is not trusted', () => {
  let folder = '';
  const uri = (path: string) => URI.parse(pathToFileURL(join(folder, path)).toString());
  const confined = () => {
    const files = new ConfinedFileSystem();
    files.confine([uri('work').toString()]);
    return files;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-trust-'));
    mkdirSync(join(folder, 'work'));
    mkdirSync(join(folder, 'work2'));
    for (const file of ['work/own.hvhost', 'work2/secret.hvhost', 'secret.hvhost'])
      writeFileSync(join(folder, file), file);
    symlinkSync(join(folder, 'secret.hvhost'), join(folder, 'work/link.hvhost'));
    symlinkSync(join(folder, 'work2'), join(folder, 'work/away'));
    symlinkSync(join(folder, 'work/own.hvhost'), join(folder, 'work/alias.hvhost'));
    symlinkSync(join(folder, 'work'), join(folder, 'other-name'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are read, over links that stay inside as well', async () => {
    assert.equal(await confined().readFile(uri('work/own.hvhost')), 'work/own.hvhost');
    assert.equal(await confined().readFile(uri('work/alias.hvhost')), 'work/own.hvhost');
    assert.equal((await confined().readDirectory(uri('work'))).length, 4);
    const linked = new ConfinedFileSystem();
    linked.confine([uri('other-name').toString()]);
    assert.equal(linked.readFileSync(uri('other-name/own.hvhost')), 'work/own.hvhost');
  });

  it('are all that is read', async () => {
    const outside = [
      'secret.hvhost',
      'work/../secret.hvhost',
      'work2/secret.hvhost',
      'work/link.hvhost',
      'work/away/secret.hvhost',
    ];
    for (const path of outside) {
      await assert.rejects(confined().readFile(uri(path)), /outside of the workspace, which is not trusted/, path);
      assert.throws(() => confined().readFileSync(uri(path)), /outside of the workspace/, path);
    }
    await assert.rejects(confined().readDirectory(uri('work/away')), /outside of the workspace/);
    const nothing = new ConfinedFileSystem();
    nothing.confine([]);
    await assert.rejects(nothing.readFile(uri('work/own.hvhost')), /outside of the workspace/);
  });

  it('are not confined where the workspace is trusted', async () => {
    assert.equal(await new ConfinedFileSystem().readFile(uri('work/link.hvhost')), 'secret.hvhost');
  });
});
