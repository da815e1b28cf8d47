import assert from 'node:assert/strict';
import { VsCode } from './support/vscode.js';

describe('the console of a machine child', () => {
  let vscode: VsCode;

  before(async () => {
    // Text in the page instead of a picture, so that it can be read.
    vscode = await VsCode.start({ 'terminal.integrated.gpuAcceleration': 'off', 'editor.minimap.enabled': false });
    await vscode.openFile('first-guest.hvhost');
    await vscode.page.locator('.codelens-decoration a', { hasText: /^Boot$/ }).click();
  });

  after(() => vscode?.stop());

  const lines = (text: string) => vscode.page.locator('.xterm-rows > div', { hasText: text });

  it('shows what the guest prints and how it ended', async () => {
    await lines('hypervisor: Microsoft Hv').waitFor();
    await lines('tiny has switched itself off.').waitFor();
    await lines('Press Enter to boot it again').waitFor();
    await vscode.page.getByRole('treeitem', { name: 'first-guest.hvhost' }).waitFor();
    await vscode.screenshot('console');
  });

  it('boots the child again at Enter, in the same terminal', async () => {
    // Only rows that are shown can be counted: both boots have to fit.
    await vscode.command('View: Toggle Maximized Panel');
    await vscode.command('Terminal: Focus Terminal');
    await vscode.page.keyboard.press('Enter');
    await lines('tiny has switched itself off.').nth(1).waitFor();
    assert.equal(await vscode.page.locator('.terminal-wrapper').count(), 1);
  });
});
