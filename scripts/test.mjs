// Everything that must hold: checks, unit tests, the package, and the tests in a real VS Code.
import { join } from 'node:path';
import { ensureInstalled } from './setup.mjs';
import { runSteps } from './steps.mjs';

const root = join(import.meta.dirname, '..');
ensureInstalled(root);
const npm = (script) => ['npm', 'run', '--silent', script];

runSteps(
  [
    { title: 'checks: types, lint, layers, dead code', command: npm('check') },
    { title: 'bundles', command: npm('build') },
    { title: 'unit tests', command: npm('test:unit') },
    { title: 'an unmodified Linux on our Hyper-V', command: ['node', 'scripts/test-linux-guest.mjs'] },
    { title: 'the extension package', command: npm('package') },
    { title: 'tests in a real VS Code', command: ['node', 'test/vscode/run.mjs', '--packed'] },
  ],
  root,
);
console.log('\nEverything passed.');
