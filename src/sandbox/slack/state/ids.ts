import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id that looks like Slack's and is the same in every run: `U` and ten capitals or digits. */
export function idOf(prefix: string, name: string): string {
  const digest = createHash('sha256').update(`${prefix}/${name}`).digest();
  return prefix + Array.from({ length: 10 }, (_, index) => ALPHABET[(digest[index] ?? 0) % ALPHABET.length]).join('');
}

/** Makes ids that are new and the same in every run that asks in the same order. */
export function createIds(): (prefix: string) => string {
  let count = 0;
  return (prefix) => idOf(prefix, `new/${count++}`);
}

/** Nobody can guess it. */
export function secret(bytes = 16): string {
  return randomBytes(bytes).toString('hex');
}
