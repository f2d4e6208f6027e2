import { createReadStream, existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const contentTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Serves the built page: `/` and the files that Vite puts into `assets`. */
export function servePage(webFolder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const name = pathname === '/' ? 'index.html' : /^\/(assets\/[\w.-]+)$/.exec(pathname)?.[1];
  const path = name && join(webFolder, name);
  if (!path || !existsSync(path)) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not here; is the page built?\n');
    return;
  }
  response.writeHead(200, { 'content-type': contentTypes[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
}
