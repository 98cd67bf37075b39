import { z } from 'zod';

/** Where a secret is read; the secret itself never stands in the configuration. */
export const secretShape = z.union([z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable') }), z.strictObject({ file: z.string().min(1) })]);

/** The address of an API, without a slash at its end. Plain HTTP would show the token to everyone on the way, so it is for this machine only. */
export const addressShape = z
  .string()
  .refine(isAddress, 'must be an address that starts with https:// (http:// is for this machine only)')
  .refine(isBare, 'must be an address without name, password, query and fragment')
  .transform((text) => text.replace(/\/+$/, ''));

function isAddress(text: string): boolean {
  return URL.canParse(text) && isSafe(new URL(text));
}

function isBare(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

/** Whether what is sent there is hidden from others on the way. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
