import assert from 'node:assert/strict';
import { ScriptRunner, scriptLines } from '../../src/cli/boot/script-runner.js';

/** A shell that echoes what is typed and answers each line with what the test says. */
function session(lines: string[], answer: (line: string) => string) {
  const typed: string[] = [];
  const statuses: number[] = [];
  let prompt = '/ # ';
  const runner: ScriptRunner = new ScriptRunner(
    lines,
    (text) => {
      typed.push(text);
      if (text.startsWith('PS1=')) prompt = 'hvhost-ready> ';
      const said = `${text.replace('\n', '\r\n')}${answer(text.trim())}${prompt}\u001b[6n`;
      queueMicrotask(() => {
        for (const letter of said) runner.feed(letter);
      });
    },
    (status) => statuses.push(status),
  );
  return { runner, typed, statuses };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

describe('hvhost boot --script', () => {
  it('waits for a shell, types line after line and learns the status of the last', async () => {
    const { runner, typed, statuses } = session(['true', 'false'], (line) =>
      line.startsWith('echo "hvhost-') ? 'hvhost-status=1.\r\n' : '',
    );
    runner.feed('[    0.1] Booting # of things\r\n');
    await settle();
    assert.deepEqual(typed, []);
    runner.feed('/ # ');
    await settle();
    assert.deepEqual(typed.slice(1, 3), ['true\n', 'false\n']);
    assert.deepEqual(statuses, [1]);
  });

  it('finds the prompt also where the kernel prints behind it', async () => {
    const typed: string[] = [];
    const runner = new ScriptRunner(
      ['true'],
      (text) => typed.push(text),
      () => {},
    );
    runner.feed('/ # \u001b[6n[   16.643355] hyperv_drm: fb0\r\n');
    runner.feed('hvhost-ready> [   17.1] a message that is not at its ');
    assert.equal(typed.length, 1);
    runner.feed('end\r\n');
    assert.equal(typed[1], 'true\n');
  });

  it('does not take its own typing for an answer', async () => {
    const { runner, statuses } = session(['true'], () => '');
    runner.feed('$ ');
    await settle();
    assert.deepEqual(statuses, []);
  });

  it('leaves out empty lines and comments', () => {
    assert.deepEqual(scriptLines('# a test\n\nls\r\n  # more\necho #x\n'), ['ls', 'echo #x']);
  });
});
