import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { v86Wasm } from '../../src/cli/boot/v86-wasm.js';
import { nodeClock } from '../../src/node/node-clock.js';
import type { MachineCommand } from '../../src/protocol/machine.js';
import { child } from '../runtime/hosts.js';

const OPEN_FILES = '/proc/self/fd';

/** What ships: needs `npm run build` before. */
const BUNDLES = join(import.meta.dirname, '../../dist');

/** The threads of this process whose processor time is being read. */
function counted(): number {
  return readdirSync(OPEN_FILES)
    .map(targetOf)
    .filter((target) => target?.endsWith('/schedstat')).length;
}

function targetOf(file: string): string | null {
  try {
    return readlinkSync(join(OPEN_FILES, file));
  } catch {
    return null; // the folder that is being read
  }
}

describe('the thread of a machine child', () => {
  for (const thread of ['boot-thread.cjs', 'machine-worker.cjs']) {
    it(`counts the time that processors spend on it: ${thread}`, async function () {
      if (nodeClock().processorNs === undefined) return this.skip();
      const before = counted();
      const worker = new Worker(join(BUNDLES, thread));
      const boot: MachineCommand = {
        type: 'boot',
        child: child('nobody'),
        wasm: v86Wasm(),
        start: { kernel: new Uint8Array(), initrd: null },
        disks: [],
        adapters: [],
        restarts: false,
        verbose: false,
      };
      worker.postMessage(boot);
      const [ended] = await once(worker, 'message');
      const during = counted();
      await worker.terminate();
      assert.equal(ended.outcome.why, 'refused', ended.outcome.detail);
      assert.equal(during, before + 1);
    });
  }
});
