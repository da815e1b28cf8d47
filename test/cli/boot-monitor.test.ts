import assert from 'node:assert/strict';
import { Monitor } from '../../src/cli/boot/monitor.js';
import { MONITOR_HELP, type MonitorCommand, parseMonitorLine } from '../../src/cli/boot/monitor-command.js';

const ESCAPE = '\u001d';

/** A prompt, what it showed, and what it asked for. */
function opened(answer: (command: MonitorCommand) => { text: string | null; stay: boolean } | Error) {
  const seen = { screen: '', commands: [] as MonitorCommand[], closed: 0, left: 0 };
  const monitor = new Monitor('lab', {
    write: (text) => {
      seen.screen += text;
    },
    perform: async (command) => {
      seen.commands.push(command);
      const result = answer(command);
      if (result instanceof Error) throw result;
      return result;
    },
    leave: () => {
      seen.left++;
    },
    closed: () => {
      seen.closed++;
    },
  });
  monitor.open();
  return { monitor, seen };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the prompt behind Ctrl-]', () => {
  it('carries out a word, shows its answer, and gives the keys back to the guest', async () => {
    const { monitor, seen } = opened(() => ({ text: 'fine', stay: false }));
    monitor.type('resumx\u007fe\r');
    await settled();
    assert.deepEqual(seen.commands, [{ word: 'resume' }]);
    assert.equal(seen.screen, '\r\nhvhost lab> resumx\b \be\r\nfine\r\n');
    assert.equal(seen.closed, 1);
  });

  it('asks again after an answer that stays, a mistake, or what failed', async () => {
    const { monitor, seen } = opened(({ word }) =>
      word === 'pause' ? { text: 'paused', stay: true } : new Error('no'),
    );
    for (const line of ['pause\r', 'dance\r', 'delete x\r']) {
      monitor.type(line);
      await settled();
    }
    assert.equal(seen.closed, 0);
    assert.equal(
      seen.screen,
      [
        '',
        'hvhost lab> pause',
        'paused',
        'hvhost lab> dance',
        "'dance' is no command; help lists them",
        'hvhost lab> delete x',
        'no',
        'hvhost lab> ',
      ].join('\r\n'),
    );
  });

  it('closes on an empty line, on Ctrl-C and on Escape, and leaves on another Ctrl-]', () => {
    for (const keys of ['\r', '  \r', 'sav\u0003', '\u001b']) {
      const { monitor, seen } = opened(() => new Error('nothing was asked'));
      monitor.type(keys);
      assert.deepEqual([seen.closed, seen.left], [1, 0], JSON.stringify(keys));
    }
    const { monitor, seen } = opened(() => new Error('nothing was asked'));
    monitor.type(ESCAPE);
    assert.deepEqual([seen.closed, seen.left], [0, 1]);
  });

  it('understands every command of its help', () => {
    for (const line of MONITOR_HELP) {
      const example = line.slice(0, 18).trim();
      assert.equal(typeof parseMonitorLine(example), 'object', example);
    }
    assert.deepEqual(parseMonitorLine(' checkpoint  before  upgrade '), { word: 'checkpoint', name: 'before upgrade' });
    assert.deepEqual(parseMonitorLine('save a b.hvsnap'), { word: 'save', file: 'a b.hvsnap' });
    assert.match(parseMonitorLine('revert') as string, /Give it a name/);
  });
});
