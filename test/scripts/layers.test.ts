import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { layerFaults } from '../../scripts/check-layers.mjs';

describe('the layer check', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'layers-'));
    mkdirSync(join(root, 'src'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const faultsOf = (path: string, text: string) => {
    const file = join(root, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return layerFaults(root);
  };

  it('finds nothing in the project', () => {
    assert.deepEqual(layerFaults(join(import.meta.dirname, '../..')), []);
  });

  it('allows the arrows of the design', () => {
    assert.deepEqual(faultsOf('runtime/a.ts', "import type { Child } from '../model/host-model.js';"), []);
    assert.deepEqual(
      faultsOf('extension/extension.ts', "import { LanguageClient } from 'vscode-languageclient/node';"),
      [],
    );
    assert.deepEqual(faultsOf('extension/worker/machine-node.ts', "import { x } from '../../node/x.js';"), []);
  });

  for (const [path, text] of [
    ['runtime/a.ts', "import { x } from '../language/module.js';"],
    ['runtime/a.ts', "import { readFileSync } from 'node:fs';"],
    ['runtime/deep/b.ts', "import {\n  x,\n} from '../../extension/x.js';"],
    ['model/a.ts', "export { y } from '../protocol/protocol.js';"],
    ['language/lowering.ts', "import { createEngine } from '../runtime/engine.js';"],
    ['webview/panel.tsx', "import { commands } from 'vscode';"],
    ['extension/panel.ts', "import { Worker } from 'node:worker_threads';"],
    ['extension/panel.ts', "const later = await import('node:fs');"],
    ['extension/worker/machine-web.ts', "import { x } from '../../node/x.js';"],
    ['machine-host/a.ts', "import { x } from '../node/x.js';"],
    ['attic/a.ts', "import '../model/units.js';"],
  ] as const) {
    it(`refuses ${path}: ${text.replaceAll('\n', ' ')}`, () => {
      assert.equal(faultsOf(path, text).length, 1);
    });
  }
});
