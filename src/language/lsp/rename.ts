import type { LangiumDocument } from 'langium';
import { DefaultRenameProvider } from 'langium/lsp';
import { LSPErrorCodes, type RenameParams, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';

/** The terminal ID of the grammar. */
const NAME = /^[_a-zA-Z\u00B5\u03BC\u00C0-\u024F][\w\-\u00B5\u03BC\u00C0-\u024F]*$/;

/** Renames wherever the name is used, in every file; refuses what would not be a name. */
export class HvhostRename extends DefaultRenameProvider {
  override async rename(document: LangiumDocument, params: RenameParams): Promise<WorkspaceEdit | undefined> {
    if (!NAME.test(params.newName)) {
      const message = `'${params.newName}' is no name: names begin with a letter and go on with letters, digits, _ and -.`;
      throw new ResponseError(LSPErrorCodes.RequestFailed, message);
    }
    return super.rename(document, params);
  }
}
