import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { FEEDS, type Feed } from '#src/model/event-intake.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Log } from '#src/model/log.ts';
import { createSeldom } from '#src/model/seldom.ts';
import { certificateFault, type CertificateRule } from './client-certificate.ts';

/** Where senders of events knock: `/events/<cluster>/audit`. */
export const EVENTS_PATH = '/events/';

/** What a sender has to show: everything that is not undefined. */
export interface Proof {
  readonly token: string | undefined;
  readonly certificate: CertificateRule | undefined;
}

/** Who may send. */
export interface Sender {
  readonly cluster: string;
  readonly feed: Feed;
  readonly proof: () => Promise<Proof>;
}

export interface EventDoorNeeds {
  readonly senders: readonly Sender[];
  /** Keeps what came, or the fact that something came which cannot be taken. False when there is no room. */
  readonly keep: (cluster: string, feed: Feed, text: string | undefined) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<DoorLimits>;
}

export interface DoorLimits {
  /** Of one body, unpacked. */
  readonly bytes: number;
  /** Of one sender, on average; twice as many may come at once. */
  readonly perSecond: number;
  /** Bodies of all senders in memory at the same time; half of them may be of one feed, so that one that is slow does not keep out the others. */
  readonly atOnce: number;
}

/** An API server sends up to 400 events at once, and audit policies may log whole objects. */
const LIMITS: DoorLimits = { bytes: 16 * 2 ** 20, perSecond: 50, atOnce: 8 };
const RETRY_SECONDS = 2;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** The sender is to come again. */
  readonly retry?: true;
  /** Something of the body was left unread. */
  readonly close?: true;
}

/** What a sender has to show is not there itself. */
class Unprovable extends Error {}
class TooLarge extends Error {}
class Unreadable extends Error {}

/** Refused senders of one feed, and bodies that could not be taken, are logged so often at most. */
const REFUSALS_MS = 60_000;

/** Takes events of those who show the token or the certificate of their feed, and says so only after they are kept. */
export function createEventDoor({ senders, keep, clock, log, limits: given }: EventDoorNeeds): RequestListener {
  const limits = { ...LIMITS, ...given };
  const rates = createRates(limits.perSecond, clock);
  const isDue = createSeldom(clock, REFUSALS_MS);
  const reading: string[] = [];

  const take = async (request: IncomingMessage, cluster: string, feed: Feed): Promise<Answer> => {
    const sender = `${cluster}/${feed}`;
    if (reading.length >= limits.atOnce || reading.filter((one) => one === sender).length >= limits.atOnce / 2) return { status: 429, text: 'too many at once', retry: true, close: true };
    reading.push(sender);
    try {
      const text = await bodyOf(request, limits.bytes);
      return (await keep(cluster, feed, text)) ? { status: 200, text: 'kept' } : NO_ROOM;
    } catch (error) {
      if (!(error instanceof TooLarge || error instanceof Unreadable)) throw error;
      const answer = { status: error instanceof TooLarge ? 413 : 400, text: error.message, close: true } as const;
      // Whoever hung up has heard of nothing, and comes again.
      if (request.errored !== null) return answer;
      // Whoever sends it may give it up: then nobody knows what it said.
      request.resume();
      if (isDue(`${cluster} ${feed} body`)) log.warn({ cluster, feed, reason: error.message }, 'a body of events could not be taken and counts as lost');
      await keep(cluster, feed, undefined);
      return answer;
    } finally {
      reading.splice(reading.indexOf(sender), 1);
    }
  };

  const proofOf = async ({ cluster, feed, proof }: Sender): Promise<Proof> => {
    try {
      return await proof();
    } catch (error) {
      if (isDue(`${cluster} ${feed} proof`)) log.error({ cluster, feed, error }, 'what the senders of a feed have to show cannot be read; they are asked to come again');
      throw new Unprovable('', { cause: error });
    }
  };

  /** What an outsider sees, and how long it takes, is the same wherever the fault is: nobody learns which clusters there are. */
  const refusal = async (request: IncomingMessage, { cluster, feed }: Place): Promise<string | undefined> => {
    const sender = senders.find((candidate) => candidate.cluster === cluster && candidate.feed === feed);
    const examined = sender ?? standIn(senders, `${feed} ${cluster}`);
    const fault = examined === undefined ? undefined : proofFault(request, await proofOf(examined), clock.now());
    return sender === undefined ? 'nobody may send there' : fault;
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const place = placeOf(request.url ?? '');
    if (place === undefined) return { status: 404, text: 'not found', close: true };
    if (request.method !== 'POST') return { status: 405, text: 'only POST', close: true };
    const reason = await refusal(request, place);
    if (reason !== undefined) {
      if (isDue(reason)) log.info({ cluster: place.cluster.slice(0, 100), feed: place.feed, reason }, 'events were refused');
      return { status: 401, text: 'not allowed: what this feed asks for is missing or wrong', close: true };
    }
    if (!rates.allow(`${place.cluster}/${place.feed}`)) return { status: 429, text: 'too fast', retry: true, close: true };
    return take(request, place.cluster, place.feed);
  };

  return (request, response) => {
    answer(request)
      .catch((error: unknown): Answer => {
        if (!(error instanceof Unprovable)) log.warn({ error }, 'events could not be kept; the sender is asked to come again');
        return NO_ROOM;
      })
      .then((given) => send(response, given))
      .catch((error: unknown) => log.debug({ error }, 'a sender of events did not wait for the answer'));
  };
}

