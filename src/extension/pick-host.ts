import { type Uri, window } from 'vscode';
import type { Hosts } from './hosts.js';

/** The host a command is about: the only one of the file, or the one the user picks. Says so when there is none. */
export async function pickHost(hosts: Hosts, uri: Uri): Promise<string | null> {
  const names = await hosts.of(uri);
  if (names.length === 0) {
    void window.showWarningMessage(`${fileName(uri)} declares no host, so there is nothing to run.`);
    return null;
  }
  if (names.length === 1) return names[0] ?? null;
  return (
    (await window.showQuickPick(names, { title: `Hosts of ${fileName(uri)}`, placeHolder: 'Choose a host' })) ?? null
  );
}

export function fileName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
