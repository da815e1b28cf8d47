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
    // What a box shows is also what a screen reader says of it.
    const said = (await options.nth(1).textContent()) ?? '';
    for (const word of ['web', 'running', 'enlightened', 'VSC disk']) assert.ok(said.includes(word), said);
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

describe('a panel that is left alone', () => {
  let vscode: VsCode;

  before(async () => {
    const settings = { 'hvhost.run.speed': 0, 'explorer.confirmDelete': false, 'files.enableTrash': false };
    vscode = await VsCode.start(settings, ['test/ui/workspace']);
    await vscode.openFile('cathedral.hvhost');
    await vscode.runFromLens('Run Host');
  });

  after(() => vscode?.stop());

  it('shows its run again when it comes back from behind another tab', async () => {
    await vscode.panelTab.click();
    await vscode.openFile('broken.hvhost');
    await vscode.panelTab.click();
    await vscode.panel.getByText('Finished', { exact: true }).waitFor();
    assert.equal(await vscode.partitions.count(), 4);
  });

  it('knows its host after the window is loaded again, and runs it', async () => {
    // The command, not the browser's reload: it lets the workbench write down which panels are open.
    const loaded = vscode.page.waitForEvent('load');
    await vscode.command('Developer: Reload Window');
    await loaded;
    await vscode.panel.getByText('Not running', { exact: true }).waitFor();
    assert.equal(await vscode.panel.getByRole('heading', { level: 1 }).textContent(), 'Cathedral');
    await vscode.panel.getByRole('button', { name: 'Run' }).click();
    await vscode.panel.getByText('Finished', { exact: true }).waitFor();
  });

  it('can be paused, resumed and cancelled', async () => {
    const { panel } = vscode;
    await panel.getByRole('combobox', { name: 'Speed' }).selectOption('1 ×');
    await panel.getByRole('button', { name: 'Run again' }).click();
    await panel.getByRole('button', { name: 'Pause' }).click();
    await panel.getByText('Paused', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Resume' }).click();
    await panel.getByText('Running', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText('Cancelled', { exact: true }).waitFor();
  });

  it('leads to the definition of a partition', async () => {
    await vscode.partition('payroll').dblclick();
    await vscode.page.locator('.tab.active', { hasText: 'cathedral.hvhost' }).waitFor();
    await vscode.page.locator('#status\\.editor\\.selection', { hasText: '(7 selected)' }).waitFor();
  });

  it('says so where the definition is not there any more', async () => {
    const file = vscode.page.getByRole('treeitem', { name: 'cathedral.hvhost' });
    await file.click();
    await vscode.page.keyboard.press('Delete');
    await file.waitFor({ state: 'detached' });
    await vscode.panelTab.click();
    await vscode.partition('payroll').dblclick();
    // Where VS Code is driven by a test it shows no toasts.
    await vscode.command('Notifications: Show Notifications');
    await vscode.page.locator('.notification-list-item', { hasText: 'cathedral.hvhost' }).waitFor();
  });

  it('leads to the definition of a host system that carries the hypervisor, too', async () => {
    await vscode.openFile('kvm.hvhost');
    await vscode.runFromLens('Run Host');
    await vscode.partition('parent').dblclick();
    await vscode.page.locator('.tab.active', { hasText: 'kvm.hvhost' }).waitFor();
    await vscode.page.locator('#status\\.editor\\.selection', { hasText: '(6 selected)' }).waitFor();
  });
});
