import { inflateSync } from 'node:zlib';

/** The lines of text that are drawn on each page. */
export function drawnOn(pdf: Uint8Array): readonly (readonly string[])[] {
  const text = Buffer.from(pdf).toString('latin1');
  const streams = [...text.matchAll(/stream\n([^]*?)\nendstream/g)].flatMap(([, body = '']) => inflated(Buffer.from(body, 'latin1')) ?? []);
  return streams.map((stream) => [...stream.matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts = '']) => [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join('').trim()));
}

/** Undefined for what is no packed stream. */
function inflated(body: Buffer): string | undefined {
  try {
    return inflateSync(body).toString('latin1');
  } catch {
    return undefined;
  }
}
