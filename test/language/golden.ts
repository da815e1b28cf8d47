import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Compares with a file below `test/language/golden`; `UPDATE_GOLDEN=1` rewrites it. */
export function assertGolden(name: string, actual: string): void {
  const path = `test/language/golden/${name}`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  assert.ok(existsSync(path), `${path} is missing; run with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(path, 'utf8'));
}
