import { type FileSystemProvider, type LangiumDocuments, type TextDocumentProvider, URI } from 'langium';
import { DefaultDocumentUpdateHandler, type LangiumSharedServices } from 'langium/lsp';
import type { FileSystemWatcher, TextDocumentChangeEvent } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** Where editors keep what is not saved yet. */
const UNTITLED = 'untitled';

/** Watches definitions only; by default every file of the workspace would be watched. */
export class HvhostDocumentUpdates extends DefaultDocumentUpdateHandler {
  private readonly documents: LangiumDocuments;
  private readonly openTexts: TextDocumentProvider;
  private readonly files: FileSystemProvider;

  constructor(services: LangiumSharedServices) {
    super(services);
    this.documents = services.workspace.LangiumDocuments;
    this.openTexts = services.workspace.TextDocuments;
    this.files = services.workspace.FileSystemProvider;
  }

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
    else this.goBackToFile(uri).catch((error) => console.error(`${document.uri} could not be read again.`, error));
  }

  /** What was typed and not saved is gone when its editor is: the file counts again, for all that import it. */
  private async goBackToFile(uri: URI): Promise<void> {
    await this.workspaceManager.ready;
    await this.workspaceLock.write(async (token) => {
      const isStale = await this.isStale(uri);
      // Also where nothing has changed: this may have interrupted another update, and goes on with it.
      await this.documentBuilder.update(isStale ? [uri] : [], [], token);
    });
  }

  private async isStale(uri: URI): Promise<boolean> {
    const known = this.documents.getDocument(uri);
    if (known === undefined || this.openTexts.get(uri) !== undefined) return false;
    const saved = await this.files.readFile(uri).catch(() => null);
    return saved !== null && saved !== known.textDocument.getText();
  }
}
