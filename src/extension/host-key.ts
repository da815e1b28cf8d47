import type { Uri } from 'vscode';

/** Which host it is, among those of all files: hosts of several files may have the same name. */
export function hostKey(definition: Uri, host: string): string {
  return `${definition.toString()}#${host}`;
}
