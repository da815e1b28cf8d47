import assert from 'node:assert/strict';
import { until } from './support/until.js';
import { VsCode } from './support/vscode.js';

describe('the host panel', () => {
  let vscode: VsCode;

  before(async () => {
    vscode = await VsCode.start({ 'hvhost.run.speed': 0, 'hvhost.run.duration': 90 });
    await vscode.openFile('cathedral.hvhost');
    await vscode.runFromLens('Run Host', 'Cathedral');
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
    const box = vscode.partition('payroll');
    if ((await box.getAttribute('aria-selected')) !== 'true') await box.click(); // a second click would take it back
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
    await panel.locator('[role=option][data-partition=parent]:focus').waitFor();
  });

  it('lists what happened', async () => {
    const events = vscode.panel.locator('details.events');
    const closed = vscode.panel.locator('details.events:not([open]) summary'); // a second click would close it again
    if ((await closed.count()) > 0) await closed.click();
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
    await vscode.runFromLens('Run Host', 'Cathedral');
  });

  after(() => vscode?.stop());

  it('shows its run again when it comes back from behind another tab', async () => {
    await vscode.panelTab.click();
    await vscode.openFile('broken.hvhost');
    const finished = vscode.panel.getByText('Finished', { exact: true });
    await until((options) => vscode.panelTab.click(options), finished);
    assert.equal(await vscode.partitions.count(), 4);
  });

  it('knows its host after the window is loaded again, and runs it', async () => {
    // The command, not the browser's reload: it lets the workbench write down which panels are open.
    await Promise.all([vscode.page.waitForEvent('load'), vscode.command('Developer: Reload Window')]);
    await vscode.panel.getByText('Not running', { exact: true }).waitFor();
    assert.equal(await vscode.panel.getByRole('heading', { level: 1 }).textContent(), 'Cathedral');
    await vscode.panel.getByRole('button', { name: 'Run' }).click();
    await vscode.panel.getByText('Finished', { exact: true }).waitFor();
  });

  it('can be paused, resumed and cancelled', async () => {
    const { panel } = vscode;
    const cancel = panel.getByRole('button', { name: 'Cancel' });
    if (await cancel.isVisible()) await cancel.click(); // what a first try has left
    // So slow that the run does not end before it is cancelled.
    await panel.getByRole('combobox', { name: 'Speed' }).selectOption('¼ ×');
    await panel.getByRole('button', { name: 'Run again' }).click();
    await panel.getByRole('button', { name: 'Pause' }).click();
    await panel.getByText('Paused', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Resume' }).click();
    await panel.getByText('Running', { exact: true }).waitFor();
    await cancel.click();
    await panel.getByText('Cancelled', { exact: true }).waitFor();
  });

  it('leads to the definition of a partition', async () => {
    const tab = vscode.page.locator('.tab.active', { hasText: 'cathedral.hvhost' });
    await until((options) => vscode.partition('payroll').dblclick(options), tab);
    await vscode.page.locator('#status\\.editor\\.selection', { hasText: '(7 selected)' }).waitFor();
  });

  it('says so where the definition is not there any more', async () => {
    const file = vscode.page.getByRole('treeitem', { name: 'cathedral.hvhost' });
    // By the menu: the key would delete a letter where an editor has taken the focus.
    if ((await file.count()) > 0) await vscode.menu(file, 'Delete Permanently', file, 'hidden');
    const editors = vscode.page.locator('.tab', { hasText: 'cathedral.hvhost' }).first();
    await editors.waitFor({ state: 'detached' });
    await until(async (options) => {
      await vscode.panelTab.click(options);
      await vscode.partition('payroll').dblclick(options);
      // Where VS Code is driven by a test it shows no toasts.
      await vscode.command('Notifications: Show Notifications');
    }, vscode.page.locator('.notification-list-item', { hasText: 'cathedral.hvhost' }).first());
  });

  it('leads to the definition of a host system that carries the hypervisor, too', async () => {
    await vscode.openFile('kvm.hvhost');
    await vscode.runFromLens('Run Host', 'Barn');
    const selected = vscode.page.locator('#status\\.editor\\.selection', { hasText: '(6 selected)' });
    await until((options) => vscode.partition('parent').dblclick(options), selected);
    await vscode.page.locator('.tab.active', { hasText: 'kvm.hvhost' }).waitFor();
  });
});
