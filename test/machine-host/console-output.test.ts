import assert from 'node:assert/strict';
import { ConsoleOutput } from '../../src/machine-host/console-output.js';

const KB = 1024;

/** Whoever takes what is printed, one piece at a time. */
class SlowReader {
  heard = '';
  private taken: () => void = () => {};
  readonly sink = (bytes: Uint8Array): Promise<void> => {
    this.heard += Buffer.from(bytes).toString('latin1');
    return new Promise((resolve) => {
      this.taken = resolve;
    });
  };

  async take(): Promise<void> {
    this.taken();
    await turn();
  }
}

function print(output: ConsoleOutput, text: string): void {
  for (let at = 0; at < text.length; at++) output.print(text.charCodeAt(at));
}

async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

describe('the console of a guest', () => {
  it('hands over together what is printed in one turn', async () => {
    const pieces: string[] = [];
    const output = new ConsoleOutput((bytes) => {
      pieces.push(Buffer.from(bytes).toString());
    });
    print(output, 'one');
    await turn();
    print(output, 'two');
    await turn();
    assert.deepEqual(pieces, ['one', 'two']);
  });

  it('waits for a reader, and loses nothing that is little', async () => {
    const reader = new SlowReader();
    const output = new ConsoleOutput(reader.sink);
    print(output, 'a');
    await turn();
    print(output, 'b');
    await turn();
    print(output, 'c');
    assert.equal(reader.heard, 'a');
    await reader.take();
    assert.equal(reader.heard, 'abc');
  });

  it('keeps the newest of a flood that nobody takes, and says how much is missing', async () => {
    const reader = new SlowReader();
    const output = new ConsoleOutput(reader.sink);
    print(output, 'a');
    await turn();
    print(output, 'x'.repeat(1000 * KB));
    print(output, 'the end');
    await reader.take();
    const [, line, rest = ''] = reader.heard.split('\r\n');
    const missing = /^\[hvhost: (\d+) bytes that the guest printed are left out here\]$/.exec(line!)?.[1];
    assert.equal(rest.length, 64 * KB);
    assert.ok(rest.endsWith('xthe end'));
    assert.equal(Number(missing) + rest.length, 1000 * KB + 'the end'.length);
  });

  it('says its last words to a reader that has not taken the ones before', async () => {
    const reader = new SlowReader();
    const output = new ConsoleOutput(reader.sink);
    print(output, 'a');
    await turn();
    print(output, 'reboot: Power down');
    output.end();
    assert.equal(reader.heard, 'areboot: Power down');
  });
});
