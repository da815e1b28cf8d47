import assert from 'node:assert/strict';
import { diagnosticsOf, HARDWARE, listDiagnostics } from '../workbench.js';

/** Numbers without pattern, the same on every run. */
function* noise(): Generator<number> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function noisyText(size: number, pieces: string[]): string {
  const random = noise();
  let text = '';
  while (text.length < size) text += `${pieces[Math.floor((random.next().value ?? 0) * pieces.length)]}`;
  return text;
}

const FIVE_MB = 5 * 1024 ** 2;
const WORDS = [
  'host ',
  'child ',
  '{ ',
  '} ',
  '"text" ',
  '12 ',
  'GB ',
  'on ',
  'banana ',
  'workload ',
  '\n',
  'disk ',
  ', ',
];
const CHARACTERS = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));

describe('noise', () => {
  it('of 5 MB of words is one error at its begin', async () => {
    const diagnostics = await diagnosticsOf(noisyText(FIVE_MB, WORDS));
    assert.deepEqual(
      diagnostics.map(({ code, range }) => [code, range.start.line]),
      [['HV001', 0]],
    );
  });

  it('of 5 MB of characters is one error', async () => {
    const diagnostics = await diagnosticsOf(noisyText(FIVE_MB, CHARACTERS));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['HV002'],
    );
  });

  it('does not spoil the next file', async () => {
    await diagnosticsOf(noisyText(100_000, WORDS));
    assert.equal(listDiagnostics(await diagnosticsOf(HARDWARE)), '');
  });

  it('behind good text leaves no more than ten syntax errors', async () => {
    const diagnostics = await diagnosticsOf(`${HARDWARE}\n${'banana { on\n'.repeat(50)}`);
    const syntax = diagnostics.filter(({ code }) => code === 'HV001');
    assert.ok(syntax.length > 0 && syntax.length <= 10, listDiagnostics(diagnostics));
  });
});
