// One origin for the workbench and for extension folders served over HTTP: a web extension loads only from the page's
// own origin. Serves `mounts`, edits the workbench's configuration on its way, and pipes the rest, WebSockets too.
import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const CONFIGURATION = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;

/**
 * `mounts`: path -> folder. `documents`: path -> JSON value. `configure`: the workbench configuration -> a changed one,
 * told the front's own authority.
 */
export async function startWebFront({ target, mounts, documents, configure }) {
  let authority = '';
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://front').pathname);
    if (path in documents) return sendDocument(response, documents[path]);
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(`${prefix}/`));
    if (mount) return sendFile(response, mounts[mount], path.slice(mount.length));
    forward(request, response, target, path === '/' ? (configuration) => configure(configuration, authority) : null);
  });
  server.on('upgrade', (request, socket, head) => forwardSocket(request, socket, head, target));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  authority = `127.0.0.1:${port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, stop };
}

function sendDocument(response, value) {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function sendFile(response, folder, path) {
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };
  const file = normalize(join(folder, path));
  try {
    if (!file.startsWith(folder + sep) || !(await stat(file)).isFile()) throw new Error('not a file of this folder');
    const body = await readFile(file);
    response.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(body);
  } catch {
    response.writeHead(404, headers);
    response.end();
  }
}

function forward(request, response, port, configure) {
  // A page that is to be edited must not come compressed.
  const headers = configure ? { ...request.headers, 'accept-encoding': 'identity' } : request.headers;
  const upstream = http.request(
    { host: '127.0.0.1', port, path: request.url, method: request.method, headers },
    (answer) => {
      if (configure) return sendConfigured(answer, response, configure);
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}

function sendConfigured(answer, response, configure) {
  let page = '';
  answer.setEncoding('utf8');
  answer.on('data', (text) => {
    page += text;
  });
  answer.on('end', () => {
    const { 'content-length': _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode, headers);
    response.end(
      page.replace(CONFIGURATION, (_match, start, value) => {
        const configuration = JSON.parse(value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
        const changed = JSON.stringify(configure(configuration));
        return `${start}${changed.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
      }),
    );
  });
}

function forwardSocket(request, socket, head, port) {
  const upstream = net.connect(port, '127.0.0.1', () => {
    const headers = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\r\n`);
    }
    upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
    if (head.length > 0) upstream.write(head);
    socket.pipe(upstream);
    upstream.pipe(socket);
  });
  const end = () => {
    socket.destroy();
    upstream.destroy();
  };
  for (const side of [socket, upstream]) {
    side.on('error', end);
    side.on('close', end);
  }
}
