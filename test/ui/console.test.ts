import assert from 'node:assert/strict';
import { VsCode } from './support/vscode.js';

describe('the console of a machine child', () => {
  let vscode: VsCode;

  before(async () => {
    // Text in the page instead of a picture, so that it can be read.
    vscode = await VsCode.start({ 'terminal.integrated.gpuAcceleration': 'off', 'editor.minimap.enabled': false });
    await vscode.openFile('first-guest.hvhost');
    await vscode.clickLens(/^Boot$/, vscode.page.locator('.terminal-wrapper'));
    // Rows that have scrolled away are not in the page.
    await vscode.command('View: Toggle Maximized Panel');
  });

  after(() => vscode?.stop());

  const lines = (text: string) => vscode.page.locator('.xterm-rows > div', { hasText: text });

  it('shows what the guest prints and how it ended', async () => {
    await lines('tiny has switched itself off.').waitFor();
    await lines('hypervisor: Microsoft Hv').waitFor();
    await lines('heartbeat: answered').waitFor();
    await lines('Press Enter to boot it again').waitFor();
    await vscode.screenshot('console');
  });

  it('boots the child again at Enter, in the same terminal', async () => {
    await vscode.command('Terminal: Clear');
    await lines('tiny has switched itself off.').waitFor({ state: 'detached' });
    await vscode.focusTerminal();
    await vscode.page.keyboard.press('Enter');
    await lines('tiny has switched itself off.').waitFor();
    assert.equal(await vscode.page.locator('.terminal-wrapper').count(), 1);
  });
});
