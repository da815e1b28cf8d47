import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { URI } from 'langium';
import { createHvhostServices, type HvhostServices } from '../../../src/language/module.js';
import { diagnosticsOf, listDiagnostics, MemoryFileSystem } from '../workbench.js';

const EXAMPLES = ['examples/cathedral.hvhost', 'examples/hardware/proliant.hvhost', 'examples/modern.hvhost'];
const TEXTS = EXAMPLES.map((path) => readFileSync(path, 'utf8'));
const WORDS = TEXTS.map((text) => text.match(/"[^"\n]*"|[\w-]+|\S|\n/g) ?? []);
const STRAY = fc.constantFrom(
  '{',
  '}',
  '"',
  'host',
  'child',
  'on',
  '5',
  'GB',
  '%',
  '/',
  ',',
  'all',
  '§',
  '\n',
  '9'.repeat(400),
  '/*',
  '-1',
  '1.2.3',
);

/** Damage as it happens while typing: words missing, words too many, the end cut off. */
const damaged = fc
  .record({
    words: fc.constantFrom(...WORDS),
    remove: fc.array(fc.nat(), { maxLength: 5 }),
    insert: fc.array(fc.tuple(fc.nat(), STRAY), { maxLength: 5 }),
    keep: fc.option(fc.nat()),
  })
  .map(({ words, remove, insert, keep }) => {
    const text = [...words];
    for (const at of remove) text.splice(at % text.length, 1);
    for (const [at, word] of insert) text.splice(at % text.length, 0, word);
    return text.slice(0, keep === null ? undefined : keep % text.length).join(' ');
  });

/** Blocks in blocks, without names: each word is one of the language. */
const NESTED = `hardware B { processor { cores 8 dep on } memory 64 GB ecc disk D 1 TB ssd }
host H on B {
    hypervisor hyper-v 2022 { scheduler core limits as rate numa spanning off }
    parent "Windows Server 2022" core { reserve automatic processors 4 }
    child A "Debian" { processors 2 weight 200 memory 1 GB disk "a.vhd" 1 GB fixed on D via ide }
    child C "Debian" { memory 1 GB start never stop turn off }
}
benchmark X on H { compare xen 4 { scheduler ideal }, kvm { limits as rate } measure host cpu }
`;

const services = createHvhostServices({ fileSystemProvider: () => new MemoryFileSystem({}) });

describe('broken text', () => {
  it('is one that is not UTF-8, wherever that shows', async () => {
    const LOST = 'error HV002 Here stood what cannot be read, because the file is not UTF-8. Save it as UTF-8.\n';
    const found = async (text: string) => listDiagnostics(await diagnosticsOf(text));
    assert.equal(await found('// Caf\ufffd\n'), `1:7 ${LOST}`);
    assert.match(await found('hardware H "B\ufffd\ufffdro" { }'), /^1:14 error HV002 Here stood/m);
    assert.match(await found('hardware B\ufffdro { }'), /^1:11 error HV002 Here stood/m);
    assert.equal(await found('// \ufffd\n'.repeat(300)), `1:4 ${LOST}`);
    assert.equal(await found('// Café €\n'), '');
  });

  it('is one error for one wrong word, wherever it stands', async () => {
    const words = [...NESTED.matchAll(/[a-z][\w-]*/g)];
    for (const { 0: word, index } of words) {
      const text = `${NESTED.slice(0, index)}${word.slice(0, -1)}zq${NESTED.slice(index + word.length)}`;
      const found = (await diagnosticsOf(text)).filter(({ code }) => code === 'HV001');
      assert.ok(found.length <= 1, `${text}\n${listDiagnostics(found)}`);
    }
  });

  it('is one error for a missing quote before a brace', async () => {
    const found = await diagnosticsOf(NESTED.replace('C "Debian"', 'C "Debian'));
    assert.equal(listDiagnostics(found), '6:13 error HV003 The text has no closing quote.\n');
  });

  it('does not lose what follows a block that is not closed', async () => {
    const found = await diagnosticsOf(`host A on B { child c "Debian" { memory 1 GB\nworkload W { cpu 1 ms }`);
    assert.match(listDiagnostics(found), /^2:10 error HV604/m);
  });

  it('never makes a rule or an editor service throw', async () => {
    const failures: unknown[] = [];
    const { error } = console;
    console.error = (...args: unknown[]) => failures.push(args);
    try {
      await fc.assert(
        fc.asyncProperty(damaged, async (text) => {
          await useEverything(services, text);
          assert.deepEqual(failures, [], text);
        }),
        { numRuns: 150 },
      );
    } finally {
      console.error = error;
    }
  });
});

async function useEverything({ shared, hvhost }: HvhostServices, text: string): Promise<void> {
  await shared.workspace.DocumentBuilder.update([], [URI.file('/broken.hvhost')]);
  const document = shared.workspace.LangiumDocumentFactory.fromString(text, URI.file('/broken.hvhost'));
  shared.workspace.LangiumDocuments.addDocument(document);
  await shared.workspace.DocumentBuilder.build([document], { validation: true });
  const { lsp } = hvhost;
  const textDocument = { uri: document.uri.toString() };
  const position = document.textDocument.positionAt(Math.floor(text.length / 2));
  const range = { start: { line: 0, character: 0 }, end: document.textDocument.positionAt(text.length) };
  const diagnostics = document.diagnostics ?? [];

  await lsp.CompletionProvider?.getCompletion(document, { textDocument, position });
  await lsp.HoverProvider?.getHoverContent(document, { textDocument, position });
  await lsp.DocumentSymbolProvider?.getSymbols(document, { textDocument });
  await lsp.FoldingRangeProvider?.getFoldingRanges(document, { textDocument });
  await lsp.SemanticTokenProvider?.semanticHighlight(document, { textDocument });
  await lsp.InlayHintProvider?.getInlayHints(document, { textDocument, range });
  await lsp.CodeLensProvider?.provideCodeLens(document, { textDocument });
  await lsp.DocumentLinkProvider?.getDocumentLinks(document, { textDocument });
  await lsp.CodeActionProvider?.getCodeActions(document, { textDocument, range, context: { diagnostics } });
  await lsp.Formatter?.formatDocument(document, { textDocument, options: { tabSize: 4, insertSpaces: true } });
}
