import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { type FileSystemNode, URI } from 'langium';
import { NodeFileSystemProvider } from 'langium/node';

/** The files of the workspace folders and no others where the editor does not trust the workspace, links followed. */
export class ConfinedFileSystem extends NodeFileSystemProvider {
  /** The folders with their links followed; null: nothing is confined. */
  private roots: string[] | null = null;

  /** From now on only these folders' files are read. */
  confine(folders: readonly string[]): void {
    this.roots = folders.flatMap((uri) => realFolder(URI.parse(uri).fsPath));
  }

  override async readFile(uri: URI): Promise<string> {
    if (this.roots !== null) this.check(await realpath(uri.fsPath), this.roots);
    return super.readFile(uri);
  }

  override readFileSync(uri: URI): string {
    if (this.roots !== null) this.check(realpathSync(uri.fsPath), this.roots);
    return super.readFileSync(uri);
  }

  override async readDirectory(uri: URI): Promise<FileSystemNode[]> {
    if (this.roots !== null) this.check(await realpath(uri.fsPath), this.roots);
    return super.readDirectory(uri);
  }

  private check(path: string, roots: readonly string[]): void {
    if (roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))) return;
    throw new Error(`${path} lies outside of the workspace, which is not trusted.`);
  }
}

/** Nothing where the folder is on no disk. */
function realFolder(path: string): string[] {
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}
