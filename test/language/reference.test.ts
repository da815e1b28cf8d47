import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allKeywords } from '../../src/language/parsing/grammar-words.js';
import { diagnosticsOf, listDiagnostics } from './workbench.js';

const reference = readFileSync('docs/language.md', 'utf8');

describe('language reference', () => {
  it('shows blocks that together are one file without faults', async () => {
    const blocks = [...reference.matchAll(/```hvhost\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    assert.ok(blocks.length >= 5);
    const diagnostics = await diagnosticsOf(blocks.join('\n'));
    assert.equal(listDiagnostics(diagnostics), '');
  });

  it('names every keyword', () => {
    const missing = allKeywords().filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(reference));
    assert.deepEqual(missing, []);
  });
});
