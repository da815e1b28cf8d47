import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { URI } from 'vscode-uri';
import { UsageError } from './exit.js';

/** The .hvhost files that the arguments name; a folder stands for all of them below it. Throws UsageError. */
export function definitionFiles(paths: string[]): string[] {
  const files = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${path}: no such file or folder`);
    return stat.isDirectory() ? definitionsBelow(path) : [path];
  });
  return [...new Set(files)];
}

/** `-` is stdout. Throws UsageError where the file cannot be written. */
export function writeOutput(path: string, text: string): void {
  if (path === '-') {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${(error as Error).message})`);
  }
}

export function uriOf(path: string): string {
  return URI.file(resolve(path)).toString();
}

/** A path as the user would write it: relative to where they stand. */
export function displayPath(uri: string): string {
  const path = URI.parse(uri).fsPath;
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function definitionsBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.hvhost') && !name.split(/[\\/]/).includes('node_modules'))
    .sort()
    .map((name) => join(folder, name));
  if (found.length === 0) throw new UsageError(`${folder}: there is no .hvhost file in it`);
  return found;
}
