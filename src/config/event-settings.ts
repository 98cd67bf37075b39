import { z } from 'zod';
import { ASK, AZURE_TABLES, FEEDS, type EventSettings, type Feed, type PullSettings, type SenderSettings } from '#src/model/event-intake.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import type { ConfigFault } from './faults.ts';
import { isChannel } from './values.ts';

const clientCertificate = z.strictObject({
  ca: secretShape,
  names: z.array(z.string().regex(/^(?:CN=|DNS:|URI:)\S/, { error: 'is none of CN=NAME, DNS:NAME and URI:NAME' })).default([]),
});

const sent = z.strictObject({ token: secretShape.optional(), clientCertificate: clientCertificate.optional() }).refine(({ token, clientCertificate: certificate }) => token !== undefined || certificate !== undefined, { error: 'asks senders for neither a token nor a client certificate' });

/** A file beside which its rotation leaves the older ones. */
const file = z.strictObject({ path: z.string().startsWith('/', { error: 'is no absolute path' }), replay: z.boolean().default(false) });

const loki = z.strictObject({
  loki: z.strictObject({ url: addressShape, query: z.string().min(1), token: secretShape.optional(), tenant: z.string().min(1).optional() }),
});

/** An API server is never quiet for so long, and a network hardly for a day. Falco and Sysdig may be quiet for days. */
const SILENT_AFTER_MINUTES: Readonly<Partial<Record<Feed, number>>> = { audit: 30, hubble: 24 * 60, calico: 24 * 60, flows: 24 * 60 };

const relay = z.strictObject({
  relay: z
    .strictObject({
      address: z.string().regex(/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/, { error: 'is no HOST:PORT' }),
      plaintext: z.boolean().default(false),
      ca: secretShape.optional(),
      cert: secretShape.optional(),
      key: secretShape.optional(),
      serverName: z.string().min(1).optional(),
    })
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'has a certificate without its key, or a key without its certificate' })
    .refine(({ plaintext, ca, cert }) => !plaintext || (ca === undefined && cert === undefined), { error: 'has certificates, which nothing in the clear uses' }),
});

const google = z.strictObject({
  google: z.strictObject({
    project: z.string().regex(/^[a-z][a-z\d:.-]+$/, { error: 'is no id of a project' }),
    filter: z.string().min(1),
    key: secretShape,
    url: addressShape.default('https://logging.googleapis.com'),
    tokenUrl: addressShape.default('https://oauth2.googleapis.com/token'),
  }),
});

