import { until } from './support/until.js';
import { VsCode } from './support/vscode.js';

/** VS Code hands a command other arguments from each menu: which file, which group of editors, which files are selected. */
describe('commands in menus', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'hvhost.run.speed': 0, 'hvhost.run.duration': 5 });
    await vscode.openFile('cathedral.hvhost');
  });

  after(() => vscode?.stop());

  it('run the host of the file above which they stand', async () => {
    const button = vscode.page.getByRole('button', { name: 'Run Host' }).first();
    await until((options) => button.click(options), vscode.panelTab);
    await vscode.panel.getByText('Finished', { exact: true }).waitFor();
  });

  it('save the report of the panel above which they stand', async () => {
    const button = vscode.page.getByRole('button', { name: 'Save Report of the Last Run' }).first();
    await until(
      async (options) => {
        await vscode.panelTab.click(options);
        await button.click(options);
      },
      vscode.page.locator('.quick-input-widget', { hasText: 'Save Report' }),
    );
    await vscode.page.keyboard.press('Escape');
  });

  it('run the host of a file in the explorer', async () => {
    const file = vscode.page.getByRole('treeitem', { name: 'dynamic-memory.hvhost' });
    await vscode.menu(file, 'Run Host', vscode.page.locator('.tab', { hasText: 'Branch' }));
  });
});
