import { DefaultDocumentUpdateHandler } from 'langium/lsp';
import type { FileSystemWatcher } from 'vscode-languageserver';

/** Watches definitions only; by default every file of the workspace would be watched. */
export class HvhostDocumentUpdates extends DefaultDocumentUpdateHandler {
  protected override getWatchers(): FileSystemWatcher[] {
    return [{ globPattern: '**/*.hvhost' }];
  }
}
