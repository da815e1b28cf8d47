import assert from 'node:assert/strict';
import { CstUtils, type LangiumDocument } from 'langium';
import { PlacedLeaf } from '../../../src/language/incremental/placed-cst.js';
import { fileOf } from '../../../src/language/scoping/imports.js';
import { HARDWARE, listDiagnostics, workbench } from '../workbench.js';

const TEXT = `${HARDWARE}
host A on Box {
    hypervisor hyper-v 2025
    child a "Debian" { memory 1 GB runs W }
}
host B on Box {
    hypervisor hyper-v 2025
    child b "Debian" { memory 40 GB }
}
workload W { requests 10 / s cpu 1 ms }
scenario S on A { at 1 s a requests 5 / s }
`;

function declarations(document: LangiumDocument): Record<string, object> {
  return Object.fromEntries((fileOf(document)?.declarations ?? []).map((each) => [each.name, each]));
}

/** The names of the declarations that an edit left as they were. */
async function kept(before: string, after: string): Promise<string[]> {
  const { type } = workbench();
  const old = declarations(await type('/a.hvhost', before));
  const now = declarations(await type('/a.hvhost', after));
  return Object.keys(now).filter((name) => now[name] === old[name]);
}

async function codesAfter(...texts: string[]): Promise<unknown[]> {
  const { type } = workbench();
  let document: LangiumDocument | undefined;
  for (const text of texts) document = await type('/a.hvhost', text);
  return (document?.diagnostics ?? []).map(({ code }) => code);
}

describe('reading an edited file', () => {
  it('needs words that know their block, from a part of Langium that is not public', async () => {
    const document = await workbench().type('/a.hvhost', TEXT);
    const root = document.parseResult.value.$cstNode;
    assert.ok(root);
    const words = CstUtils.flattenCst(root).toArray();
    assert.ok(words.length > 50);
    assert.ok(words.every((word) => word instanceof PlacedLeaf));
  });

  it('reads the block that was edited, and no other', async () => {
    assert.deepEqual(await kept(TEXT, TEXT.replace('40 GB', '41 GB')), ['Box', 'A', 'W', 'S']);
  });

  it('reads no other block when the edited one cannot be read', async () => {
    assert.deepEqual(await kept(TEXT, TEXT.replace('memory 40 GB', 'memory banana 40 GB')), ['Box', 'A', 'W', 'S']);
  });

  it('reads the next block too when the edited one runs into it', async () => {
    assert.deepEqual(await kept(TEXT, TEXT.replace('memory 40 GB }\n}', 'memory 40 GB }\n')), ['Box', 'A', 'S']);
  });

  it('reads the block below a comment that was edited, and no other', async () => {
    const text = TEXT.replace('workload W', '// here\nworkload W');
    assert.deepEqual(await kept(text, text.replace('here', 'there')), ['Box', 'A', 'B', 'S']);
  });

  it('moves what stands further down', async () => {
    const { type } = workbench();
    await type('/a.hvhost', TEXT.replace('requests 5', 'requests 5 banana'));
    const document = await type('/a.hvhost', `// one\n// two\n${TEXT.replace('requests 5', 'requests 5 banana')}`);
    const line =
      document.textDocument
        .getText()
        .split('\n')
        .findIndex((each) => each.includes('banana')) + 1;
    assert.match(listDiagnostics(document.diagnostics ?? []), new RegExp(`^${line}:`));
    assert.ok(document.parseResult.value.$cstNode?.text.endsWith('}'));
  });

  it('checks the hosts again when their hardware changed', async () => {
    assert.deepEqual(await codesAfter(TEXT, TEXT.replace('memory 64 GB', 'memory 32 GB')), ['HV401']);
  });

  it('checks a scenario again when the workload of a child changed', async () => {
    const clients = 'clients 5 think 1 s cpu 1 ms';
    assert.deepEqual(await codesAfter(TEXT, TEXT.replace('requests 10 / s cpu 1 ms', clients)), ['HV602']);
  });

  it('finds and loses names as they come and go', async () => {
    const renamed = TEXT.replace('workload W', 'workload V');
    assert.deepEqual(await codesAfter(TEXT, renamed), ['HV601', 'HV101']);
    assert.deepEqual(await codesAfter(TEXT, renamed, TEXT), []);
  });

  it('lets a later comment close one that was open', async () => {
    const open = TEXT.replace('host A', '/* host A');
    const { type } = workbench();
    await type('/a.hvhost', TEXT);
    await type('/a.hvhost', open);
    const document = await type('/a.hvhost', open.replace('scenario', '/* all of this */ scenario'));
    assert.deepEqual(Object.keys(declarations(document)), ['Box', 'S']);
  });

  it('does not compute with any host while the end of the file is broken', async () => {
    const over = TEXT.replace('memory 40 GB', 'memory 90 GB');
    assert.deepEqual(await codesAfter(over), ['HV401']);
    assert.deepEqual(await codesAfter(over, `${over}host C on Box {`), ['HV001']);
    assert.deepEqual(await codesAfter(over, `${over}host C on Box {`, over), ['HV401']);
  });
});
