// Fails when a room imports what the design does not allow (ARCHITECTURE.md, invariants 1 and 2).
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The only arrows between rooms, and the only packages each may import. `type:` allows types alone. */
export const ROOMS = {
  model: { rooms: [], packages: [] },
  protocol: { rooms: ['model'], packages: [] },
  language: {
    rooms: ['model'],
    packages: [
      'langium',
      'vscode-languageserver',
      'vscode-languageserver-textdocument',
      'vscode-languageserver-types',
      'vscode-uri',
      'node:fs',
      'node:fs/promises',
      'node:path',
    ],
  },
  runtime: { rooms: ['model', 'protocol'], packages: [] },
  'machine-host': {
    rooms: ['model', 'protocol', 'runtime'],
    packages: ['v86', 'fzstd', 'lz4js', 'xz-decompress'],
  },
  node: { rooms: ['runtime', 'machine-host'], packages: ['node:fs'] },
  extension: {
    rooms: ['model', 'protocol', 'language', 'runtime', 'machine-host', 'node'],
    packages: ['vscode', 'vscode-languageclient', 'vscode-uri', 'node:os', 'node:path', 'node:worker_threads'],
  },
  webview: { rooms: ['model', 'protocol'], packages: ['preact', '@preact/signals', 'uplot'] },
  cli: {
    rooms: ['model', 'protocol', 'language', 'runtime', 'machine-host', 'node'],
    packages: ['commander', 'langium', 'vscode-languageserver', 'vscode-uri', 'node:*'],
  },
};

/** Places inside a room with rules of their own: the platform's entry points are the only ones that may name it or its room. */
const NODE_ONLY = [
  /^node\//,
  /^language\/server\/(main|confined-file-system)\.ts$/,
  /^extension\/(extension|.*node)\.ts$/,
  /^cli\//,
];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * Every forbidden import below `root/src`, as "file: reason".
 * @param {string} root
 * @returns {string[]}
 */
export function layerFaults(root) {
  const src = join(root, 'src');
  return sourceFiles(src).flatMap((file) => {
    const path = relative(src, file).split(sep).join('/');
    const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? match[2]);
    return specifiers.map((specifier) => fault(src, file, path, specifier)).filter((reason) => reason !== null);
  });
}

function fault(src, file, path, specifier) {
  const room = path.split('/')[0];
  const rules = ROOMS[room];
  if (!rules) return `src/${path}: there is no room '${room}'`;
  if (specifier.startsWith('.')) {
    const target = relative(src, resolve(dirname(file), specifier))
      .split(sep)
      .join('/');
    const targetRoom = target.split('/')[0];
    if (targetRoom !== room && !rules.rooms.includes(targetRoom)) {
      return `src/${path}: '${room}' may not import '${target}'`;
    }
    return onNodeAlone(path, target, targetRoom === 'node');
  }
  if (!rules.packages.some((allowed) => matches(allowed, specifier))) {
    return `src/${path}: '${room}' may not import the package '${specifier}'`;
  }
  return onNodeAlone(path, specifier, isNode(specifier));
}

function onNodeAlone(path, imported, needsNode) {
  if (!needsNode || NODE_ONLY.some((place) => place.test(path))) return null;
  return `src/${path}: only the Node entry points may import '${imported}'`;
}

function matches(allowed, specifier) {
  if (allowed.endsWith('*')) return specifier.startsWith(allowed.slice(0, -1));
  return specifier === allowed || specifier.startsWith(`${allowed}/`);
}

function isNode(specifier) {
  return specifier.startsWith('node:') || specifier.endsWith('/node');
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = layerFaults(join(import.meta.dirname, '..'));
  for (const line of faults) console.error(line);
  if (faults.length === 0) console.log('layers: every import follows the design');
  process.exitCode = faults.length === 0 ? 0 : 1;
}
