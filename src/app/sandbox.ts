import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '#src/config/config.ts';
import type { ConfiguredSource } from '#src/config/people-sources.ts';
import type { Grant } from '#src/model/access.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { EventSettings } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';
import type { TemporaryRole } from '#src/model/settings.ts';
import { source as slackPeople } from '#src/people/sources/slack.ts';
import { sendDemoEvents } from '#src/sandbox/demo/events.ts';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import { startKubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { describeRedis, startRedis } from '#src/sandbox/redis/redis.ts';
import { startSlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { slackManifest } from '#src/slack/manifest.ts';
import type { Endpoints } from '../app.ts';
import { addressedClusters, assertWatched } from './clusters.ts';

/** The services of a process: real ones where they are configured, stand-ins for the rest. */
export interface Surroundings {
  readonly endpoints: Endpoints;
  readonly config: Config;
  /** Address of the page; absent with a real Slack. */
  readonly page?: string;
  /** Has something happen in the demo cluster, told to the bot on its port; absent with clusters of one's own. */
  readonly stir?: (port: number) => Promise<void>;
  /** What stands in for what, a line each. */
  readonly notes: readonly string[];
  readonly stop: () => Promise<void>;
}

/** The bot's account in the demo cluster, with the rights that deploy/kubernetes gives. */
const ACCOUNT = 'system:serviceaccount:k8ssec:k8ssec';
const SOCKETS = 2;
const DEMO = 'demo';

/** Starts whatever is not configured. */
export async function surroundings(given: Config, log: Log): Promise<Surroundings> {
  const stops: (() => Promise<void>)[] = [];
  const notes: string[] = [];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const redisUrl = given.redisUrl ?? (await sandboxRedis(stops, notes));
    const slack = given.slack.mode === 'sandbox' ? await sandboxSlack(given, log, stops) : undefined;
    const chosen = slack === undefined ? given : withSandboxDefaults(given);
    const demo = given.clusters.from === 'demo' ? await sandboxKube(stops, notes) : undefined;
    const token = demo === undefined || slack === undefined || given.events.length > 0 ? undefined : await demoToken(stops);
    const config = token === undefined ? chosen : { ...chosen, events: [demoEvents(token.file)], connections: [DEMO_CONNECTIONS] };
    const clusters = addressedClusters(given.clusters, config, demo);
    assertWatched(config, clusters);
    const endpoints = { redisUrl, slack: slack?.config ?? (given.slack as Endpoints['slack']), clusters };
    return { endpoints, config, notes, stop, ...(slack && { page: slack.page }), ...(token && { stir: (port: number) => sendDemoEvents(port, token.text, new Date()) }) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function sandboxRedis(stops: (() => Promise<void>)[], notes: string[]): Promise<string> {
  const redis = await startRedis();
  stops.push(redis.stop);
  notes.push(`Redis: ${describeRedis(redis)}`);
  return redis.url;
}

async function sandboxKube(stops: (() => Promise<void>)[], notes: string[]): Promise<string> {
  const kube = await startKubeSandbox({ objects: demoObjects() });
  stops.push(kube.stop);
  notes.push('Cluster: a demo shop, served by a stand-in for the API server; --context NAME takes one of your own');
  return kube.kubeconfig(ACCOUNT);
}

async function sandboxSlack({ sandbox }: Config, log: Log, stops: (() => Promise<void>)[]): Promise<{ readonly page: string; readonly config: Endpoints['slack'] }> {
  const options = {
    manifest: slackManifest({ mode: 'socket' }),
    pageAssets: fileURLToPath(new URL('../sandbox/web/', import.meta.url)),
    onError: (error: unknown) => log.error({ error }, 'the Slack stand-in failed'),
  };
  const slack = await startSlackSandbox({ ...options, port: sandbox.port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || sandbox.portIsChosen) throw error;
    return startSlackSandbox({ ...options, port: 0 });
  });
  stops.push(slack.stop);
  return { page: slack.pageUrl, config: { mode: 'socket', botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl, sockets: SOCKETS } };
}

/** What the demo cluster shows when it tells the bot what happens in it: new for each process, gone with it. */
async function demoToken(stops: (() => Promise<void>)[]): Promise<{ readonly file: string; readonly text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ssec-demo-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const [file, text] = [join(folder, 'token'), randomBytes(24).toString('hex')];
  await writeFile(file, text, { mode: 0o600 });
  return { file, text };
}

function demoEvents(file: string): EventSettings {
  return { cluster: DEMO, senders: { audit: { token: { file } }, hubble: { token: { file } } }, pulls: {}, channel: undefined, minSeverity: 'high', ask: 'always', silentMs: {} };
}

/** Asked about from the first packet, so that a newcomer sees it. */
const DEMO_CONNECTIONS: ConnectionSettings = { cluster: DEMO, channel: undefined, learnMs: 0, clusterRanges: ['10.244.0.0/16', '10.96.0.0/12'], corporateRanges: [], groups: new Map(), allow: [], owners: [{ namespace: 'shop', workload: undefined, team: 'Shop', who: seededId('user', 'eli') }], mode: 'observe', sourceRanges: [], modes: new Map() };

/** People and channels of the stand-in get roles and results, unless the configuration says otherwise. */
function withSandboxDefaults(config: Config): Config {
  const channel = config.channel ?? seededId('channel', 'sec-prod');
  const digests = config.digests.length > 0 ? config.digests : [{ name: 'daily', channel, schedule: config.digestSchedule, timeZone: config.timeZone, clusters: undefined }];
  const people = config.people.sources.length > 0 ? config.people : { ...config.people, sources: [SLACK_PEOPLE] };
  const roles = config.people.access.temporaryRoles.length > 0 ? config.people.access.temporaryRoles : SANDBOX_ROLES;
  return { ...config, channel, digests, grants: config.grants ?? SANDBOX_GRANTS, people: { ...people, access: { ...people.access, temporaryRoles: roles } } };
}

/** The people of the stand-in, as the bot would ask Slack for them. */
const SLACK_PEOPLE: ConfiguredSource = { type: slackPeople, name: 'slack', settings: {} };

const HOUR_MS = 3600_000;
const SANDBOX_ROLES: readonly TemporaryRole[] = [
  { name: 'view', clusterRole: 'view', text: 'look at everything but Secrets', maxMs: 8 * HOUR_MS, sensitive: false, clusters: undefined, namespaces: undefined },
  { name: 'edit', clusterRole: 'edit', text: 'change workloads and read Secrets', maxMs: 4 * HOUR_MS, sensitive: true, clusters: undefined, namespaces: undefined },
];

const SANDBOX_GRANTS: readonly Grant[] = [
  { role: 'viewer', who: '*', clusters: undefined },
  { role: 'operator', who: seededId('group', 'operators'), clusters: undefined },
  { role: 'approver', who: seededId('group', 'sec-approvers'), clusters: undefined },
  { role: 'admin', who: seededId('user', 'dana'), clusters: undefined },
];
