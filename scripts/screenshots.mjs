// Makes the pictures of the README: media/panel.png and media/console.png, real runs in a real VS Code, and
// media/icon.png from its source.
// Needs the packed extension (npm run package) and the rig (node test/vscode/setup.mjs).
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { register } from 'tsx/esm/api';
import { launchBrowser } from '../test/vscode/rig/browser.mjs';

const media = resolve(import.meta.dirname, '../media');

await drawIcon();
await photographPanel();
await photographConsole();

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
    await vscode.page.getByRole('option', { name: 'MondayMorning' }).click();
    // The scenario raises the load of the shop half a minute after the host is ready.
    const busy = vscode.panel.locator('[role=option][data-partition=web] .work', { hasText: /^6\d\d/ });
    await busy.waitFor({ timeout: 60_000 });
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
    await page.setViewportSize({ width: 1000, height: 760 });
    await lens.click();
    await page.locator('.xterm-rows > div', { hasText: 'Press Enter' }).waitFor();
    await page.screenshot({ path: join(media, 'console.png') });
  } finally {
    await vscode.stop();
  }
}
