// A server and one browser page on it: the whole workbench, ready to be driven.
import { format } from 'node:util';
import { WAIT_MS } from '../limits.mjs';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';
import { startWebFront } from './web-front.mjs';

/** `folder` opens another folder than the copied workspace; `front` puts a web front before the server. */
export async function startWorkbench({ folder, front, viewport = { width: 1280, height: 800 }, ...serverOptions }) {
  const server = await startServer(serverOptions);
  let browser;
  let webFront;
  const stop = async () => {
    await browser?.close().catch(() => {});
    webFront?.stop();
    await server.stop();
  };
  try {
    webFront = front && (await startWebFront({ target: server.port, ...front }));
    const authority = `127.0.0.1:${webFront?.port ?? server.port}`;
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport, locale: 'en-US' });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    return {
      server,
      context,
      page,
      stop,
      origin: `http://${authority}`,
      /** The address under which the workbench knows a file of this machine. */
      remote: (path) => `vscode-remote://${authority}${path}`,
      /** Opens the workbench; `payload` are the pairs that VS Code's own smoke tests use. */
      open: (payload = []) =>
        page.goto(
          `http://${authority}/?${new URLSearchParams({
            folder: folder ?? server.workspace,
            payload: JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]),
          })}`,
        ),
      extensionTests: (onLog) => extensionTests(page, server, onLog),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Call before `open`. Gives a function that waits for the extension host's exit code: 0 when the test module's run()
 * resolved, 1 when it rejected. A host that is killed reports 0 too, so a caller needs another proof of the end.
 */
async function extensionTests(page, server, onLog) {
  let done;
  const code = new Promise((resolve) => {
    done = resolve;
  });
  await page.exposeFunction('codeAutomationLog', (_type, args) => onLog(format(...args)));
  await page.exposeFunction('codeAutomationExit', done);
  return (timeoutMs) =>
    Promise.race([
      code,
      new Promise((_, reject) =>
        setTimeout(() => reject(new Error(`The tests gave no result in ${timeoutMs / 1000} s.`)), timeoutMs).unref(),
      ),
      server.exited.then((exit) => {
        throw new Error(`VS Code's server ended with ${exit} during the tests.`);
      }),
    ]);
}
