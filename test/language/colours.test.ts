import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allKeywords } from '../../src/language/parsing/grammar-words.js';
import { UNITS } from '../../src/model/units.js';

interface Pattern {
  match?: string;
  patterns?: Pattern[];
}

const grammar: { repository: Record<string, Pattern> } = JSON.parse(
  readFileSync('syntaxes/hvhost.tmLanguage.json', 'utf8'),
);

function patternsOf(...groups: string[]): RegExp[] {
  const nested = groups.flatMap((group) => grammar.repository[group]?.patterns ?? []);
  return nested.flatMap(({ match }) => (match ? [new RegExp(match)] : []));
}

describe('colours', () => {
  it('know every keyword of the language', () => {
    const patterns = patternsOf('values', 'keywords', 'release');
    const unknown = allKeywords().filter((word) => !patterns.some((pattern) => pattern.exec(word)?.[0] === word));
    assert.deepEqual(unknown, []);
  });

  it('know every unit', () => {
    const patterns = patternsOf('quantities');
    const unknown = UNITS.filter(
      ({ symbol }) => !patterns.some((pattern) => pattern.exec(`5 ${symbol}`)?.[2] === symbol),
    );
    assert.deepEqual(unknown, []);
  });

  it('tell the name that is declared from the keyword before it', () => {
    const declared = (line: string) =>
      patternsOf('declarations')
        .map((pattern) => pattern.exec(line)?.[2])
        .find(Boolean);
    assert.equal(declared('child web "Debian" {'), 'web');
    assert.equal(declared('host memory on Box {'), 'memory');
    assert.equal(declared('disk raid0 "HP" 1 TB'), 'raid0');
    assert.equal(declared('switch Mall external on lan1'), 'Mall');
    assert.equal(declared('disk "web.vhd" 60 GB on raid0'), undefined);
    assert.equal(declared('nic on Mall'), undefined);
  });
});
