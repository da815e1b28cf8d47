import assert from 'node:assert/strict';
import { VsCode } from './support/vscode.js';

describe('the editor', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'hvhost.run.speed': 0 });
  });

  after(() => vscode?.stop());

  it('asks nobody for trust and shows no welcome page', async () => {
    await vscode.page.getByRole('treeitem', { name: 'cathedral.hvhost' }).waitFor();
    assert.equal(await vscode.page.getByText('Do you trust the authors').count(), 0);
    assert.equal(await vscode.page.locator('.gettingStartedContainer').count(), 0);
  });

  it('colours a definition and offers to run it', async () => {
    await vscode.openFile('cathedral.hvhost');
    await vscode.page.locator('.codelens-decoration a', { hasText: 'Run Host' }).first().waitFor();
    await vscode.page.getByRole('button', { name: 'Run Host' }).first().waitFor();
    const colours = await vscode.page
      .locator('.view-line span span')
      .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
    assert.ok(colours >= 3, `only ${colours} colours`);
    assert.equal(await vscode.page.locator('.monaco-editor .squiggly-error').count(), 0);
  });

  it('underlines an error and mends it by a quick fix', async () => {
    const { page } = vscode;
    await vscode.openFile('broken.hvhost');
    await vscode.command('File: Revert File'); // a first try may have mended it
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await vscode.quickFix('raid1', 'raid0', page.locator('.view-line', { hasText: 'on raid0' }));
    await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
  });
});
