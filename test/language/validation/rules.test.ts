import assert from 'node:assert/strict';
import { RULES } from '../../../src/language/validation/rules.js';
import { diagnosticsOf, listDiagnostics } from '../workbench.js';
import { RULE_CASES } from './rule-cases.js';

describe('rules', () => {
  it('has a case for every rule', () => {
    assert.deepEqual(Object.keys(RULE_CASES).sort(), Object.keys(RULES).sort());
  });

  for (const [code, { fires, quiet }] of Object.entries(RULE_CASES)) {
    it(`${code} fires once on what breaks it`, async () => {
      const diagnostics = await diagnosticsOf(fires);
      const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
      assert.equal(found.length, 1, `expected ${code} once in:\n${listDiagnostics(diagnostics)}`);
      assert.match(found[0]?.codeDescription?.href ?? '', new RegExp(`#${code.toLowerCase()}$`));
    });

    it(`${code} is quiet on what does not`, async () => {
      const diagnostics = await diagnosticsOf(quiet);
      const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
      assert.equal(found.length, 0, listDiagnostics(found));
    });
  }
});
