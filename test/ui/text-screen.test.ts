import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { GUEST } from '../../scripts/fetch-linux-guest.mjs';
import { VsCode } from './support/vscode.js';

if (existsSync(GUEST.kernel)) describe('the text screen of a bare machine', theTextScreen);
else console.log('  (the text screen of a bare machine is not tested: there is no Linux kernel in out/guest)');

function theTextScreen(this: Mocha.Suite): void {
  let vscode: VsCode;

  before(async () => {
    const settings = { 'editor.minimap.enabled': false, 'window.autoDetectColorScheme': true };
    vscode = await VsCode.start(settings, ['test/ui/workspace', 'out/guest']);
    await vscode.openFile('legacy.hvhost');
    await vscode.clickLens(/^Boot$/, vscode.page.locator('.terminal-wrapper'));
    await vscode.page.locator('.xterm-rows > div', { hasText: 'bare machine' }).first().waitFor();
    await vscode.command('hvhost: Show Screen of Child');
    await line('/ #').waitFor();
  });

  after(() => vscode?.stop());

  const line = (text: string) => vscode.panel.locator('.screen pre > div', { hasText: text }).last();

  it('shows the shell of a Linux kernel as text, and takes what is typed', async () => {
    await vscode.panel.locator('.screen').first().click();
    await vscode.page.keyboard.type('expr 40404 / 2'); // a driven browser presses no shift
    await vscode.page.keyboard.press('Enter');
    await line('20202').waitFor();
    assert.deepEqual(await vscode.panelFaults(), []);
  });

  it('looks as it should in every theme', async () => {
    const { page } = vscode;
    await page.emulateMedia({ forcedColors: 'none' }); // as at the first try
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(colorScheme === 'dark' ? '.monaco-workbench.vs-dark' : '.monaco-workbench.vs').waitFor();
      await vscode.screenshot(`text-screen-${colorScheme}`);
    }
    await page.emulateMedia({ forcedColors: 'active' });
    await page.locator('.monaco-workbench.hc-black, .monaco-workbench.hc-light').waitFor();
    await vscode.screenshot('text-screen-high-contrast');
  });

  it('shows all of it in another window, too, though the guest draws nothing anew', async () => {
    const windows = vscode.page.context();
    const [, moved] = windows.pages(); // by a first try
    const opened = moved ?? windows.waitForEvent('page');
    // By the menu: the commands' key, F1, is the guest's as well.
    if (!moved) await vscode.menu(vscode.panelTab, 'Move into New Window', vscode.panelTab, 'hidden');
    const page = await opened;
    const screen = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await screen.locator('.screen pre > div', { hasText: '20202' }).waitFor();
  });
}
