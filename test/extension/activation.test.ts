import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fileUri, open } from './support/files.js';
import { errorsOf, waitForErrors } from './support/wait.js';

describe('the extension', () => {
  it('activates with the first definition and knows its language', async () => {
    const document = await open('cathedral.hvhost');
    assert.equal(document.languageId, 'hvhost');
    const extension = vscode.extensions.getExtension('hvhost.hvhost');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('finds nothing wrong with the example and marks what is wrong in another file', async () => {
    await open('cathedral.hvhost');
    await open('broken.hvhost');
    const [error] = await waitForErrors(fileUri('broken.hvhost'), (count) => count > 0);
    assert.match(error?.message ?? '', /raid1/);
    assert.deepEqual(errorsOf(fileUri('cathedral.hvhost')), []);
  });

  it('registers every command it declares', async () => {
    const extension = vscode.extensions.getExtension('hvhost.hvhost');
    const declared: { command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
    assert.ok(declared.length > 0);
  });
});
