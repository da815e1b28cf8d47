import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diagnosticsOf } from '../../language/workbench.js';
import type { Surface } from '../surface.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** The text of a definition: read, linked and checked as in the editor. */
export const definition: Surface = {
  samples: () =>
    readdirSync(EXAMPLES)
      .filter((name) => name.endsWith('.hvhost'))
      .map((name) => [Uint8Array.from(readFileSync(`${EXAMPLES}${name}`))]),

  async attack(input) {
    const text = Buffer.concat(input).toString();
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const { range, message } of await diagnosticsOf(text)) {
      assert.ok(range.start.line >= 0 && range.end.line < lines, `'${message}' lies outside of the text`);
    }
  },
};
