import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { NodeFileSystem } from 'langium/node';
import { type CheckedFile, openProject } from '../../src/language/project.js';
import { assertGolden } from './golden.js';
import { listDiagnostics } from './workbench.js';

const EXAMPLES = readdirSync('examples').filter((name) => name.endsWith('.hvhost'));
const BAD = readdirSync('test/language/bad');

async function check(path: string): Promise<CheckedFile> {
  const project = openProject(NodeFileSystem.fileSystemProvider());
  return project.check(pathToFileURL(resolve(path)).toString());
}

function report(file: CheckedFile): string {
  return [file, ...file.imports]
    .map(({ uri, diagnostics }) => `${basename(uri)}\n${listDiagnostics(diagnostics).replace(/^/gm, '  ').trimEnd()}\n`)
    .join('');
}

describe('examples', () => {
  for (const name of EXAMPLES) {
    it(`${name} has the diagnostics it is known for`, async () => {
      assertGolden(`${name}.diagnostics.txt`, report(await check(`examples/${name}`)));
    });

    it(`${name} has models that fit the published schema`, async () => {
      const schema = JSON.parse(readFileSync('docs/schema/host-model.schema.json', 'utf8'));
      const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
      const { hosts } = await check(`examples/${name}`);
      assert.ok(hosts.length > 0);
      for (const host of hosts) assert.ok(validate(host), JSON.stringify(validate.errors, null, 1));
    });

    it(`${name} becomes the model it is known for`, async () => {
      const { hosts } = await check(`examples/${name}`);
      assertGolden(`${name}.model.json`, `${JSON.stringify(hosts, null, 2)}\n`);
    });
  }

  it('does-not-fit.hvhost explains each diagnostic in a comment beside it', async () => {
    const lines = readFileSync('examples/does-not-fit.hvhost', 'utf8').split('\n');
    const { diagnostics } = await check('examples/does-not-fit.hvhost');
    const reported = diagnostics.map(({ range, code }) => `${lines[range.start.line]?.includes(`${code}`)} ${code}`);
    const explained = lines.flatMap((line) => line.match(/HV\d{3}/g) ?? []);
    // A child that does not start is reported at its memory or reserve, which is where the comment stands.
    assert.deepEqual(
      reported.filter((each) => each.startsWith('false')),
      [],
    );
    assert.deepEqual(explained.sort(), diagnostics.map(({ code }) => code).sort());
  });
});

describe('bad input', () => {
  for (const name of BAD) {
    it(`${name} gets its diagnostics at their places`, async () => {
      assertGolden(`${name}.diagnostics.txt`, report(await check(`test/language/bad/${name}`)));
    });
  }
});
