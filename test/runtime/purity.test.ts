import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What would let the world into a run, or make it differ between engines of JavaScript. */
const FORBIDDEN = [
  /\bMath\.random\b/,
  /\bDate\b/,
  /\bperformance\b/,
  /\bset(?:Timeout|Interval|Immediate)\b/,
  /\bqueueMicrotask\b/,
  /\bglobalThis\b/,
  /\bprocess\./,
  /\bcrypto\b/,
  // Approximated as each engine likes; the four operations and Math.sqrt are exact.
  /\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|cbrt|hypot|atan2?)\b/,
  /\btoLocale\w*\b/,
  /\bIntl\b/,
];

function breaches(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/(['"`])(?:\\.|(?!\1).)*\1/g, "''");
  return FORBIDDEN.flatMap((pattern) => pattern.exec(code)?.[0] ?? []);
}

describe('the runtime', () => {
  const src = join(import.meta.dirname, '../../src');
  const files = ['model', 'runtime'].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(src, room, name)),
  );

  it('owns time and chance: nothing in it asks the world', () => {
    const found = files.flatMap((file) => breaches(readFileSync(file, 'utf8')).map((breach) => `${file}: ${breach}`));
    assert.ok(files.length > 50);
    assert.deepEqual(found, []);
  });

  it('would be found out', () => {
    assert.deepEqual(breaches('const t = Date.now() + Math.random();'), ['Math.random', 'Date']);
    assert.deepEqual(breaches('// Date\nconst word = "performance";'), []);
  });
});
