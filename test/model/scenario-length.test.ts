import assert from 'node:assert/strict';
import { scenarioLengthNs } from '../../src/model/scenario-length.js';

describe('the length of a scenario', () => {
  it('reaches ten seconds past the last moment it names', () => {
    const state = {
      kind: 'state',
      target: { kind: 'all' },
      state: 'stopped',
      text: '',
      fromNs: 90e9,
      toNs: null,
    } as const;
    const stop = { kind: 'life', verb: 'stop', target: { kind: 'all' } } as const;
    assert.equal(scenarioLengthNs({ name: 's', steps: [{ atNs: 30e9, action: stop }], expectations: [state] }), 100e9);
    assert.equal(scenarioLengthNs({ name: 's', steps: [], expectations: [] }), 10e9);
  });
});
