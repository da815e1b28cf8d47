import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BootResult } from '../../src/extension/boot/machine-children.js';
import { type AnyWorker, threadOf } from '../../src/extension/worker-thread.js';
import { fileUri } from './support/files.js';
import { closeTerminals } from './support/wait.js';

class FakeWorker implements AnyWorker<string, string> {
  heard: (event: string) => void = () => {};
  failed: (message: string) => void = () => {};
  isTerminated = false;

  post(): void {}

  listen(heard: (event: string) => void, failed: (message: string) => void): void {
    Object.assign(this, { heard, failed });
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

describe('a thread', () => {
  const told: string[] = [];
  let worker: FakeWorker;

  beforeEach(() => {
    told.splice(0);
    worker = new FakeWorker();
  });

  it('tells what its worker says and why it failed, also what came before anybody listened', () => {
    const thread = threadOf(worker, (message) => `failed: ${message}`);
    worker.heard('first');
    worker.failed('early');
    thread.onEvent((event) => told.push(event));
    worker.heard('second');
    worker.failed('late');
    assert.deepEqual(told, ['first', 'failed: early', 'second', 'failed: late']);
  });

  it('tells nothing any more once it is disposed of', () => {
    const thread = threadOf(worker, (message) => message);
    thread.onEvent((event) => told.push(event));
    thread.dispose();
    assert.ok(worker.isTerminated);
    worker.heard('what it had sent before');
    worker.failed('that its script is gone');
    assert.deepEqual(told, []);
  });

  if (typeof Worker === 'function') {
    it('leaves its script where a browser finds it, for a worker that loads it only after it was disposed of', async () => {
      const loaded: string[] = [];
      const revoked: string[] = [];
      const [RealWorker, revoke] = [Worker, URL.revokeObjectURL];
      const watched = (address: string | URL, options?: WorkerOptions) => {
        if (String(address).startsWith('blob:')) loaded.push(String(address)); // the server's has an address of its own
        return new RealWorker(address, options);
      };
      globalThis.Worker = new Proxy(RealWorker, { construct: (_, [address, options]) => watched(address, options) });
      URL.revokeObjectURL = (address) => void revoked.push(address);
      try {
        const tiny = [fileUri('first-guest.hvhost').toString(), 'FirstGuest', 'tiny'];
        for (let time = 0; time < 2; time++) {
          const result = await vscode.commands.executeCommand<BootResult | null>('hvhost.bootChild', ...tiny);
          assert.equal(result?.why, 'power off');
        }
      } finally {
        globalThis.Worker = RealWorker;
        URL.revokeObjectURL = revoke;
        await closeTerminals();
      }
      assert.equal(new Set(loaded).size, 1);
      assert.deepEqual(
        loaded.filter((address) => revoked.includes(address)),
        [],
      );
    });
  }
});
