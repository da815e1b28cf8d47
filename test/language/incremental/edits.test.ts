import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { URI } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { workbench } from '../workbench.js';
import { everythingAbout } from './everything.js';

const FILES: Record<string, string> = Object.fromEntries(
  ['cathedral', 'modern', 'lab', 'does-not-fit', 'hardware/proliant', 'hardware/twin-epyc'].map((name) => [
    `/${name}.hvhost`,
    readFileSync(`examples/${name}.hvhost`, 'utf8'),
  ]),
);
const TINY = `hardware Box { memory 64 GB ecc  disk d0 2 TB ssd  nic lan1 10 Gb/s }
// one
host A on Box { hypervisor hyper-v 2022  switch S external on lan1  parent "Windows Server 2022"
  child a "Debian 12" { memory 1 GB disk "a.vhdx" 10 GB on d0 nic on S runs W } } host B on Box {
  hypervisor hyper-v 2022 parent "Windows Server 2022" child b "Debian 12" { memory 1 GB runs V } } // two
workload W { requests 1 / s cpu 1 ms }
/* three */ workload V { requests 1 / s cpu 1 ms }
scenario X on A { at 0 s start all at 1 s a requests 2 / s }
scenario Y on B { at 0 s start all expect b latency < 4 ms after 1 s }
`;
const TEXTS = [TINY, TINY.replaceAll('\n', '\r\n'), ...Object.values(FILES)];
const FRAGMENTS = [
  '{',
  '}',
  '"',
  '/*',
  '*/',
  '//',
  '\n',
  '\r\n',
  ' ',
  '5',
  '1.5',
  'GB',
  '§',
  '*',
  ',',
  '/',
  '-',
  'x',
  'host',
  'host Z on Box {',
  'workload W { }',
  'import "hardware/proliant.hvhost"\n',
  'import "hardware/twin-epyc.hvhost"\n',
  'import "modern.hvhost"',
  'child c "Debian 12" {',
  'scenario Q on A { }',
  'on',
  'all',
  '} host K on Box { }',
  '"open',
  'hardware Box { }',
];

/** Positions are parts of the text, because it changes on the way. */
const part = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: part, text: fc.constantFrom(...FRAGMENTS) }),
  fc.record({ kind: fc.constant('remove' as const), at: part, length: fc.nat({ max: 12 }) }),
  fc.record({ kind: fc.constant('removeWord' as const), at: part }),
  fc.record({ kind: fc.constant('replaceWord' as const), at: part, text: fc.constantFrom(...FRAGMENTS) }),
  fc.record({ kind: fc.constant('removeSpan' as const), at: part, to: part }),
  fc.record({ kind: fc.constant('copyLines' as const), at: part, lines: fc.nat({ max: 9 }), to: part }),
  fc.record({ kind: fc.constant('undo' as const) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function apply(text: string, change: Edit, history: string[]): string {
  if (change.kind === 'undo') return history.at(-2) ?? text;
  const at = Math.floor(change.at * text.length);
  switch (change.kind) {
    case 'insert':
      return text.slice(0, at) + change.text + text.slice(at);
    case 'remove':
      return text.slice(0, at) + text.slice(at + change.length);
    case 'removeWord':
    case 'replaceWord': {
      const words = [...text.matchAll(/"[^"\n]*"|[\w-]+|[^\s\w]/g)];
      const word = words[Math.min(words.length - 1, Math.floor(change.at * words.length))];
      if (!word) return text;
      return (
        text.slice(0, word.index) +
        (change.kind === 'removeWord' ? '' : change.text) +
        text.slice(word.index + word[0].length)
      );
    }
    case 'removeSpan': {
      const end = Math.floor(change.to * text.length);
      // Most long ones would leave nothing to test.
      return Math.abs(end - at) > text.length / 3
        ? text
        : text.slice(0, Math.min(at, end)) + text.slice(Math.max(at, end));
    }
    case 'copyLines': {
      const lines = text.split('\n');
      const from = Math.floor(change.at * lines.length);
      lines.splice(Math.floor(change.to * lines.length), 0, ...lines.slice(from, from + change.lines));
      return lines.join('\n');
    }
  }
}

const edited = workbench(FILES);
const fresh = workbench(FILES);
const uri = URI.file('/edited.hvhost');
let version = 0;

async function show(bench: typeof edited, text: string, anew: boolean): Promise<object> {
  const { DocumentBuilder, LangiumDocuments, TextDocuments } = bench.shared.workspace;
  if (anew) await DocumentBuilder.update([], [uri]);
  TextDocuments.set(TextDocument.create(uri.toString(), 'hvhost', ++version, text));
  await DocumentBuilder.update([uri], []);
  const document = LangiumDocuments.getDocument(uri);
  assert.ok(document);
  return everythingAbout(document, bench);
}

describe('editing', () => {
  it('gives what reading the whole file would give', async function () {
    this.timeout(0);
    const runs = Number(process.env['EDITS'] ?? 100);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TEXTS),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (text, edits) => {
          const history = [text];
          await show(edited, text, true);
          for (const change of edits) {
            const next = apply(history.at(-1) ?? '', change, history);
            history.push(next);
            assert.deepEqual(await show(edited, next, false), await show(fresh, next, true));
          }
        },
      ),
      {
        numRuns: Math.ceil(runs / 3),
        ...(process.env['SEED']
          ? { seed: Number(process.env['SEED']), path: process.env['FCPATH'] ?? '', endOnFailure: true }
          : {}),
      },
    );
  });
});
