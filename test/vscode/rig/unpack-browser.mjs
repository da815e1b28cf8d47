// Chromium comes as brotli files in an npm package, with its own libraries and fonts: nothing from the system.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { browserFolder } from './browser.mjs';

const modules = join(import.meta.dirname, 'node_modules');
const packed = join(modules, '@sparticuz/chromium/bin');

export async function unpackBrowser() {
  const { version } = JSON.parse(readFileSync(join(packed, '../package.json'), 'utf8'));
  const folder = join(browserFolder, version);
  if (existsSync(folder)) return;

  // Unpacked beside and renamed at the end: an interrupted run leaves no half browser.
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await Promise.all([
    pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(part, 'chromium')),
    ),
    untar('al2023.tar.br', part),
    untar('fonts.tar.br', part),
  ]);
  writeFileSync(join(part, 'fonts.conf'), fontConfiguration(folder));
  chmodSync(join(part, 'chromium'), 0o755);
  renameSync(part, folder);
}

async function untar(name, folder) {
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise((resolve, reject) =>
    tar.on('exit', (code) => (code ? reject(new Error(`tar ended with ${code} on ${name}`)) : resolve())),
  );
  // tar hangs up at the archive's end mark, perhaps before the padding behind it was written; its exit code decides.
  const fed = pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), tar.stdin).catch(() => {});
  await Promise.all([fed, ended]);
}

/** The same two families on every machine, so that pictures are comparable. */
function fontConfiguration(folder) {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(modules, 'dejavu-fonts-ttf/ttf')}</dir><dir>${join(folder, 'fonts')}</dir>
<cachedir>${join(folder, 'font-cache')}</cachedir>
<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
<alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias></fontconfig>`;
}
