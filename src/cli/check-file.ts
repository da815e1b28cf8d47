import { NodeFileSystemProvider } from 'langium/node';
import { type CheckedFile, openProject } from '../language/project.js';
import { type Problem, toProblem } from './diagnostics/problem.js';
import { displayPath, uriOf } from './files.js';

/** Checks files and what they import; one checker for all, so that shared imports are read once. */
export function fileChecker(): (path: string) => Promise<CheckedFile> {
  const project = openProject(new NodeFileSystemProvider());
  return (path) => project.check(uriOf(path));
}

/** The problems of checked files and of their imports, each file once, in the order given, from top to bottom. */
export function problemsOf(checked: CheckedFile[]): Problem[] {
  const byUri = new Map(checked.flatMap((file) => [file, ...file.imports]).map((file) => [file.uri, file]));
  return [...byUri.values()].flatMap((file) => {
    const path = displayPath(file.uri);
    const problems = file.diagnostics.map((diagnostic) => toProblem(path, diagnostic));
    return problems.sort((a, b) => a.line - b.line || a.column - b.column);
  });
}
