import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The panel's type, and what a menu waits for. */
const NO_COMMANDS = ['hvhost.host', 'hvhost.childRuns'];

describe('package.json', () => {
  it('names only files that are in the tree or built', () => {
    const building = readFileSync(join(root, 'scripts/build.mjs'), 'utf8');
    const missing = pathsIn(manifest).filter(
      (path) => !existsSync(join(root, path)) && !building.includes(`'${path.replace('./', '')}'`),
    );
    assert.deepEqual(missing, []);
  });

  it('declares exactly the commands that the extension registers', () => {
    const source = filesBelow('src/extension').concat('src/language/requests.ts');
    const named = source.flatMap(
      (file) => readFileSync(join(root, file), 'utf8').match(/(?<=COMMAND = ')hvhost\.\w+/g) ?? [],
    );
    const declared = manifest.contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual([...declared].sort(), [...named].sort());
  });

  it('uses in menus and walkthroughs only commands it declares', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }: { command: string }) => command));
    const used = JSON.stringify([manifest.contributes.menus, manifest.contributes.walkthroughs]).match(
      /(?<="|:)hvhost\.\w+(?="|\))/g,
    );
    assert.deepEqual(
      used?.filter((command) => !declared.has(command) && !NO_COMMANDS.includes(command)),
      [],
    );
  });

  it('reads exactly the settings it declares', () => {
    const source = readFileSync(join(root, 'src/extension/run/run-settings.ts'), 'utf8');
    const read = [...source.matchAll(/get<number>\('(\w+)', (\d+)\)/g)].map(([, name, fallback]) => [
      `hvhost.run.${name}`,
      Number(fallback),
    ]);
    const declared = Object.entries<{ default: number }>(manifest.contributes.configuration.properties).map(
      ([name, setting]) => [name, setting.default],
    );
    assert.deepEqual(read.sort(), declared.sort());
  });

  it('builds against the oldest VS Code it supports', () => {
    const types = JSON.parse(readFileSync(join(root, 'node_modules/@types/vscode/package.json'), 'utf8')).version;
    const [major, minor] = manifest.engines.vscode.replace('^', '').split('.');
    assert.match(types, new RegExp(`^${major}\\.${minor}\\.`));
  });
});

function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^(\.\/|media\/)[\w./-]+\.\w+$/.test(value) ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(pathsIn);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
