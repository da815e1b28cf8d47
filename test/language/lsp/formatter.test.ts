import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { EmptyFileSystem, type LangiumDocument, URI } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createHvhostServices } from '../../../src/language/module.js';
import { assertGolden } from '../golden.js';

const { shared, hvhost } = createHvhostServices(EmptyFileSystem);

function parse(text: string): LangiumDocument {
  return shared.workspace.LangiumDocumentFactory.fromString(text, URI.file('/test.hvhost'));
}

async function format(text: string): Promise<string> {
  const document = parse(text);
  const textDocument = { uri: document.uri.toString() };
  const options = { tabSize: 4, insertSpaces: true };
  const edits = await hvhost.lsp.Formatter?.formatDocument(document, { textDocument, options });
  return TextDocument.applyEdits(document.textDocument, edits ?? []);
}

function words(text: string): string[] {
  return hvhost.parser.Lexer.tokenize(text).tokens.map(({ image }) => image);
}

function comments(text: string): string[] {
  return hvhost.parser.Lexer.tokenize(text).hidden.map(({ image }) => image.trimEnd());
}

const FILES = ['examples/cathedral.hvhost', 'examples/does-not-fit.hvhost', 'examples/hardware/proliant.hvhost'];
const GAPS = fc.constantFrom(' ', '  ', '\t', '\n', '\n\n\n', ' \n  ', ' // remark\n', ' /* remark */ ', '\r\n');

/** An example whose blanks were replaced by others. Where there is no blank, none is put: `2008R2` is one word. */
const respaced = fc.tuple(fc.constantFrom(...FILES), fc.infiniteStream(GAPS)).map(([path, gaps]) =>
  readFileSync(path, 'utf8')
    .replace(/\/\/.*/g, '')
    .replace(/("[^"\n]*")|\s+/g, (gap, text) => text ?? gaps.next().value ?? gap),
);

describe('formatter', () => {
  for (const path of FILES) {
    it(`formats ${path} as ever`, async () => {
      assertGolden(`${path.split('/').at(-1)}.formatted.txt`, await format(readFileSync(path, 'utf8')));
    });
  }

  it('changes nothing in a formatted text, and no word ever', async () => {
    await fc.assert(
      fc.asyncProperty(respaced, async (text) => {
        const once = await format(text);
        assert.deepEqual(words(once), words(text));
        assert.deepEqual(comments(once), comments(text));
        assert.equal(await format(once), once);
      }),
      { numRuns: 60 },
    );
  });

  it('puts one blank between words, three between clauses, four for each block, and one empty line at most', async () => {
    const text = '\n\nhardware   A\n{\nmemory 8GB   ecc\n\n\n\n  processor {sockets 1  cores 4}\n\n}   // end';
    const expected = 'hardware A {\n    memory 8 GB ecc\n\n    processor { sockets 1   cores 4 }\n}   // end\n';
    assert.equal(await format(text), expected);
  });

  it('writes rates, speeds and releases as the field does', async () => {
    const text =
      'workload W{requests 400/s send 4KB}\nbenchmark B{compare hyper-v 2008 R2 , esxi 5,kvm}\nhardware H{nic n 1Gb / s}';
    const expected =
      'workload W { requests 400 / s   send 4 KB }\nbenchmark B { compare hyper-v 2008R2, esxi 5, kvm }\nhardware H { nic n 1 Gb/s }\n';
    assert.equal(await format(text), expected);
  });

  it('breaks a block at its braces when it is broken at all', async () => {
    assert.equal(
      await format('workload W{requests 4/s\n\n\ncpu 2ms}workload V { cpu 1 ms }'),
      'workload W {\n    requests 4 / s\n\n    cpu 2 ms\n}\nworkload V { cpu 1 ms }\n',
    );
  });

  it('makes columns of neighbouring statements and of moments, and leaves comments where they stand', async () => {
    const text = [
      'host A on B {',
      '    child c "Debian" {',
      '        processors 2 reserve 10 % weight 50',
      '        memory 1 GB          // much',
      '        nic on Mall',
      '',
      '        runs Work',
      '    }',
      '}',
      'scenario S on A {',
      '    at 0 s start all',
      '    at 100 s stop c // at last',
      '}',
    ];
    const expected = [
      'host A on B {',
      '    child c "Debian" {',
      '        processors 2   reserve 10 %   weight 50',
      '        memory     1 GB      // much',
      '        nic        on Mall',
      '',
      '        runs Work',
      '    }',
      '}',
      'scenario S on A {',
      '    at   0 s   start all',
      '    at 100 s   stop c // at last',
      '}',
    ];
    assert.equal(await format(`${text.join('\n')}\n`), `${expected.join('\n')}\n`);
  });

  it('keeps the line ends of the file', async () => {
    assert.equal(await format('workload W {\r\nrequests 1 / s\r\n}'), 'workload W {\r\n    requests 1 / s\r\n}\r\n');
  });

  it('leaves a file with errors alone', async () => {
    assert.equal(await format('workload   W {'), 'workload   W {');
  });

  it('formats only the lines it is asked for', async () => {
    const text = 'workload   A { requests 1 / s }\nworkload   B { requests 1 / s }\n';
    const document = parse(text);
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } };
    const edits = await hvhost.lsp.Formatter?.formatDocumentRange(document, {
      textDocument: { uri: document.uri.toString() },
      options: { tabSize: 4, insertSpaces: true },
      range,
    });
    const formatted = TextDocument.applyEdits(document.textDocument, edits ?? []);
    assert.equal(formatted, 'workload   A { requests 1 / s }\nworkload B { requests 1 / s }\n');
  });

  it('begins no comment where a unit is divided by one', async () => {
    assert.equal(
      await format('hardware H { nic n 1 Gb/ /* a line */ s }'),
      'hardware H { nic n 1 Gb/ /* a line */ s }\n',
    );
  });

  it('empties a file of blanks', async () => {
    assert.equal(await format(' \n\n'), '');
  });
});
