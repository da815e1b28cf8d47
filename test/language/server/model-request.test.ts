import assert from 'node:assert/strict';
import { modelOf } from '../../../src/language/server/model-request.js';
import { HARDWARE, workbench } from '../workbench.js';

const GOOD = `${HARDWARE} host A on Box { } host B on Box { }`;

describe('hvhost/model', () => {
  it('answers with the first host of a file that nobody has open', async () => {
    const result = await modelOf(workbench({ '/a.hvhost': GOOD }), { uri: 'file:///a.hvhost' });
    assert.ok(result.ok && result.model.name === 'A');
  });

  it('answers with the host that is asked for', async () => {
    const result = await modelOf(workbench({ '/a.hvhost': GOOD }), { uri: 'file:///a.hvhost', host: 'B' });
    assert.ok(result.ok && result.model.name === 'B');
  });

  it('answers with an imported host that a scenario of the file plays on', async () => {
    const files = { '/a.hvhost': GOOD, '/s.hvhost': 'import "a.hvhost" scenario Late on B { at 5 s start all }' };
    const result = await modelOf(workbench(files), { uri: 'file:///s.hvhost' });
    assert.ok(result.ok && result.model.name === 'B');
    assert.deepEqual(
      result.model.scenarios.map(({ name }) => name),
      ['Late'],
    );
  });

  it('says why there is no model, also in imported files', async () => {
    const files = {
      '/a.hvhost': 'import "box.hvhost" host A on Box { }',
      '/box.hvhost': HARDWARE.replace('64 GB', '64'),
    };
    const result = await modelOf(workbench(files), { uri: 'file:///a.hvhost' });
    assert.ok(!result.ok);
    assert.deepEqual(
      result.problems.map(({ code, uri }) => [code, uri]),
      [['HV201', 'file:///box.hvhost']],
    );
  });

  it('says that there is no such file or host', async () => {
    const none = await modelOf(workbench(), { uri: 'file:///a.hvhost' });
    assert.ok(!none.ok && none.problems[0]?.code === 'HV110');
    const other = await modelOf(workbench({ '/a.hvhost': GOOD }), { uri: 'file:///a.hvhost', host: 'C' });
    assert.ok(!other.ok && other.problems[0]?.message === "The file declares no host 'C'.");
    const empty = await modelOf(workbench({ '/a.hvhost': '' }), { uri: 'file:///a.hvhost' });
    assert.ok(!empty.ok && empty.problems[0]?.message === 'The file declares no host.');
  });
});
