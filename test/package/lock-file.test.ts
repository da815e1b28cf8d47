import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { missingPackages } from '../../scripts/complete-lock.mjs';

describe('the lock file', () => {
  for (const folder of ['.', 'test/vscode/rig']) {
    it(`of ${folder} names the packages of every platform, so that npm ci takes it`, () => {
      const lock = JSON.parse(readFileSync(`${folder}/package-lock.json`, 'utf8'));
      assert.deepEqual(missingPackages(lock), []);
    });
  }

  it('is found wanting when a platform is missing', () => {
    const packages = { '': {}, 'node_modules/a': { optionalDependencies: { '@a/linux-x64': '1.0.0' } } };
    assert.deepEqual(missingPackages({ packages }), [{ name: '@a/linux-x64', version: '1.0.0' }]);
  });
});
