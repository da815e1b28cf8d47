// Makes the pictures of the README and of docs: media/panel.png, console.png and screen.png, real runs in a real VS Code, and
// media/icon.png from its source. The screen needs a Linux kernel (node scripts/fetch-linux-guest.mjs).
// Needs the packed extension (npm run package) and the rig (node test/vscode/setup.mjs).
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { register } from 'tsx/esm/api';
import { launchBrowser } from '../test/vscode/rig/browser.mjs';

const media = resolve(import.meta.dirname, '../media');

await drawIcon();
await photographPanel();
await photographConsole();
await photographScreen();

async function drawIcon() {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  await page.setContent(`<body style="margin:0">${readFileSync(join(media, 'icon.svg'), 'utf8')}`);
  await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
  await browser.close();
}

async function photographPanel() {
  register();
  const { VsCode } = await import('../test/ui/support/vscode.ts');
  const vscode = await VsCode.start({
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'hvhost.run.speed': 20,
  });
  try {
    await vscode.openFile('cathedral.hvhost');
    // The command is offered once the editor knows the language.
    await vscode.page.locator('.codelens-decoration a', { hasText: 'Run Host' }).first().waitFor();
    await vscode.command('View: Toggle Primary Side Bar Visibility');
    await vscode.command('hvhost: Run Scenario');
    // The scenario raises the load of the shop half a minute after the host is ready.
    const busy = vscode.panel.locator('[role=option][data-partition=web] .work', { hasText: /^6\d\d/ });
    await busy.waitFor();
    // Away from what shows a tip under the mouse.
    await vscode.page.mouse.move(500, 900);
    await vscode.page.locator('.workbench-hover').waitFor({ state: 'hidden' });
    await vscode.page.screenshot({ path: join(media, 'panel.png') });
  } finally {
    await vscode.stop();
  }
}

async function photographConsole() {
  register();
  const { VsCode } = await import('../test/ui/support/vscode.ts');
  const vscode = await VsCode.start({
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'terminal.integrated.gpuAcceleration': 'off',
  });
  try {
    const { page } = vscode;
    await vscode.openFile('first-guest.hvhost');
    const lens = page.locator('.codelens-decoration a', { hasText: /^Boot$/ });
    await lens.waitFor();
    await vscode.command('View: Toggle Primary Side Bar Visibility');
    await page.setViewportSize({ width: 1000, height: 960 });
    await vscode.clickLens(/^Boot$/, page.locator('.terminal-wrapper'));
    await page.locator('.xterm-rows > div', { hasText: 'Press Enter' }).waitFor();
    await page.screenshot({ path: join(media, 'console.png') });
  } finally {
    await vscode.stop();
  }
}

async function photographScreen() {
  register();
  const { VsCode } = await import('../test/ui/support/vscode.ts');
  const settings = {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'terminal.integrated.gpuAcceleration': 'off',
  };
  const vscode = await VsCode.start(settings, ['test/ui/workspace', 'out/guest']);
  try {
    const { page } = vscode;
    const type = async (line) => {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    };
    const terminal = (text) => page.locator('.xterm-rows > div', { hasText: text }).last();
    await vscode.openFile('screen.hvhost');
    await vscode.clickLens(/^Boot$/, page.locator('.terminal-wrapper'));
    await terminal('/ #').waitFor();
    await vscode.focusTerminal();
    await type('for module in /modules/screen/*.ko; do insmod $module; done; echo rea""dy');
    await terminal('ready').waitFor();
    await type('for page in $(seq 8); do dmesg | head -200 | tail -40 > /dev/tty1; sleep 1; done; echo dra""wn');
    await vscode.command('View: Toggle Primary Side Bar Visibility');
    await vscode.command('hvhost: Show Screen of Child');
    await vscode.panel.locator('canvas').first().waitFor();
    await terminal('drawn').waitFor();
    await vscode.command('View: Toggle Panel Visibility');
    await page.setViewportSize({ width: 1100, height: 1300 });
    await vscode.panel.getByText('Hypercalls').first().waitFor();
    await page.screenshot({ path: join(media, 'screen.png') });
  } finally {
    await vscode.stop();
  }
}
