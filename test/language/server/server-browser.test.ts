import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';

interface Message {
  id?: number;
  method?: string;
  params?: { uri?: string; diagnostics?: { code: string }[] };
}

/** A web worker as far as the server can tell: nothing of Node is in its world. */
async function startWorker(
  answer: (message: Message, send: (message: object) => void) => void,
): Promise<(message: object) => void> {
  const { outputFiles } = await build({
    entryPoints: ['src/language/server/main-browser.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  const world: { onmessage?: (event: { data: object }) => void; [name: string]: unknown } = {
    addEventListener() {},
    postMessage: (message: Message) => answer(message, send),
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    queueMicrotask,
    performance,
    TextDecoder,
    TextEncoder,
    URL,
    console,
  };
  const send = (message: object) => world.onmessage?.({ data: { jsonrpc: '2.0', ...message } });
  world['self'] = world;
  runInContext(outputFiles[0]?.text ?? '', createContext(world));
  return send;
}

describe('language server in the browser', () => {
  it('asks the client for imported files', async () => {
    const uri = 'memfs:/definitions/host.hvhost';
    const text = 'import "box.hvhost"\nhost A on Box { hypervisor hyper-v 2025 child c "Debian" { memory 1 GX } }';
    const box = 'hardware Box { processor { sockets 1 } memory 8 GB ecc }';
    const asked: (string | undefined)[] = [];

    const codes = await new Promise<string[]>((resolve, reject) => {
      const started = startWorker(({ id, method, params }, send) => {
        if (method === 'hvhost/readFile') {
          asked.push(params?.uri);
          send({ id, result: box });
        } else if (method === 'textDocument/publishDiagnostics' && params?.uri === uri) {
          resolve(params.diagnostics?.map(({ code }) => code) ?? []);
        } else if (id === 1) {
          send({ method: 'initialized', params: {} });
          const textDocument = { uri, languageId: 'hvhost', version: 1, text };
          send({ method: 'textDocument/didOpen', params: { textDocument } });
        } else if (id !== undefined) {
          send({ id, result: null });
        }
      });
      const params = { processId: null, rootUri: null, workspaceFolders: null, capabilities: {} };
      started.then((send) => send({ id: 1, method: 'initialize', params })).catch(reject);
    });

    assert.deepEqual(asked, ['memfs:/definitions/box.hvhost']);
    // Arrays of another world are not the arrays of this one.
    assert.equal(codes.join(), 'HV202');
  });
});
