import type { z } from 'zod';
import { SourceFailed } from '#src/model/people.ts';
import { createSender, sentElsewhere, type Bounds, type SendOptions } from './send.ts';
import { isSafe } from '#src/model/api-settings.ts';

export interface ApiOptions extends SendOptions {
  /** As `addressShape` gives it. The headers are never sent to another origin. */
  readonly address: string;
  /** Other bounds, for larger files and for tests. */
  readonly bounds?: Partial<Bounds>;
}

const BOUNDS: Bounds = { timeoutMs: 30_000, maxBytes: 32 * 1024 ** 2, maxPages: 10_000, maxWaitMs: 15 * 60_000 };

export interface Answer<T> {
  /** As the shape made it. */
  readonly body: T;
  readonly headers: Headers;
}

export interface Post {
  /** An object is sent as JSON, `URLSearchParams` as a form. */
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  /** Reads what a path below the address answers, or a whole URL on the same origin. @throws {SourceFailed} */
  readonly get: <T>(target: string, shape: z.ZodType<T>) => Promise<Answer<T>>;
  /** For queries that need a body; it may be sent more than once. @throws {SourceFailed} */
  readonly post: <T>(target: string, shape: z.ZodType<T>, post: Post) => Promise<Answer<T>>;
  /** All pages in their order; `nextOf` tells the target of the next one, and nothing on the last. @throws {SourceFailed} */
  readonly pages: <T>(first: string, shape: z.ZodType<T>, nextOf: (answer: Answer<T>) => string | undefined) => AsyncGenerator<Answer<T>, void, undefined>;
  /** A file that the system put on a server of its choice, read without the headers. @throws {SourceFailed} */
  readonly download: (url: string) => Promise<Buffer>;
  /** A file that the API gives, or sends on to: then only to one of these host names, and without the headers. @throws {SourceFailed} */
  readonly file: (target: string, hosts: readonly string[]) => Promise<Buffer>;
}

/**
 * Opens the HTTP API of a system for one listing; made anew in each `list`, since the token is read anew and the bounds are of one listing.
 *
 *     const token = await deps.secret(settings.token);
 *     const api = openApi({ title: TITLE, address: settings.url, rights: RIGHTS, headers: { authorization: `Bearer ${token}` }, deps, signal });
 *     const people: Person[] = [];
 *     for await (const { body } of api.pages('/users?limit=200', z.array(userShape), nextLink)) people.push(...body.map(personOf));
 *     return wholeList(TITLE, people, true);
 *
 * Requests that are asked to come later (429, or 403 by its headers or `busyText`) wait as long as the system says, through `deps.wait`; those
 * that got no answer or a 5xx are sent twice more. Everything else is a `SourceFailed`, whose message holds neither address nor token:
 * 401 `refused`, 403 and 404 `forbidden` (systems hide with 404 what a token may not see), the rest `garbled`. Shapes should name only the
 * fields that are used; an answer that does not fit them is `garbled`. A `next` on another origin or seen before is `garbled` and not followed.
 */
export function openApi(options: ApiOptions): Api {
  const { title, address } = options;
  const bounds = { ...BOUNDS, ...options.bounds };
  const send = createSender(options, bounds);

  function urlOf(target: string): URL {
    const text = /^[a-z][a-z\d+.-]*:/i.test(target) ? target : `${address}${target}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.origin !== new URL(address).origin) throw sentElsewhere(title);
    return url;
  }

  async function answer<T>(target: string, shape: z.ZodType<T>, init: RequestInit = {}): Promise<Answer<T>> {
    const { body, headers } = await send(urlOf(target), init);
    return { body: parsed(title, body.toString(), shape), headers };
  }

  async function* pages<T>(first: string, shape: z.ZodType<T>, nextOf: (answer: Answer<T>) => string | undefined): AsyncGenerator<Answer<T>, void, undefined> {
    const seen = new Set<string>();
    for (let target: string | undefined = first; target !== undefined; ) {
      const { href } = urlOf(target);
      if (seen.has(href)) throw new SourceFailed('garbled', `${title} sends the same page again and again`);
      if (seen.size === bounds.maxPages) throw new SourceFailed('garbled', `${title} sends more than ${bounds.maxPages} pages`);
      seen.add(href);
      const page: Answer<T> = await answer(href, shape);
      yield page;
      target = nextOf(page);
    }
  }

  async function download(url: string): Promise<Buffer> {
    if (!URL.canParse(url) || !isSafe(new URL(url))) throw sentElsewhere(title);
    const { body } = await createSender({ ...options, headers: { accept: '*/*' } }, bounds)(new URL(url), {});
    return body;
  }

  async function file(target: string, hosts: readonly string[]): Promise<Buffer> {
    const { status, headers, body } = await createSender({ ...options, givesRedirects: true }, bounds)(urlOf(target), {});
    if (status < 300) return body;
    const location = headers.get('location');
    if (location === null || !URL.canParse(location) || !hosts.includes(new URL(location).hostname)) throw sentElsewhere(title);
    return download(location);
  }

  return {
    get: (target, shape) => answer(target, shape),
    post: (target, shape, { body, headers = {} }) =>
      body instanceof URLSearchParams
        ? answer(target, shape, { method: 'POST', headers, body })
        : answer(target, shape, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    pages,
    download,
    file,
  };
}

/** The answer; undefined where there is none of that name (404). Only for what the token has been seen to be shown. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SourceFailed && error.status === 404) return undefined;
    throw error;
  }
}

/** A text as JSON of a shape. @throws {SourceFailed} `garbled`, without what stands in it. */
export function parsed<T>(title: string, text: string, shape: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser quotes what it read.
    throw new SourceFailed('garbled', `${title} answered with something that is not JSON`);
  }
  const checked = shape.safeParse(json);
  if (checked.success) return checked.data;
  const places = [...new Set(checked.error.issues.map(({ path }) => path.map(String).join('.')))].filter((place) => place !== '').slice(0, 3);
  throw new SourceFailed('garbled', `${title} answered in another form than expected${places.length === 0 ? '' : ` (at ${places.join(', ')})`}`);
}
