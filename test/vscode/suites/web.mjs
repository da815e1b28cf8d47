// The same mocha suites with the same .vsix as a web extension: web worker host, files in memory only.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { SUITE_MS } from '../limits.mjs';
import { installVsix } from '../rig/server.mjs';
import { startWorkbench } from '../rig/workbench.mjs';
import { bundleWebTests } from './bundle-tests.mjs';
import { workspaceOf } from './host.mjs';
import { TestLog } from './test-log.mjs';

/** Null when all passed, else what failed. */
export async function run({ root, vsix }) {
  const tests = await bundleWebTests(root);
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-web-'));
  const log = new TestLog();
  let workbench;
  try {
    const installed = join(folder, 'extensions');
    installVsix(vsix, installed, folder);
    const [extension] = readdirSync(installed).filter((name) => name.startsWith('hvhost'));
    workbench = await startWorkbench({
      workspace: workspaceOf(root),
      folder: 'memory:/',
      front: {
        mounts: {
          '/hvhost': join(installed, extension),
          '/memory-workspace': join(import.meta.dirname, '../rig/memory-workspace'),
          '/tests': dirname(tests),
        },
        documents: { '/workspace.json': filesOf(workspaceOf(root)) },
        configure: (configuration, authority) => {
          const at = (path) => ({ scheme: 'http', authority, path });
          const extensionTestsPath = at('/tests/index');
          const extensions = ['/hvhost', '/memory-workspace', '/tests'].map(at);
          const developmentOptions = { extensions, extensionTestsPath };
          return { ...configuration, developmentOptions };
        },
      },
    });
    const code = await workbench.extensionTests((line) => log.read(line));
    await workbench.open();
    return log.verdict(await code(SUITE_MS));
  } catch (error) {
    return `${error}\n${workbench?.server.log().slice(-2000) ?? ''}`;
  } finally {
    await workbench?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Path -> bytes, in base64, of every file below the folders. */
function filesOf(folders) {
  return Object.fromEntries(
    folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [relative(folder, file), readFileSync(file, 'base64')]),
    ),
  );
}