/** China has a domain of its own. */
function amazonUrl(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

const cloudwatch = z.strictObject({
  cloudwatch: z
    .strictObject({
      region: z.string().regex(/^[a-z]{2}[a-z-]*-\d$/, { error: 'is no region such as eu-west-1' }),
      group: z.string().min(1),
      streams: z.string().min(1).default('kube-apiserver-audit'),
      accessKeyId: secretShape.optional(),
      secretAccessKey: secretShape.optional(),
      url: addressShape.optional(),
      stsUrl: addressShape.optional(),
    })
    .refine(({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined), { error: 'has one of accessKeyId and secretAccessKey without the other' })
    .transform(({ accessKeyId, secretAccessKey, ...given }) => ({ ...given, accessKeyId, secretAccessKey, url: given.url ?? amazonUrl('logs', given.region), stsUrl: given.stsUrl ?? amazonUrl('sts', given.region) })),
});

const azure = z.strictObject({
  azure: z.strictObject({
    workspace: z.guid({ error: 'is no id of a Log Analytics workspace' }),
    table: z.enum(AZURE_TABLES).default('AKSAudit'),
    resource: z.string().regex(/^\/subscriptions\/[\w-]+\/resourceGroups\/[\w().-]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[\w-]+$/i, { error: 'is no id of an AKS cluster such as /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/prod' }),
    tenant: z.string().regex(/^[\w.-]+$/, { error: 'is no id or domain of a tenant' }),
    clientId: z.string().min(1),
    clientSecret: secretShape,
    url: addressShape.default('https://api.loganalytics.io'),
    loginUrl: addressShape.default('https://login.microsoftonline.com'),
  }),
});

/** What Kubescape keeps in the cluster itself. */
const kubescape = z.strictObject({ everyMinutes: z.int().min(1).default(60) });

/** Sent by whoever shows what is asked for, or read by the bot. */
const sender = z.union([sent, file, loki], { error: 'is neither { token }, { path } nor { loki }' });

/** What clusters send, as the configuration file has it under `events`. */
export const eventsShape = z.array(
  z.strictObject({
    cluster: z.string().min(1),
    audit: z.union([sent, file, loki, google, cloudwatch, azure], { error: 'is neither { token }, { path }, { loki }, { google }, { cloudwatch } nor { azure }' }).optional(),
    falco: sender.optional(),
    sysdig: sent.optional(),
    hubble: z.union([sent, file, loki, relay], { error: 'is neither { token }, { path }, { loki } nor { relay }' }).optional(),
    calico: sender.optional(),
    flows: sender.optional(),
    kubescape: kubescape.optional(),
    channel: z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' }).optional(),
    minSeverity: z.enum(SEVERITIES).default('high'),
    ask: z.enum(ASK).default('production'),
    silentAfterMinutes: z.partialRecord(z.enum(FEEDS), z.int().min(5)).default({}),
  }),
);

type Given = z.output<typeof eventsShape>;

export function eventSettings(given: Given = []): readonly EventSettings[] {
  return given.map((entry) => {
    const { cluster, channel, minSeverity, ask } = entry;
    return { cluster, ...waysOf(entry), channel, minSeverity, ask, silentMs: silencesOf(entry) };
  });
}

/** An entry that nothing can come of. */
export function eventFaults(given: Given = []): readonly ConfigFault[] {
  const clusters = given.map(({ cluster }) => cluster);
  return given.flatMap((entry, index) => [
    ...(clusters.indexOf(entry.cluster) < index ? [{ name: `events[${index}].cluster`, problem: `is used twice; one entry may have all of ${FEEDS.join(', ')}` }] : []),
    ...(sendersOf(entry).length === 0 ? [{ name: `events[${index}]`, problem: `has none of ${FEEDS.join(', ')}, so nothing can come in` }] : []),
  ]);
}

/** What is sent, and what is read. */
function waysOf(entry: Given[number]): Pick<EventSettings, 'senders' | 'pulls'> {
  const senders: Partial<Record<Feed, SenderSettings>> = {};
  const pulls: Partial<Record<Feed, PullSettings>> = {};
  for (const feed of sendersOf(entry)) {
    const way = entry[feed];
    if (way === undefined) continue;
    if ('path' in way || 'google' in way || 'cloudwatch' in way || 'azure' in way || 'everyMinutes' in way) pulls[feed] = way;
    else if ('loki' in way) pulls[feed] = { loki: { ...way.loki, token: way.loki.token, tenant: way.loki.tenant } };
    else if ('relay' in way) {
      const { address, plaintext, ca, cert, key, serverName } = way.relay;
      pulls[feed] = { relay: { address, plaintext, ca, cert, key, serverName } };
    } else senders[feed] = way;
  }
  return { senders, pulls };
}

function silencesOf({ silentAfterMinutes }: Given[number]): EventSettings['silentMs'] {
  return Object.fromEntries(Object.entries({ ...SILENT_AFTER_MINUTES, ...silentAfterMinutes }).map(([feed, minutes]) => [feed, minutes * 60_000]));
}

function sendersOf(entry: Given[number]): readonly Feed[] {
  return FEEDS.filter((feed) => entry[feed] !== undefined);
}

/** Client certificates that nobody would see. */
export function certificateFaults(given: Given = []): readonly ConfigFault[] {
  return given.flatMap((entry, index) =>
    Object.entries(waysOf(entry).senders)
      .filter(([, { clientCertificate: asked }]) => asked !== undefined)
      .map(([feed]) => ({ name: `events[${index}].${feed}.clientCertificate`, problem: 'is seen over TLS only, so that K8SSEC_EVENTS_PORT, K8SSEC_EVENTS_CERT and K8SSEC_EVENTS_KEY have to be set' })),
  );
}

/** Alarms of a cluster that could be told nowhere. */
export function channelFaults(given: Given = [], channelOf: (cluster: string) => string | undefined): readonly ConfigFault[] {
  return given.flatMap(({ cluster, channel }, index) =>
    (channel ?? channelOf(cluster)) === undefined ? [{ name: `events[${index}].channel`, problem: `is missing, and neither the cluster ${cluster} nor the whole configuration has a channel` }] : [],
  );
}
