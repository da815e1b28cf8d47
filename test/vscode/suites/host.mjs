// mocha inside Node's extension host, against the installed .vsix.
import { join } from 'node:path';
import { SUITE_MS } from '../limits.mjs';
import { startWorkbench } from '../rig/workbench.mjs';
import { bundleHostTests } from './bundle-tests.mjs';
import { TestLog } from './test-log.mjs';

/** Null when all passed, else what failed. */
export async function run({ root, vsix }) {
  const tests = await bundleHostTests(root);
  const log = new TestLog();
  const workbench = await startWorkbench({ workspace: workspaceOf(root), vsix });
  try {
    const code = await workbench.extensionTests((line) => log.read(line));
    await workbench.open([
      ['extensionDevelopmentPath', workbench.remote(join(import.meta.dirname, '../rig/harness'))],
      ['extensionTestsPath', workbench.remote(tests.replace(/\.js$/, ''))],
    ]);
    return log.verdict(await code(SUITE_MS));
  } catch (error) {
    return `${error}\n${workbench.server.log().slice(-2000)}`;
  } finally {
    await workbench.stop();
  }
}

/** The examples, and the files that only tests need. */
export function workspaceOf(root) {
  return [join(root, 'examples'), join(root, 'test/extension/workspace')];
}
