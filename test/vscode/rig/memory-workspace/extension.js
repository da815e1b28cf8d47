// A read and write workspace in memory (memory:/…), filled from <origin>/workspace.json: { "a/b.txt": "base64 of its bytes" }.
const vscode = require('vscode');

class MemoryFiles {
  changed = new vscode.EventEmitter();
  onDidChangeFile = this.changed.event;
  /** Path -> bytes of a file, or null for a folder. */
  entries = new Map([['/', null]]);

  watch() {
    return new vscode.Disposable(() => {});
  }

  stat(uri) {
    const bytes = this.find(uri);
    const type = bytes === null ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: 0, mtime: 0, size: bytes?.byteLength ?? 0 };
  }

  readDirectory(uri) {
    const prefix = uri.path === '/' ? '/' : `${uri.path}/`;
    return [...this.entries]
      .filter(([path]) => path !== '/' && path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map(([path, bytes]) => [
        path.slice(prefix.length),
        bytes === null ? vscode.FileType.Directory : vscode.FileType.File,
      ]);
  }

  readFile(uri) {
    const bytes = this.find(uri);
    if (bytes === null) throw vscode.FileSystemError.FileIsADirectory(uri);
    return bytes;
  }

  createDirectory(uri) {
    this.entries.set(uri.path, null);
  }

  writeFile(uri, bytes) {
    const type = this.entries.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.entries.set(uri.path, bytes);
    this.changed.fire([{ type, uri }]);
  }

  delete(uri) {
    for (const path of [...this.entries.keys()]) {
      if (path === uri.path || path.startsWith(`${uri.path}/`)) this.entries.delete(path);
    }
    this.changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from, to) {
    this.find(from);
    const moved = [...this.entries].filter(([path]) => path === from.path || path.startsWith(`${from.path}/`));
    for (const [path, bytes] of moved) this.entries.set(to.path + path.slice(from.path.length), bytes);
    this.delete(from);
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri: to }]);
  }

  find(uri) {
    const bytes = this.entries.get(uri.path);
    if (bytes === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }
}

exports.activate = async (context) => {
  const files = new MemoryFiles();
  const source = new URL('/workspace.json', context.extensionUri.toString(true));
  for (const [path, bytes] of Object.entries(await (await fetch(source)).json())) {
    const folders = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= folders.length; depth++) {
      files.entries.set(`/${folders.slice(0, depth).join('/')}`, null);
    }
    files.entries.set(
      `/${path}`,
      Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)),
    );
  }
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', files, { isCaseSensitive: true }));
};
