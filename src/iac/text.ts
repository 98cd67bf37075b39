/** The text of a file, or why it has none. */
export type Decoded = { readonly text: string } | { readonly reason: string };

/**
 * Reads UTF-8, and UTF-16 with or without a byte order mark, as kubectl does.
 *
 * A byte that is not UTF-8 becomes U+FFFD, and its document is read all the same.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  if (encoding === undefined) return { reason: 'holds UTF-32, which is not read' };
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) return { reason: 'is binary, not text' };
  return { text: text.includes('\n') ? text : text.replaceAll('\r', '\n') };
}

function encodingOf([first, second, third, fourth]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0 && second === 0) return third === 0xfe && fourth === 0xff ? undefined : 'utf-8';
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? undefined : 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== undefined && first !== 0 && second === 0 && third !== 0) return 'utf-16le';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  return 'utf-8';
}
