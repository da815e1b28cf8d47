// VS Code's server out of the code-server package, made startable without running any install script.
import { cpSync, lstatSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(import.meta.dirname, 'node_modules');

export function prepareServer() {
  // The server (and, through it, the browser) looks for its packages beside itself; ours are hoisted.
  const link = join(modules, 'code-server/lib/vscode/node_modules');
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
  symlinkSync('../../..', link);

  // Two native helpers would need a compiler; plain stand-ins do what the tests need of them.
  for (const name of ['spdlog', 'native-watchdog']) {
    cpSync(join(import.meta.dirname, 'stubs', name), join(modules, '@vscode', name), { recursive: true });
  }
}
