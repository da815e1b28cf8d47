import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { HOSTS_REQUEST, type HostsResult, MODEL_REQUEST, type ModelResult } from '../../../src/language/requests.js';

describe('language server', () => {
  let server: ChildProcess;
  let connection: MessageConnection;

  before(() => {
    server = spawn(process.execPath, ['--import', 'tsx', 'src/language/server/main.ts', '--stdio'], { stdio: 'pipe' });
    assert.ok(server.stdout && server.stdin);
    connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.listen();
  });

  after(() => {
    connection.dispose();
    server.kill();
  });

  it('checks an open file and answers with its model', async () => {
    const uri = pathToFileURL(resolve('examples/cathedral.hvhost')).toString();
    const capabilities = {};
    const { capabilities: offered } = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities,
    });
    for (const feature of [
      'hoverProvider',
      'renameProvider',
      'documentFormattingProvider',
      'inlayHintProvider',
    ] as const) {
      assert.ok(offered[feature], feature);
    }
    const published = new Promise<PublishDiagnosticsParams>((answer) => {
      connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
        if (params.uri === uri) answer(params);
      });
    });
    await connection.sendNotification('initialized', {});
    const text =
      'import "hardware/proliant.hvhost"\nhost Cathedral on DL585 { hypervisor hyper-v 2008R2  child c "Debian" { memory 1 GX } }';
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'hvhost', version: 1, text },
    });
    assert.deepEqual(
      (await published).diagnostics.map(({ code }) => code),
      ['HV202'],
    );

    const refused = await connection.sendRequest<ModelResult>(MODEL_REQUEST, { uri });
    assert.ok(!refused.ok && refused.problems[0]?.code === 'HV202');
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: text.replace('GX', 'GB') }],
    });
    const answer = await connection.sendRequest<ModelResult>(MODEL_REQUEST, { uri });
    assert.ok(answer.ok && answer.model.children[0]?.memory.startupBytes === 1024 ** 3);
  });

  it('goes on when a document is closed that was never saved', async () => {
    const uri = pathToFileURL(resolve('examples/cathedral.hvhost')).toString();
    const untitled = 'untitled:Untitled-1';
    const text = 'host A on Nothing { hypervisor hyper-v 2025 }';
    const textDocument = { uri: untitled, languageId: 'hvhost', version: 1, text };
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    const known = await connection.sendRequest<HostsResult>(HOSTS_REQUEST, { uri: untitled });
    assert.deepEqual(known, ['A']);
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri: untitled } });
    const changed = 'import "hardware/proliant.hvhost"\nhost Chapel on DL585 { hypervisor hyper-v 2008R2 }';
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 3 },
      contentChanges: [{ text: changed }],
    });
    const answer = await connection.sendRequest<ModelResult>(MODEL_REQUEST, { uri });
    assert.ok(answer.ok && answer.model.name === 'Chapel');
  });

  it('goes back to the file when its document is closed without being saved', async () => {
    const uri = pathToFileURL(resolve('examples/cathedral.hvhost')).toString();
    const hosts = () => connection.sendRequest<HostsResult>(HOSTS_REQUEST, { uri });
    assert.deepEqual(await hosts(), ['Chapel']);
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    assert.deepEqual(await hosts(), ['Cathedral']);
  });
});
