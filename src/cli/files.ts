import { accessSync, constants, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { URI } from 'vscode-uri';
import { UsageError } from './exit.js';

const ENDING = '.hvhost';

/** The .hvhost files that the arguments name; a folder stands for all of them below it. Throws UsageError. */
export function definitionFiles(paths: string[]): string[] {
  const files = paths.flatMap((path) => readable(path, () => definitionsAt(path)));
  const byPlace = new Map(files.reverse().map((file) => [resolve(file), file]));
  return [...byPlace.values()].reverse();
}

/** The only one that an argument names. Throws UsageError, also where it is a folder with several. */
export function definitionFile(path: string): string {
  const [file = path, ...others] = definitionFiles([path]);
  if (others.length > 0)
    throw new UsageError(`${path}: there are ${others.length + 1} ${ENDING} files in it; name one`);
  return file;
}

/**
 * For output that takes long to compute. Throws UsageError where it is plain by now that a file could not be written, or that
 * one result would be written over another, or over a definition.
 */
export function requireWritable(paths: readonly (string | undefined)[]): void {
  const taken = new Set<string>();
  for (const path of paths) {
    if (path === undefined || path === '-') continue;
    if (path.endsWith(ENDING)) throw new UsageError(`${path}: cannot be written (it would be a definition)`);
    if (taken.has(resolve(path))) throw new UsageError(`${path}: cannot be written (another result goes there)`);
    taken.add(resolve(path));
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw new UsageError(`${path}: cannot be written (it is a folder)`);
    try {
      accessSync(stat === undefined ? dirname(path) : path, constants.W_OK);
    } catch (error) {
      throw unwritable(path, error);
    }
  }
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
    throw unwritable(path, error);
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

function definitionsAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`${path}: no such file or folder`);
  if (stat.isDirectory()) return definitionsBelow(path);
  if (!path.endsWith(ENDING)) throw new UsageError(`${path}: a definition is a file whose name ends in ${ENDING}`);
  accessSync(path, constants.R_OK);
  return [path];
}

function definitionsBelow(folder: string): string[] {
  const found = filesBelow(folder).filter((file) => file.endsWith(ENDING));
  if (found.length === 0) throw new UsageError(`${folder}: there is no ${ENDING} file in it`);
  return found.sort();
}

/** Without what packages bring along, and without folders that are only linked to: they may lead back up, without end. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    const isFile = entry.isFile() || (entry.isSymbolicLink() && isFileBehind(path));
    return isFile ? [path] : [];
  });
}

function isFileBehind(link: string): boolean {
  try {
    return statSync(link, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

function unwritable(path: string, error: unknown): UsageError {
  return new UsageError(`${path}: cannot be written (${(error as Error).message})`);
}

/** What the file system refuses is a matter of who called us. */
function readable<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${path}: cannot be read (${(error as Error).message})`);
  }
}
