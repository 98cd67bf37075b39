import type { IncomingMessage } from 'node:http';
import { isObject, type Json } from '#src/blocks/rules.ts';

const MAX_BODY_BYTES = 64 * 1024 ** 2;

/** The body is larger than the stand-in takes. */
export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new BodyTooLarge(`A body of more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** JSON, or undefined when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function parseJsonObject(text: string): Json | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Buffer | undefined;
}

/** A form, urlencoded or multipart, with the first file in it; undefined when it cannot be read. */
export function parseForm(contentType: string, body: Buffer): Form | undefined {
  if (!/^multipart\//i.test(contentType)) return { fields: Object.fromEntries(new URLSearchParams(body.toString())), file: undefined };
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const parts = partsOf(body, `--${boundary}`);
  return { fields: Object.fromEntries(parts.filter(({ isFile }) => !isFile).map(({ name, content }) => [name, content.toString()])), file: parts.find(({ isFile }) => isFile)?.content };
}

interface Part {
  readonly name: string;
  readonly isFile: boolean;
  readonly content: Buffer;
}

/** A line break stands before every delimiter, and a blank line between a part's headers and its content. */
function partsOf(body: Buffer, delimiter: string): readonly Part[] {
  const parts: Part[] = [];
  let start = body.indexOf(delimiter);
  for (let end = body.indexOf(`\r\n${delimiter}`, start); start !== -1 && end !== -1; end = body.indexOf(`\r\n${delimiter}`, start)) {
    const part = body.subarray(start + delimiter.length, end);
    const blank = part.indexOf('\r\n\r\n');
    const headers = part.subarray(0, blank).toString();
    const name = /[ ;]name="([^"]*)"/i.exec(headers)?.[1];
    if (name !== undefined) parts.push({ name, isFile: /[ ;]filename\*?=/i.test(headers), content: part.subarray(blank + 4) });
    start = end + 2;
  }
  return parts;
}
