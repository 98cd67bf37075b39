import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { readSecret } from '#src/app/people.ts';
import type { EventsTls } from '#src/config/config.ts';
import { certificatesOf } from '#src/http/client-certificate.ts';
import { createEventDoor, EVENTS_PATH, type Proof, type Sender } from '#src/http/event-door.ts';
import type { TlsCredentials } from '#src/http/tls-server.ts';
import type { Clock } from '#src/model/clock.ts';
import { FEEDS, type EventInbox, type EventSettings, type SenderSettings } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';

export interface DoorNeeds {
  readonly events: readonly EventSettings[];
  /** Over a connection that fails at once while Redis is away: then the sender keeps what it has. */
  readonly inbox: Pick<EventInbox, 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the clusters of the configuration send; undefined when none does. What they have to show is read at each request, so that something new holds without a restart. */
export function eventDoor({ events, inbox, clock, log }: DoorNeeds): { readonly prefix: string; readonly listener: RequestListener } | undefined {
  if (events.length === 0) return undefined;
  const listener = createEventDoor({
    senders: events.flatMap(sendersOf),
    keep: (cluster, feed, text) => inbox.keep(cluster, { feed, text, cameAtMs: clock.now().getTime() }),
    clock,
    log,
  });
  return { prefix: EVENTS_PATH, listener };
}

function sendersOf({ cluster, senders }: EventSettings): readonly Sender[] {
  return FEEDS.flatMap((feed) => {
    const settings = senders[feed];
    return settings === undefined ? [] : [{ cluster, feed, proof: () => readProof(settings) }];
  });
}

async function readProof({ token, clientCertificate: asked }: SenderSettings): Promise<Proof> {
  return {
    token: token && (await readSecret(token)),
    certificate: asked && { signers: certificatesOf(await readSecret(asked.ca)), names: asked.names },
  };
}

/** What the door shows over TLS, and the CAs of all feeds: which of them lets in where is looked at with each request. */
export async function readCredentials({ cert, key }: EventsTls, events: readonly EventSettings[]): Promise<TlsCredentials> {
  const [certPem, keyPem] = await Promise.all([readPem(cert), readPem(key)]);
  const clientCas = await Promise.all(events.flatMap(({ cluster, senders }) => FEEDS.flatMap((feed) => readCa(`${cluster} ${feed}`, senders[feed]) ?? [])));
  return { cert: certPem, key: keyPem, clientCas };
}

async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`the file ${path} cannot be read`, { cause: error });
  });
}

function readCa(feed: string, settings: SenderSettings | undefined): Promise<string> | undefined {
  return settings?.clientCertificate && readSecret(settings.clientCertificate.ca).catch((error: unknown) => {
    throw new Error(`the CA of those who send ${feed} cannot be read`, { cause: error });
  });
}
