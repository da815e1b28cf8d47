import assert from 'node:assert/strict';
import type { Position } from 'vscode-languageserver';
import { hostsOf, scenariosOf } from '../../../src/language/server/runnable-requests.js';
import { HARDWARE, workbench } from '../workbench.js';

const LINES = [
  'host A on Box { }',
  'host B on Box { }',
  'scenario Early on A { at 5 s start all }',
  'scenario Late on B { at 6 s start all }',
  'scenario Night on A { at 7 s start all }',
];
const TWO = `${HARDWARE}${LINES.join('\n')}\n`;

function scenarios(files: Record<string, string>, position?: Position, uri = 'file:///a.hvhost') {
  return scenariosOf(workbench(files), { uri, position }).then((all) =>
    all.map(({ name, host }) => `${name} on ${host}`),
  );
}

/** Inside of the line that begins like this. */
function inside(beginning: string): Position {
  const lines = TWO.split('\n');
  return { line: lines.findIndex((line) => line.startsWith(beginning)), character: 8 };
}

describe('hvhost/hosts', () => {
  const hosts = (files: Record<string, string>, uri: string) => hostsOf(workbench(files), { uri });

  it('answers with the hosts of a file, also of one with errors', async () => {
    const files = { '/a.hvhost': `${TWO} host C on Nowhere { } host` };
    assert.deepEqual(await hosts(files, 'file:///a.hvhost'), ['A', 'B', 'C']);
  });

  it('answers with an imported host that a scenario of the file plays on', async () => {
    const files = { '/a.hvhost': TWO, '/s.hvhost': 'import "a.hvhost" scenario Noon on B { at 5 s start all }' };
    assert.deepEqual(await hosts(files, 'file:///s.hvhost'), ['B']);
  });

  it('answers with none for a file that is not there', async () => {
    assert.deepEqual(await hosts({}, 'file:///a.hvhost'), []);
  });
});

describe('hvhost/scenarios', () => {
  it('answers with all scenarios of a file, host by host', async () => {
    assert.deepEqual(await scenarios({ '/a.hvhost': TWO }), ['Early on A', 'Night on A', 'Late on B']);
  });

  it('begins with those of the host at the position', async () => {
    const seen = await scenarios({ '/a.hvhost': TWO }, inside('host B'));
    assert.deepEqual(seen, ['Late on B', 'Early on A', 'Night on A']);
  });

  it('begins with the scenario at the position, then others of its host', async () => {
    const seen = await scenarios({ '/a.hvhost': TWO }, inside('scenario Night'));
    assert.deepEqual(seen, ['Night on A', 'Early on A', 'Late on B']);
    const between = await scenarios({ '/a.hvhost': TWO }, { line: 0, character: 0 });
    assert.deepEqual(between, ['Early on A', 'Night on A', 'Late on B']);
  });

  it('knows scenarios that play on an imported host, and those that come with it', async () => {
    const files = { '/a.hvhost': TWO, '/s.hvhost': 'import "a.hvhost" scenario Noon on B { at 5 s start all }' };
    assert.deepEqual(await scenarios(files, undefined, 'file:///s.hvhost'), ['Late on B', 'Noon on B']);
  });

  it('leaves out a scenario whose host is not known', async () => {
    const files = { '/a.hvhost': `${TWO} scenario Never on C { } scenario` };
    assert.deepEqual(await scenarios(files), ['Early on A', 'Night on A', 'Late on B']);
    assert.deepEqual(await scenarios({}), []);
  });
});
