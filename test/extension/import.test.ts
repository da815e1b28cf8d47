import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fileUri } from './support/files.js';
import { errorsOf } from './support/wait.js';

describe('Import Host', () => {
  it('opens the definition of a host that was read, laid out, in a file that is not saved', async () => {
    await vscode.commands.executeCommand('hvhost.importHost', fileUri('read-host.json'));
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'hvhost');
    assert.ok(document.isUntitled);
    assert.match(document.getText(), /^ {4}child web-1 "Windows Server 2022 Standard" \{\n {8}generation 2\n/m);
    assert.deepEqual(errorsOf(document.uri), []);
  });
});
