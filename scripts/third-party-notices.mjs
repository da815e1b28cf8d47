// The licences of the packages whose code is in the bundles; most of them ask to be passed on.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text for all packages that esbuild's metafiles name, in the order of their names. */
export function thirdPartyNotices(root, metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = new Set(
    inputs.flatMap((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const notices = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${licenceText(join(root, folder))}`;
  });
  return [...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package names its licence without its text.';
}
