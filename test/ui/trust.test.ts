import assert from 'node:assert/strict';
import { until } from './support/until.js';
import { VsCode } from './support/vscode.js';

describe('a workspace that is not trusted', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'security.workspace.trust.startupPrompt': 'never' }, [], false);
    await vscode.openFile('first-guest.hvhost');
  });

  after(() => vscode?.stop());

  it('is checked and shown, but boots no kernel', async () => {
    const { page } = vscode;
    await page.getByText('Restricted Mode').first().waitFor();
    const boot = page.locator('.codelens-decoration a', { hasText: /^Boot$/ });
    const refusal = page.getByText('A workspace boots no kernel before you trust it.').first();
    await until(async (options) => {
      await boot.click(options);
      // Where VS Code is driven by a test it shows no toasts.
      await vscode.command('Notifications: Show Notifications');
    }, refusal);
    await page.getByRole('button', { name: 'Manage Workspace Trust' }).first().waitFor();
    assert.equal(await page.locator('.terminal-wrapper').count(), 0);
    await vscode.screenshot('restricted');
  });
});
