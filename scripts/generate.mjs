// Writes what is made from other files: the parser's tables from the grammar. Run after changing hvhost.langium.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// langium-cli 4.4 calls Object.groupBy, which Node 20 does not have.
const polyfill = `data:text/javascript,${encodeURIComponent(`
  Object.groupBy ??= (items, keyOf) => {
    const groups = {};
    for (const item of items) (groups[keyOf(item)] ??= []).push(item);
    return groups;
  };
`)}`;

execFileSync(process.execPath, ['--import', polyfill, 'node_modules/langium-cli/bin/langium.js', 'generate'], {
  cwd: root,
  stdio: 'inherit',
});
