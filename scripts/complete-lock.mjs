// Names every platform's optional packages in the lock file. `npm install` leaves out those that the registry at hand does
// not carry, and `npm ci` then refuses the lock file everywhere. Run it after each change of the dependencies.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Optional packages that the lock names as a dependency and has no entry for.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }} lock
 * @returns {{ name: string, version: string }[]}
 */
export function missingPackages(lock) {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages))
      .map(([name, version]) => ({ name, version })),
  );
}

/** Platform packages are called after their system, processor and C library: `…-linux-x64-musl`. */
function platformEntry({ name, version }) {
  const [os, cpu, libc] = name.replace(/^.*\/(?:cli|binding)-/, '').split('-');
  return {
    version,
    cpu: [cpu],
    dev: true,
    ...(os === 'linux' ? { libc: [libc?.includes('musl') ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [os],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(import.meta.dirname, '../package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  for (const missing of missingPackages(lock)) lock.packages[`node_modules/${missing.name}`] = platformEntry(missing);
  const { '': project, ...others } = lock.packages;
  lock.packages = { '': project, ...Object.fromEntries(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
