import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GENERATED = [
  'src/language/generated/ast.ts',
  'src/language/generated/grammar.ts',
  'src/language/generated/module.ts',
  'docs/schema/host-model.schema.json',
  'docs/diagnostics.md',
];

describe('generated files', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-generated-'));
    execFileSync(process.execPath, ['scripts/generate.mjs', folder]);
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const path of GENERATED) {
    it(`${path} is what \`npm run generate\` writes`, () => {
      assert.equal(readFileSync(path, 'utf8'), readFileSync(join(folder, path), 'utf8'));
    });
  }
});