const NO_ROOM: Answer = { status: 503, text: 'cannot keep it now', retry: true, close: true };

function send(response: ServerResponse, { status, text, retry, close }: Answer): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(retry && { 'retry-after': String(RETRY_SECONDS) }),
    ...(close && { connection: 'close' }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  response.end(`${text}\n`);
}

interface Place {
  readonly cluster: string;
  readonly feed: Feed;
}

/** Undefined for a path that no sender may use, whatever is configured. */
function placeOf(url: string): Place | undefined {
  const [path = ''] = url.split('?', 1);
  const parts = path.slice(EVENTS_PATH.length).split('/');
  const feed = FEEDS.find((candidate) => candidate === parts.at(-1));
  if (!path.startsWith(EVENTS_PATH) || feed === undefined) return undefined;
  try {
    // The name of a cluster may hold slashes, such as that of an ARN.
    return { cluster: decodeURIComponent(parts.slice(0, -1).join('/')), feed };
  } catch {
    return undefined;
  }
}

function bearerOf({ headers: { authorization = '' } }: IncomingMessage): string {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

/** Always the same for a place where nobody may send, so that it is as slow and as faulty as one of those where somebody may. */
function standIn(senders: readonly Sender[], place: string): Sender | undefined {
  return senders[createHash('sha256').update(place).digest().readUInt32BE() % senders.length];
}

/** Undefined when everything that is asked for was shown. */
function proofFault(request: IncomingMessage, { token, certificate }: Proof, now: Date): string | undefined {
  const shown = bearerOf(request);
  const isTokenRight = token === undefined || isSame(shown, token);
  const fault = certificate && certificateFault(shownCertificate(request), certificate, now);
  if (token === undefined && certificate === undefined) return 'the feed asks for nothing';
  if (isTokenRight) return fault;
  return shown === '' ? 'no token came; an API server sends one only where the address of its webhook begins with https' : 'the token is wrong';
}

/** What TLS has found good, as far as any signer is known; nothing else counts, least of all a header. */
function shownCertificate({ socket }: IncomingMessage): X509Certificate | undefined {
  return socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
}

/** Takes as long whatever differs, and whatever the lengths are. */
function isSame(shown: string, wanted: string): boolean {
  const [a, b] = [shown, wanted].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** @throws {TooLarge} @throws {Unreadable} */
async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  const { 'content-encoding': given = 'identity', 'content-length': length = '0' } = request.headers;
  const encoding = given.toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'identity') throw new Unreadable('only gzip, or no encoding');
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);
  if (encoding === 'identity') return collected(request, maxBytes);
  const unpacked = createGunzip();
  // A sender that hangs up ends the unpacking as well.
  request.once('error', (error) => unpacked.destroy(error));
  try {
    return await collected(request.pipe(unpacked), maxBytes);
  } finally {
    request.unpipe(unpacked);
    unpacked.destroy();
  }
}

async function collected(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // By itself the loop would end the connection with the body, before there is an answer.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Unreadable('the body cannot be read', { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8').replace(/^\uFEFF/, '');
}

function tooLarge(maxBytes: number): TooLarge {
  return new TooLarge(`larger than ${maxBytes} bytes`);
}

interface Rates {
  readonly allow: (sender: string) => boolean;
}

/** Each sender has room for two seconds at once, which fills again with time. */
function createRates(perSecond: number, clock: Clock): Rates {
  const rooms = new Map<string, { readonly left: number; readonly atMs: number }>();
  return {
    allow(sender) {
      const now = clock.now().getTime();
      const { left, atMs } = rooms.get(sender) ?? { left: 2 * perSecond, atMs: now };
      const room = Math.min(2 * perSecond, left + (Math.max(0, now - atMs) / 1000) * perSecond);
      rooms.set(sender, { left: room < 1 ? room : room - 1, atMs: now });
      return room >= 1;
    },
  };
}
