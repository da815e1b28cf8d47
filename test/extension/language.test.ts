import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after as behind, open, replace } from './support/files.js';
import { waitForErrors } from './support/wait.js';

describe('the language in the editor', () => {
  let document: vscode.TextDocument;

  // Each test finds the file as it is saved, whatever became of the one before.
  beforeEach(async () => {
    document = await open('cathedral.hvhost');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await waitForErrors(document.uri, (count) => count === 0);
  });

  const ask = <T>(command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<T>(`vscode.execute${command}`, document.uri, ...args);

  it('completes references', async () => {
    const place = behind(document, 'runs       ');
    const { items } = await ask<vscode.CompletionList>('CompletionItemProvider', place);
    const labels = items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
    assert.ok(labels.includes('MailServer'), `got ${labels}`);
  });

  it('explains what the mouse points at', async () => {
    const hovers = await ask<vscode.Hover[]>('HoverProvider', behind(document, 'child w'));
    const text = hovers.flatMap((hover) => hover.contents.map((c) => (typeof c === 'string' ? c : c.value))).join();
    assert.match(text, /2 virtual processors/);
  });

  it('finds a definition in an imported file', async () => {
    const [found] = await ask<(vscode.Location | vscode.LocationLink)[]>(
      'DefinitionProvider',
      behind(document, 'Cathedral on DL'),
    );
    const uri = found && ('targetUri' in found ? found.targetUri : found.uri);
    assert.match(uri?.path ?? '', /proliant\.hvhost$/);
  });

  it('renames a workload wherever it is used', async () => {
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      behind(document, 'workload Web'),
      'Shop',
    );
    assert.equal(edit.get(document.uri).length, 2);
  });

  it('formats', async () => {
    const unformatted = await open('unformatted.hvhost');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      unformatted.uri,
      { insertSpaces: true, tabSize: 4 },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(unformatted.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(unformatted.getText(), 'workload Backup {\n    clients 1\n    think 1 s\n}\n');
  });

  it('offers to run hosts and scenarios', async () => {
    const lenses = await ask<vscode.CodeLens[]>('CodeLensProvider', 20);
    const titles = lenses.map((lens) => lens.command?.title);
    assert.ok(titles.includes('Run Host') && titles.includes('Run Scenario'), `got ${titles}`);
  });

  it('says after each child what is left to give', async () => {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint[]>('InlayHintProvider', whole);
    assert.equal(hints.length, 3);
  });

  it('outlines the file', async () => {
    const symbols = await ask<vscode.DocumentSymbol[]>('DocumentSymbolProvider');
    const host = symbols.find((symbol) => symbol.name === 'Cathedral');
    assert.ok(host?.children.some((child) => child.name === 'web'));
  });

  it('checks with the keystroke and forgets with the next', async () => {
    await replace(document, 'on DL585', 'on DL999');
    const [error] = await waitForErrors(document.uri, (count) => count > 0);
    assert.match(error?.message ?? '', /DL999/);
    await replace(document, 'on DL999', 'on DL585');
    await waitForErrors(document.uri, (count) => count === 0);
  });
});
