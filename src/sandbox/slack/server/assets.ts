import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { ServerResponse } from 'node:http';
import { isObject } from '#src/blocks/rules.ts';
import { send } from './replies.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The page runs and fetches nothing that is not its own, and makes no markup of text. */
const POLICY = "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/** A file of the page. Without a directory there is no page, only Slack. */
export async function serveAsset(directory: string | undefined, path: string, response: ServerResponse): Promise<void> {
  const content = directory === undefined ? undefined : await readAsset(directory, path === '/' ? '/index.html' : path);
  if (content === undefined) send(response, { status: 404, body: 'There is nothing here.' });
  else send(response, { status: 200, body: content.body, headers: { 'content-type': content.type, 'content-security-policy': POLICY } });
}

async function readAsset(directory: string, path: string): Promise<{ readonly body: Buffer; readonly type: string } | undefined> {
  const type = TYPES[extname(path)];
  const file = join(directory, decodedPath(path));
  if (type === undefined || !file.startsWith(join(directory, sep))) return undefined;
  try {
    return { body: await readFile(file), type };
  } catch (error) {
    if (isObject(error) && (error.code === 'ENOENT' || error.code === 'EISDIR')) return undefined;
    throw error;
  }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll('\0', '');
  } catch {
    return path;
  }
}
