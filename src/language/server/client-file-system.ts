import { EmptyFileSystemProvider, type URI } from 'langium';
import type { Connection } from 'vscode-languageserver';
import { READ_FILE_REQUEST, type ReadFileParams, type ReadFileResult } from '../requests.js';

/** A worker has no file system of its own: it asks the client. Enough for imports; folders are not listed. */
export class ClientFileSystem extends EmptyFileSystemProvider {
  constructor(private readonly connection: Connection) {
    super();
  }

  override async readFile(uri?: URI): Promise<string> {
    const params: ReadFileParams = { uri: uri?.toString() ?? '' };
    const text = await this.connection.sendRequest<ReadFileResult>(READ_FILE_REQUEST, params);
    if (text === null) throw new Error(`There is no file ${params.uri}.`);
    return text;
  }
}
