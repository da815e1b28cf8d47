import assert from 'node:assert/strict';
import { VsCode } from './support/vscode.js';

describe('the host panel', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'hvhost.run.speed': 0, 'hvhost.run.duration': 90 });
    await vscode.openFile('cathedral.hvhost');
    await vscode.runFromLens('Run Host');
  });

  after(() => vscode?.stop());

  it('shows the parent, every child and what they do', async () => {
    const options = vscode.partitions;
    assert.deepEqual(await options.evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-partition'))), [
      'parent',
      'web',
      'payroll',
      'mail',
    ]);
    assert.match((await options.nth(1).getAttribute('aria-label')) ?? '', /^web, enlightened child, .*, running/);
    assert.equal(await vscode.panel.getByRole('heading', { name: 'Device Managers' }).count(), 1);
    assert.ok((await vscode.panel.locator('.chart canvas').count()) >= 4);
  });

  it('selects a partition everywhere at once', async () => {
    await vscode.partition('payroll').click();
    await vscode.panel.locator('table.partitions tr.selected', { hasText: 'payroll' }).waitFor();
    await vscode.panel.locator('.device-manager.selected', { hasText: 'Windows NT 4.0' }).waitFor();
    assert.equal(await vscode.panel.getByRole('combobox', { name: 'Partition' }).inputValue(), 'payroll');
  });

  it('is reached and used by keyboard alone', async () => {
    const { page, panel } = vscode;
    await vscode.partition('payroll').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await panel.locator('[role=option][data-partition=mail][aria-selected=true]').waitFor();
    await page.keyboard.press('Escape');
    await panel.locator('[role=option][aria-selected=true]').waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    assert.equal(await panel.locator('[role=option]:focus').getAttribute('data-partition'), 'parent');
  });

  it('lists what happened', async () => {
    const events = vscode.panel.locator('details.events');
    await events.locator('summary').click();
    await events.getByRole('cell', { name: 'HvInitializePartition' }).first().waitFor();
  });

  it('has no fault that axe finds', async () => {
    assert.deepEqual(await vscode.panelFaults(), []);
  });
});
