import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client, FilterParser, type Entry, type SearchResult } from 'ldapts';
import { z } from 'zod';
import { SourceFailed } from '#src/model/people.ts';
import { directoryFailure, type Phase } from './ldap-failure.ts';
import { isLoopback } from '#src/model/api-settings.ts';

/** The address of a directory: scheme, host and port alone. */
export const directoryAddressShape = z
  .url({ protocol: /^ldaps?$/, error: 'must be an address that starts with ldaps:// or ldap://' })
  .regex(/^ldaps?:\/\/[^/?#@]+\/?$/, 'must be an address of host and port alone');

export const filterShape = z.string().refine(isFilter, 'must be an LDAP filter, in parentheses');

export interface DirectoryOptions {
  readonly title: string;
  /** What the account must be allowed, for messages. */
  readonly rights: string;
  readonly url: string;
  readonly startTls: boolean;
  readonly caFile?: string | undefined;
  readonly login?: { readonly dn: string; readonly password: string };
  readonly pageSize: number;
  readonly referrals: 'fail' | 'ignore';
}

export interface DirectoryEntry {
  readonly dn: string;
  /** By name in lower case; bytes that are no text in hexadecimal digits. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export interface Directory {
  /** All entries of a subtree. @throws {SourceFailed} unless they are all. */
  readonly search: (base: string, filter: string, attributes: readonly string[]) => Promise<readonly DirectoryEntry[]>;
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** For one page. */
const TIMEOUT_MS = 30_000;
const MAX_PAGES = 10_000;

/** Bytes by their nature. */
const BINARY = ['objectGUID'];

/** Connects, encrypts and binds. @throws {SourceFailed} */
export async function openDirectory(options: DirectoryOptions, signal: AbortSignal): Promise<Directory> {
  const { title, url, startTls, login } = options;
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.startsWith('ldaps:');
  if (!isSecure && !startTls && !isLoopback(hostname)) throw new SourceFailed('refused', `${title} must be asked with ldaps:// or startTls: true; without, everybody on the way could read along`);
  const tls = await tlsOptions(options, host);
  const client = new Client({ url, timeout: TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS, ...(isSecure && { tlsOptions: tls }) });
  const during = async <T>(phase: Phase, work: Promise<T>, limit: AbortSignal = signal): Promise<T> => {
    try {
      return await unlessAborted(work, limit);
    } catch (error) {
      await client.unbind();
      signal.throwIfAborted();
      throw directoryFailure(error, phase, options);
    }
  };
  // The handshake has no limit of its own.
  if (startTls && !isSecure) await during('connect', client.startTLS(tls), AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]));
  if (login !== undefined) await during('connect', client.bind(login.dn, login.password));
  return {
    search: (base, filter, attributes) => during('search', searchAll(client, base, filter, attributes, options)),
    close: () => client.unbind(),
  };
}

/**
 * The client ends at a page without entries, even when the server says that more follow. An empty last page therefore proves nothing, unless
 * it comes where pages of another size end with a full one.
 */
async function searchAll(client: Client, base: string, filter: string, attributes: readonly string[], options: DirectoryOptions): Promise<readonly DirectoryEntry[]> {
  for (const pageSize of [options.pageSize, options.pageSize - 1]) {
    const pages = await readPages(client, base, filter, attributes, pageSize, options);
    if (pages.length === 1 || pages.at(-1)?.searchEntries.length !== 0) return pages.flatMap(({ searchEntries }) => searchEntries.map(entryOf));
  }
  throw new SourceFailed('garbled', `${options.title} ends its list with an empty page, so more may follow`);
}

async function readPages(client: Client, base: string, filter: string, attributes: readonly string[], pageSize: number, { title, referrals }: DirectoryOptions): Promise<readonly SearchResult[]> {
  const pages: SearchResult[] = [];
  for await (const page of client.searchPaginated(base, { scope: 'sub', filter, attributes: [...attributes], explicitBufferAttributes: BINARY, paged: { pageSize } })) {
    if (page.searchReferences.length > 0 && referrals === 'fail') throw new SourceFailed('garbled', `parts of the tree are on other servers, which are not asked; choose another base, or set referrals: ignore when nobody is there`);
    pages.push(page);
    if (pages.length > MAX_PAGES) throw new SourceFailed('garbled', `${title} sends more than ${MAX_PAGES} pages`);
  }
  return pages;
}

function entryOf({ dn, ...attributes }: Entry): DirectoryEntry {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(attributes)) {
    const plain = name.toLowerCase().replace(/;.*/, '');
    const texts = (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? one : one.toString('hex')));
    values.set(plain, [...(values.get(plain) ?? []), ...texts]);
  }
  return { dn, values };
}

function isFilter(text: string): boolean {
  try {
    FilterParser.parseString(text);
    return /^\(.*\)$/s.test(text);
  } catch {
    return false;
  }
}

async function tlsOptions({ title, caFile }: DirectoryOptions, host: string): Promise<ConnectionOptions> {
  const options: ConnectionOptions = { host, minVersion: 'TLSv1.2', ...(isIP(host) === 0 && { servername: host }) };
  if (caFile === undefined) return options;
  const ca = await readFile(caFile, 'utf8').catch((error: unknown) => {
    throw new SourceFailed('unreachable', `the certificates for ${title} in caFile cannot be read`, { cause: error });
  });
  return { ...options, ca };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => {
    aborted.reject(signal.reason as Error);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
