import { URI } from 'langium';
import { DefaultDocumentUpdateHandler } from 'langium/lsp';
import type { FileSystemWatcher, TextDocumentChangeEvent } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** Where editors keep what is not saved yet. */
const UNTITLED = 'untitled';

/** Watches definitions only; by default every file of the workspace would be watched. */
export class HvhostDocumentUpdates extends DefaultDocumentUpdateHandler {
  protected override getWatchers(): FileSystemWatcher[] {
    return [{ globPattern: '**/*.hvhost' }];
  }

  /**
   * Forgets what was never saved: nobody can read it again. It has no file extension either, so once it is closed nothing tells
   * its language any more, and every later check of the workspace would fail at it.
   */
  didCloseDocument({ document }: TextDocumentChangeEvent<TextDocument>): void {
    const uri = URI.parse(document.uri);
    if (uri.scheme === UNTITLED) this.fireDocumentUpdate([], [uri]);
  }
}
