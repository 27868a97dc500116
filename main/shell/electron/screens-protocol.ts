// Serves the built screens under a scheme of our own: files of one folder, with the same policy as the host's door.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { contentSecurityPolicy } from '../../contract/content-security.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Answers a request for `kiosk://screens/…`; 404 for whatever is not a file in the folder. */
export const screensProtocol =
  (folder: string, dockUrl: string | undefined) =>
  async (request: { url: string }): Promise<Response> => {
    const missing = new Response(undefined, { status: 404 });
    try {
      const path = normalize(decodeURIComponent(new URL(request.url).pathname));
      const file = join(folder, path === sep ? 'index.html' : path);
      if (!file.startsWith(join(folder, sep))) return missing;
      return new Response(new Uint8Array(await readFile(file)), {
        headers: {
          'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy(dockUrl),
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return missing;
    }
  };
