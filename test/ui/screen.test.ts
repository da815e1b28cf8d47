import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { GUEST } from '../../scripts/fetch-linux-guest.mjs';
import { VsCode } from './support/vscode.js';

const LOAD_DRIVER = 'for module in /modules/screen/*.ko; do insmod $module; done';
const SHELL_ON_SCREEN = 'setsid sh -c "exec sh </dev/tty1 >/dev/tty1 2>&1" &';

if (existsSync(GUEST.kernel)) describe('the screen of a machine child', theScreen);
else console.log('  (the screen of a machine child is not tested: there is no Linux kernel in out/guest)');

function theScreen(this: Mocha.Suite): void {
  let vscode: VsCode;

  before(async () => {
    const settings = {
      'terminal.integrated.gpuAcceleration': 'off',
      'editor.minimap.enabled': false,
      'window.autoDetectColorScheme': true,
    };
    vscode = await VsCode.start(settings, ['test/ui/workspace', 'out/guest']);
    await vscode.openFile('screen.hvhost');
    await vscode.clickLens(/^Boot$/, vscode.page.locator('.terminal-wrapper'));
    await terminal('/ #').waitFor();
  });

  after(() => vscode?.stop());

  const terminal = (text: string) => vscode.page.locator('.xterm-rows > div', { hasText: text }).last();
  const type = async (line: string) => {
    await vscode.page.keyboard.type(line);
    await vscode.page.keyboard.press('Enter');
  };
  it('shows what a Linux kernel draws on it, and what the guest says of itself', async () => {
    await vscode.focusTerminal();
    await type(`${LOAD_DRIVER}; ${SHELL_ON_SCREEN} echo dri""ver is there`);
    await terminal('driver is there').waitFor();
    await vscode.command('hvhost: Show Screen of Child');
    await vscode.panel.locator('canvas').first().waitFor();
    await (await vscode.panelFrame()).waitForFunction(isSomethingDrawn);
    assert.deepEqual(await vscode.panelFaults(), []);
  });

  it('sends the keys to the guest while it has the focus', async () => {
    await vscode.panel.locator('canvas').first().click();
    await type('mkdir typed'); // letters only: a driven browser presses no shift
    await vscode.page.locator('.xterm-screen').click(); // the commands' key, F1, is the guest's as well
    await vscode.page.locator('.xterm.focus').waitFor();
    await type('until test -d typed; do sleep 1; done; echo it was ty""ped');
    await terminal('it was typed').waitFor();
  });

  it('looks as it should in every theme', async () => {
    const { page } = vscode;
    await page.emulateMedia({ forcedColors: 'none' }); // as at the first try
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(colorScheme === 'dark' ? '.monaco-workbench.vs-dark' : '.monaco-workbench.vs').waitFor();
      await vscode.screenshot(`screen-${colorScheme}`);
    }
    await page.emulateMedia({ forcedColors: 'active' });
    await page.locator('.monaco-workbench.hc-black, .monaco-workbench.hc-light').waitFor();
    await vscode.screenshot('screen-high-contrast');
  });
}

/** Runs in the page. */
function isSomethingDrawn(): boolean {
  const canvas = document.querySelector('canvas');
  if (canvas === null || canvas.width === 0 || canvas.height === 0) return false;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, index) => index % 4 !== 3 && value > 0);
}
