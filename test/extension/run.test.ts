import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunResult } from '../../src/protocol/run-result.js';
import { after as behind, fileUri, open } from './support/files.js';
import { KNOWN_RUN } from './support/known-run.js';
import { acceptPick, waitForPanel } from './support/wait.js';

const AS_FAST_AS_IT_CAN = 0;

describe('running a host', () => {
  const cathedral = () => fileUri('cathedral.hvhost').toString();
  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<RunResult | null>(`hvhost.${command}`, ...args);

  const set = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('hvhost.run').update(name, value, vscode.ConfigurationTarget.Global);

  // Each test finds no panel and no list to pick from, whatever became of the one before.
  beforeEach(async () => {
    await set('speed', AS_FAST_AS_IT_CAN);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('gives a result and shows it in a panel', async () => {
    const result = await run('runHost', cathedral(), 'Cathedral');
    assert.ok(result, 'the run gave no result');
    assert.ok(result.readyNs > 0 && result.timeNs > result.readyNs);
    assert.deepEqual(
      result.total.partitions.map((partition) => partition.name),
      ['parent', 'web', 'payroll', 'mail'],
    );
    await waitForPanel('Cathedral');
  });

  it('is equal for an equal seed', async () => {
    const first = await run('runHost', cathedral(), 'Cathedral');
    const second = await run('runHost', cathedral(), 'Cathedral');
    assert.ok(first?.traceHash);
    assert.equal(first.traceHash, second?.traceHash);
  });

  it('has the trace here that it has everywhere', async () => {
    const result = await run('runHost', fileUri(KNOWN_RUN.file).toString(), KNOWN_RUN.host);
    assert.equal(result?.seed, KNOWN_RUN.seed);
    assert.equal(Math.round((result.timeNs - result.readyNs) / 1e9), KNOWN_RUN.seconds);
    assert.equal(result.traceHash, KNOWN_RUN.traceHash);
  });

  it('runs the only host of the active file without asking', async () => {
    await open('cathedral.hvhost');
    assert.ok(await run('runHost'));
  });

  it('plays a scenario and judges its expectations', async () => {
    const result = await run('runScenario', cathedral(), 'Cathedral', 'MondayMorning');
    assert.equal(result?.scenario, 'MondayMorning');
    assert.equal(result?.expectations.length, 2);
    assert.ok(result.timeNs - result.readyNs > 60e9, 'the scenario fails the parent after a minute');
  });

  it('plays the only scenario of the active file without asking', async () => {
    await open('cathedral.hvhost');
    const result = await run('runScenario');
    assert.equal(result?.scenario, 'MondayMorning');
  });

  it('asks once which of several scenarios to play, that at the cursor first', async () => {
    const document = await open('change-window.hvhost');
    const cursor = behind(document, 'scenario Reboot');
    vscode.window.activeTextEditor!.selection = new vscode.Selection(cursor, cursor);
    const playing = run('runScenario');
    await acceptPick('Branch');
    assert.equal((await playing)?.scenario, 'Reboot');
  });

  it('does not start a file with errors', async () => {
    assert.equal(await run('runHost', fileUri('broken.hvhost').toString(), 'Broken'), null);
    const panels = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.label);
    assert.ok(!panels.includes('Broken'));
  });

  it('ends a run whose panel is closed', async () => {
    await set('speed', 0.01);
    const ended = run('runHost', cathedral(), 'Cathedral');
    const tab = await waitForPanel('Cathedral');
    await vscode.window.tabGroups.close(tab);
    assert.equal(await ended, null);
  });

  it('runs once where it is asked to run again before its engine is there', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => run('runHost', cathedral(), 'Cathedral')));
    assert.equal(first, null);
    assert.ok(second);
  });

  it('keeps one panel for a host', async () => {
    await run('runHost', cathedral(), 'Cathedral');
    await run('runHost', cathedral(), 'Cathedral');
    const panels = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.label === 'Cathedral');
    assert.equal(panels.length, 1);
  });

  it('saves a finished run as one page', async () => {
    await run('runHost', cathedral(), 'Cathedral');
    const target = fileUri('report.html');
    await vscode.commands.executeCommand('hvhost.exportReport', target);
    const page = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    assert.match(page, /^<!doctype html>/);
    assert.match(page, /globalThis\.hvhostRecording = \{/);
  });

  it('shows the model the engine reads', async () => {
    await vscode.commands.executeCommand('hvhost.showModel', cathedral(), 'Cathedral');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    const model = JSON.parse(text) as { name: string; children: unknown[] };
    assert.equal(model.name, 'Cathedral');
    assert.equal(model.children.length, 3);
  });

  it('opens an example that runs as it stands', async () => {
    await vscode.commands.executeCommand('hvhost.newHost');
    assert.ok(await run('runHost'));
  });
});
