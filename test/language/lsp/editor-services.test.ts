import assert from 'node:assert/strict';
import type { LangiumDocument } from 'langium';
import { type Position, SymbolKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { HARDWARE, type Workbench, workbench } from '../workbench.js';

const BOX = '/lib/box.hvhost';
const MAIN = '/main.hvhost';
const TEXT = `import "lib/box.hvhost"

// The shop.
host Shop on Box {
    hypervisor hyper-v 2025
    switch Lan external on lan1

    parent "Windows Server 2025" core

    /* Sells. */
    child web "Windows Server 2025" {
        processors 2 reserve 10 % weight 200
        memory 4 GB
        disk "web.vhdx" 60 GB on d0 via ide
        nic on Lan
        runs Web
    }
    child big "Debian 12" { memory 80 GB }
}

workload Web { requests 400 / s cpu 2 ms }

scenario Monday on Shop {
    at 0 s start all
    at 5 s web requests 500 / s
}
`;

interface Session extends Workbench {
  document: LangiumDocument;
  at(word: string, nth?: number): { textDocument: { uri: string }; position: Position };
}

async function session(text = TEXT): Promise<Session> {
  const bench = workbench({ [MAIN]: text, [BOX]: HARDWARE });
  const document = await bench.open(MAIN);
  return {
    ...bench,
    document,
    at(word, nth = 0) {
      let offset = -1;
      for (let i = 0; i <= nth; i++) offset = text.indexOf(word, offset + 1);
      assert.ok(offset >= 0, word);
      return { textDocument: { uri: document.uri.toString() }, position: document.textDocument.positionAt(offset + 1) };
    },
  };
}

async function hover(word: string, nth?: number): Promise<string> {
  const { hvhost, document, at } = await session();
  const found = await hvhost.lsp.HoverProvider?.getHoverContent(document, at(word, nth));
  return found && typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : '';
}

/** The labels offered at `<|>`. */
async function complete(text: string): Promise<string[]> {
  const offset = text.indexOf('<|>');
  const { hvhost, document } = await session(text.replace('<|>', ''));
  const position = document.textDocument.positionAt(offset);
  const textDocument = { uri: document.uri.toString() };
  const list = await hvhost.lsp.CompletionProvider?.getCompletion(document, { textDocument, position });
  return list?.items.map(({ label }) => label) ?? [];
}

/** Applies the first quick fix with that title. */
async function fix(text: string, title: string): Promise<string> {
  const { hvhost, document } = await session(text);
  const textDocument = { uri: document.uri.toString() };
  const diagnostics = document.diagnostics ?? [];
  const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const context = { diagnostics };
  const actions =
    (await hvhost.lsp.CodeActionProvider?.getCodeActions(document, { textDocument, range, context })) ?? [];
  const chosen = actions.find((action) => action.title === title);
  assert.ok(chosen && 'edit' in chosen, `${title} is not among ${actions.map((action) => action.title).join(' | ')}`);
  return TextDocument.applyEdits(document.textDocument, chosen.edit?.changes?.[textDocument.uri] ?? []);
}

describe('hover', () => {
  it('shows the comment above and the share of the host', async () => {
    const text = await hover('web');
    assert.match(text, /^Sells\./);
    assert.match(text, /1\.25 % of the host reserved, at most 12\.5 %, weight 200/);
  });

  it('shows lines of `//` too, and who starts', async () => {
    const text = await hover('Shop');
    assert.match(text, /^The shop\./);
    assert.match(text, /1 of 2 children start/);
  });

  it('shows the same at a reference', async () => assert.match(await hover('Web', 0), /80 % of one processor/));
  it('shows hardware of another file', async () => assert.match(await hover('Box'), /16 LP/));
  it('shows what a request writes of the memory', async () => {
    const text = 'workload Web { requests 400 / s cpu 2 ms dirties 96 KB of 400 MB }';
    const { hvhost, document, at } = await session(text);
    const found = await hvhost.lsp.HoverProvider?.getHoverContent(document, at('Web'));
    assert.match(JSON.stringify(found), /writes to 96 KB of the memory, in a hot set of 400 MB/);
  });
  it('shows what a number may be', async () => {
    assert.match(await hover('200'), /\*\*200\*\*: the weight, 1 to 10,000 \(Microsoft Learn, Set-VMProcessor\)/);
  });
});

describe('completion', () => {
  it('offers declarations at the top', async () => {
    assert.deepEqual(await complete('<|>'), ['import', 'hardware', 'host', 'workload', 'scenario', 'benchmark']);
  });
  it('offers names of imported files', async () => {
    assert.deepEqual(await complete('import "lib/box.hvhost"\nhost A on <|>'), ['Box']);
  });
  it('offers the disks of the hardware', async () => {
    const text = 'import "lib/box.hvhost"\nhost A on Box { child x "y" { disk "f" 4 GB on <|> } }';
    assert.deepEqual(await complete(text), ['d0']);
  });
  it('offers the units that fit', async () => {
    const offered = await complete('workload W { cpu 4 <|> }');
    assert.deepEqual(offered.slice(0, 4), ['ns', 'us', 'ms', 's']);
    assert.ok(!offered.includes('GB'));
  });
  it('offers units of time before what happens then', async () => {
    const steps = (step: string) =>
      `import "lib/box.hvhost"\nhost A on Box { child c "d" { } }\nscenario S on A { at 5 ${step} }`;
    assert.ok((await complete(steps('<|>'))).includes('ms'));
    assert.ok(!(await complete(steps('s <|>'))).includes('ms'));
    assert.ok((await complete(steps('s <|>'))).includes('fail'));
  });
  it('offers who migrates, and where to', async () => {
    const steps = (step: string) =>
      `import "lib/box.hvhost"\nhost A on Box { child c "d" { } }\nhost B on Box { child e "d" { } }\nscenario S on A { at 5 s ${step} }`;
    assert.ok((await complete(steps('migrate <|>'))).includes('c'));
    assert.deepEqual(await complete(steps('migrate c to <|>')), ['A', 'B']);
    assert.ok((await complete(steps('migrate c to B <|>'))).includes('live'));
  });
  it('offers the names of the statement that is being written, where several begin alike', async () => {
    const steps = (step: string) =>
      `import "lib/box.hvhost"\nhost A on Box { child c "d" { } }\nscenario S on A { at 5 s ${step} }`;
    assert.deepEqual(await complete(steps('unplug nic of <|>')), ['c']);
    assert.deepEqual(await complete(steps('plug in disk 2 of <|>')), ['c']);
    assert.deepEqual(await complete(steps('fail disk <|>')), ['d0']);
  });
  it('offers releases behind hyper-v, and only one', async () => {
    const offered = async (hypervisor: string) =>
      (await complete(`host A on B { hypervisor ${hypervisor} <|> }`)).includes('2008R2');
    assert.equal(await offered('hyper-v'), true);
    assert.equal(await offered('hyper-v 2025'), false);
    assert.equal(await offered('esxi'), false);
  });
  it('offers MHz where the hypervisor counts in them', async () => {
    const offered = (hypervisor: string) =>
      complete(`host A on B { hypervisor ${hypervisor} child c "d" { processors 2 reserve 500 <|> } }`);
    assert.deepEqual((await offered('esxi 8')).slice(0, 5), ['%', 'Hz', 'kHz', 'MHz', 'GHz']);
    assert.ok(!(await offered('kvm')).includes('MHz'));
  });
  it('offers schedulers, the ideal one on every architecture', async () => {
    for (const architecture of ['hyper-v 2025', 'esxi 5', 'kvm'])
      assert.ok((await complete(`host A on B { hypervisor ${architecture} { scheduler <|> } }`)).includes('ideal'));
  });
  it('offers operating systems in a text', async () => {
    assert.ok((await complete('host A on B { child x "<|>" }')).includes('"Windows Server 2019"'));
  });
  it('goes on in a broken file, however often it is asked', async () => {
    const { hvhost, document, at } = await session('workload banana banana { cpu 5 }');
    for (let i = 0; i < 250; i++) {
      const list = await hvhost.lsp.CompletionProvider?.getCompletion(document, at('}'));
      assert.ok(list);
    }
  });
  it('offers something in a file of another kind', async () => {
    assert.ok((await complete(`${'banana { on '.repeat(20_000)}<|>`)).length >= 0);
  });
  it('does not bury names under keywords', async () => assert.deepEqual(await complete('workload <|>'), []));
});

describe('names', () => {
  it('are found in the file that declares them', async () => {
    const { hvhost, document, at } = await session();
    const [link] = (await hvhost.lsp.DefinitionProvider?.getDefinition(document, at('Box'))) ?? [];
    assert.match(link?.targetUri ?? '', /lib\/box\.hvhost$/);
  });

  it('are renamed in every file', async () => {
    const { hvhost, document, at } = await session();
    const edit = await hvhost.lsp.RenameProvider?.rename(document, { ...at('Box'), newName: 'Crate' });
    assert.deepEqual(
      Object.values(edit?.changes ?? {}).flatMap((edits) => edits.map(({ newText }) => newText)),
      ['Crate', 'Crate'],
    );
  });

  it('are not renamed to what is no name', async () => {
    const { hvhost, document, at } = await session();
    await assert.rejects(
      async () => hvhost.lsp.RenameProvider?.rename(document, { ...at('web'), newName: '5 %' }),
      /no name/,
    );
  });

  it('are found wherever they are used', async () => {
    const { hvhost, document, at } = await session();
    const context = { includeDeclaration: true };
    const found = await hvhost.lsp.ReferencesProvider?.findReferences(document, { ...at('web'), context });
    assert.equal(found?.length, 2);
    const marked = await hvhost.lsp.DocumentHighlightProvider?.getDocumentHighlight(document, at('web'));
    assert.equal(marked?.length, 2);
  });
});

describe('outline and marks', () => {
  it('shows every declaration with what matters', async () => {
    const { hvhost, document, at } = await session();
    const symbols = (await hvhost.lsp.DocumentSymbolProvider?.getSymbols(document, at('Shop'))) ?? [];
    assert.deepEqual(
      symbols.map(({ name, detail }) => `${name}: ${detail ?? ''}`),
      ['Shop: on Box hyper-v 2025', 'Web: ', 'Monday: on Shop'],
    );
    assert.equal(symbols[0]?.kind, SymbolKind.Class);
    assert.deepEqual(
      symbols[0]?.children?.map(({ name }) => name),
      ['Lan', 'parent', 'web', 'big'],
    );
  });

  it('says after each child what is left to give', async () => {
    const { hvhost, document, at } = await session();
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await hvhost.lsp.InlayHintProvider?.getInlayHints(document, { ...at('Shop'), range });
    assert.deepEqual(
      hints?.map(({ label }) => label),
      ['57.9 GB, 12.6 LP left to give', 'does not start; 57.9 GB, 12.6 LP left to give'],
    );
  });

  it('offers to run hosts and scenarios', async () => {
    const { hvhost, document, at } = await session();
    const lenses = await hvhost.lsp.CodeLensProvider?.provideCodeLens(document, at('Shop'));
    const uri = document.uri.toString();
    assert.deepEqual(
      lenses?.map(({ command }) => command),
      [
        { title: 'Run Host', command: 'hvhost.runHost', arguments: [uri, 'Shop'] },
        { title: 'Run Scenario', command: 'hvhost.runScenario', arguments: [uri, 'Shop', 'Monday'] },
      ],
    );
  });

  it('offers to boot the children that boot a kernel, and no others', async () => {
    const { hvhost, document, at } = await session(
      'host H on B { child a "Debian 12" { boots kernel "k" memory 32 MB } child b "Debian 12" { memory 32 MB } }',
    );
    const lenses = await hvhost.lsp.CodeLensProvider?.provideCodeLens(document, at('H'));
    assert.deepEqual(lenses?.map(({ command }) => command).slice(1), [
      { title: 'Boot', command: 'hvhost.bootChild', arguments: [document.uri.toString(), 'H', 'a'] },
    ]);
  });

  it('links imports to their files', async () => {
    const { hvhost, document, at } = await session();
    const links = await hvhost.lsp.DocumentLinkProvider?.getDocumentLinks(document, at('Shop'));
    assert.deepEqual(
      links?.map(({ target }) => target),
      ['file:///lib/box.hvhost'],
    );
  });

  it('folds blocks', async () => {
    const { hvhost, document, at } = await session();
    const folds = (await hvhost.lsp.FoldingRangeProvider?.getFoldingRanges(document, at('Shop'))) ?? [];
    assert.deepEqual(
      folds.map(({ startLine }) => startLine).sort((a, b) => a - b),
      [3, 10, 22],
    );
  });

  it('colours a name that is also a keyword as the name it is', async () => {
    const { hvhost, document, at } = await session('workload memory { requests 5 / s cpu 1 ms }');
    const tokens = await hvhost.lsp.SemanticTokenProvider?.semanticHighlight(document, at('memory'));
    const provider = hvhost.lsp.SemanticTokenProvider;
    const [, start, length, type] = tokens?.data ?? [];
    assert.deepEqual([start, length, type], [9, 6, provider?.tokenTypes['function']]);
  });
});

describe('quick fixes', () => {
  const inChild = (body: string, head = '"Debian"') => `import "lib/box.hvhost"
host A on Box {
    hypervisor hyper-v 2025
    switch Lan internal
    child c ${head} { ${body} }
}
`;
  const cases: [title: string, before: string, after: string][] = [
    ['Add GB', inChild('memory 4'), inChild('memory 4 GB')],
    ['Use MB', inChild('memory 512 ms'), inChild('memory 512 MB')],
    ['Attach it via ide', inChild('disk "a.vhdx" 1 GB on d0'), inChild('disk "a.vhdx" 1 GB on d0 via ide')],
    [
      'Use a legacy adapter',
      inChild('nic on Lan synthetic', '"MS-DOS" legacy'),
      inChild('nic on Lan legacy', '"MS-DOS" legacy'),
    ],
    ['Say `legacy`', inChild('', '"MS-DOS"'), inChild('', '"MS-DOS" legacy')],
    ['Say `memory`', inChild('memroy 4 GB'), inChild('memory 4 GB')],
    ['Say `processors`', inChild('proc 4'), inChild('processors 4')],
    ['Say `internal`', inChild('').replace('internal', 'interal'), inChild('')],
    ['Say `host`', inChild('').replace('host A', 'hots A'), inChild('')],
    ['Use 16 virtual processors', inChild('processors 32'), inChild('processors 16')],
    ['Use 62968 MB, which fits', inChild('memory 80 GB'), inChild('memory 62968 MB')],
    ['Reserve 80 %, which fits', inChild('processors 16 reserve 90 %'), inChild('processors 16 reserve 80 %')],
    ["Use 'Lan'", inChild('nic on Lam'), inChild('nic on Lan')],
    [
      "Declare 'Work'",
      inChild('runs Work'),
      `${inChild('runs Work')}\nworkload Work {\n    requests 100 / s cpu 1 ms\n}\n`,
    ],
    [
      "Declare 'Wan'",
      inChild('nic on Wan'),
      inChild('nic on Wan').replace('    switch', '    switch Wan internal\n    switch'),
    ],
    [
      "Declare 'Tenants'",
      `${HARDWARE}\nhost A on Box { hypervisor hyper-v 2025 child c "Debian" { processors 1 group Tenants } }`,
      `${HARDWARE}\nhost A on Box { hypervisor hyper-v 2025 group Tenants limit 50 % child c "Debian" { processors 1 group Tenants } }`,
    ],
    [
      'Add the closing quote',
      inChild('', '"Debian').replace(/ \{ {2}\}/, ''),
      inChild('', '"Debian"').replace(/ \{ {2}\}/, ''),
    ],
  ];
  for (const [title, before, after] of cases) {
    it(title, async () => assert.equal(await fix(before, title), after));
  }

  it('say that a quick migration is meant', async () => {
    const host = (name: string) =>
      `host ${name} on Box { hypervisor hyper-v 2008 ${name === 'A' ? 'child c "Windows Server 2008" { }' : ''} }`;
    const text = `import "lib/box.hvhost"\n${host('A')}\n${host('B')}\nscenario S on A { at 5 s migrate c to B }`;
    assert.match(await fix(text, 'Say that a quick migration is meant'), /migrate c to B quick }/);
  });

  it('create the file that is imported', async () => {
    const { open, hvhost } = workbench({ '/a/main.hvhost': 'import "../lib/new.hvhost"' });
    const document = await open('/a/main.hvhost');
    const textDocument = { uri: document.uri.toString() };
    const diagnostics = document.diagnostics ?? [];
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const context = { diagnostics };
    const [action] =
      (await hvhost.lsp.CodeActionProvider?.getCodeActions(document, { textDocument, range, context })) ?? [];
    assert.equal(action?.title, "Create '../lib/new.hvhost'");
    assert.ok(action && 'edit' in action);
    assert.deepEqual(action.edit?.documentChanges, [
      { kind: 'create', uri: 'file:///lib/new.hvhost', options: { ignoreIfExists: true } },
    ]);
  });

  const titlesOf = async (files: Record<string, string>) => {
    const { open, hvhost } = workbench(files);
    for (const path of Object.keys(files)) await open(path);
    const document = await open(MAIN);
    const textDocument = { uri: document.uri.toString() };
    const diagnostics = document.diagnostics ?? [];
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const context = { diagnostics };
    const actions = await hvhost.lsp.CodeActionProvider?.getCodeActions(document, { textDocument, range, context });
    return actions?.map(({ title }) => title) ?? [];
  };

  it('import the file that declares a name', async () => {
    const titles = await titlesOf({ [BOX]: HARDWARE, [MAIN]: 'host A on Box { }' });
    assert.ok(titles.includes("Import 'lib/box.hvhost'"));
  });

  it('do not close a circle of imports', async () => {
    const titles = await titlesOf({ [BOX]: `import "../main.hvhost"\n${HARDWARE}`, [MAIN]: 'host A on Box { }' });
    assert.deepEqual(titles, ["Declare 'Box'"]);
  });

  it('name only units with which the number is within its range', async () => {
    assert.deepEqual(
      await titlesOf({ [MAIN]: 'hardware H { processor { cores 1 frequency 2500 } memory 8 GB ecc }' }),
      ['Add kHz', 'Add MHz'],
    );
    assert.deepEqual(await titlesOf({ [MAIN]: 'hardware H { processor { cores 1 } memory 512 ecc nodes 1 }' }), [
      'Add MB',
      'Add GB',
      'Add TB',
    ]);
    const rates = await titlesOf({ [MAIN]: 'workload W { requests 100 cpu 1 ms }' });
    assert.deepEqual(rates, ['Add / s', 'Add / min', 'Add / h']);
  });
});
