import assert from 'node:assert/strict';
import type { RunResult } from '../../src/protocol/run-result.js';
import { hvhost } from './hvhost.js';

const EXAMPLE = 'examples/two-hosts.hvhost';

describe('hvhost with several hosts', () => {
  it('holds what the example expects of its migrations', () => {
    const { status, stdout } = hvhost(['test', EXAMPLE]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /4 passed, 0 failed/);
  });

  it('tells of every migration, and of who lives where', () => {
    const { stdout } = hvhost(['run', EXAMPLE, '--host', 'First', '--scenario', 'PulledCable']);
    assert.match(stdout, /shop: First to Second +live +failed: the migration network was lost for too long/);
    assert.match(stdout, /shop: First to Second +live +done/);
    assert.match(stdout, /Second: shop +running/);
    assert.match(stdout, /shop moved: it lives on 'Second'/);
  });

  it('writes them into the result', () => {
    const { stdout } = hvhost(['run', EXAMPLE, '--host', 'First', '--scenario', 'Drain', '--json', '-']);
    const { result }: { result: RunResult } = JSON.parse(stdout);
    const [shop] = result.migrations!;
    assert.equal(shop!.outcome, 'done');
    assert.equal(shop!.rounds[0]!.pages * 4096, 4 * 1024 ** 3);
    assert.equal(result.total.peers![0]!.host, 'Second');
  });
});
