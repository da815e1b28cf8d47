import { VsCode } from './support/vscode.js';

/** VS Code hands a command other arguments from each menu: which file, which group of editors, which files are selected. */
describe('commands in menus', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'hvhost.run.speed': 0, 'hvhost.run.duration': 5 });
    await vscode.openFile('cathedral.hvhost');
  });

  after(() => vscode?.stop());

  const finished = () => vscode.panel.getByText('Finished', { exact: true }).waitFor();

  it('run the host of the file above which they stand', async () => {
    await vscode.page.getByRole('button', { name: 'Run Host' }).first().click();
    await finished();
  });

  it('save the report of the panel above which they stand', async () => {
    await vscode.panelTab.click();
    await vscode.page.getByRole('button', { name: 'Save Report of the Last Run' }).first().click();
    await vscode.page.locator('.quick-input-widget', { hasText: 'Save Report' }).waitFor();
    await vscode.page.keyboard.press('Escape');
  });

  it('run the host of a file in the explorer', async () => {
    await vscode.page.getByRole('treeitem', { name: 'dynamic-memory.hvhost' }).click({ button: 'right' });
    await vscode.page.getByRole('menuitem', { name: 'Run Host' }).hover();
    await vscode.page.keyboard.press('Enter');
    await vscode.page.locator('.tab', { hasText: 'Branch' }).waitFor();
  });
});
