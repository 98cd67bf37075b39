import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startApp, type Endpoints, type RunningApp } from '#src/app.ts';
import { KNOWN_UNITS } from '#src/app/known-units.ts';
import { addressedClusters } from '#src/app/clusters.ts';
import { systemClock } from '#src/clock.ts';
import type { Config } from '#src/config/config.ts';
import { loadConfig } from '#src/config/load.ts';
import { createLog } from '#src/log.ts';
import type { Clock } from '#src/model/clock.ts';
import type { RawObject } from '#src/model/raw.ts';
import { MASTERS } from '#src/sandbox/kube/access/user.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { startRedis } from '#src/sandbox/redis/redis.ts';
import type { RedisKind, SandboxRedis } from '#src/sandbox/redis/sandbox-redis.ts';
import type { SlackSandboxOptions } from '#src/sandbox/slack/assembly.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { slackManifest, type ManifestMode } from '#src/slack/manifest.ts';

export interface BotOptions {
  readonly objects?: readonly RawObject[];
  /** Who the bot is in the cluster; may do everything unless another user is named. */
  readonly kubeUser?: string;
  /** Contexts of the kubeconfig for a configuration file that names them as clusters. All lead to the one stand-in, each as an administrator of that name. */
  readonly contexts?: readonly string[];
  readonly redis?: RedisKind;
  readonly slack?: Partial<SlackSandboxOptions>;
  readonly mode?: ManifestMode['mode'];
  /** Environment variables of the bot. */
  readonly env?: Readonly<Record<string, string>>;
  /** Content of its configuration file. */
  readonly file?: string;
  /** What its configuration cannot say, such as limits that no test can wait for. */
  readonly settings?: Partial<Config>;
  /** False starts the stand-ins only. */
  readonly start?: boolean;
  /** The bot goes by the clock of the Slack stand-in, so that both are moved together. */
  readonly byClockOfSlack?: boolean;
}

/** The whole bot against the sandbox's stand-ins. */
export interface Bot {
  readonly slack: SlackSandbox;
  readonly kube: KubeSandbox;
  readonly redis: SandboxRedis;
  readonly config: Config;
  /** The bot's. */
  readonly clock: SkippingClock;
  /** What a process of its own needs in its environment to be a replica of this bot. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines of the log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Why it said that it cannot go on. */
  readonly fatal: readonly string[];
  /** One more replica in this process; resolves when people can talk to it. */
  readonly replica: (env?: Readonly<Record<string, string>>) => Promise<RunningApp>;
  readonly stop: () => Promise<void>;
}

/** Goes with the machine's, and further ahead of it each time it is told so. */
export interface SkippingClock extends Clock {
  readonly skip: (ms: number) => void;
}

/** The channel in which the seeded operator asks; every member of staff is in it. */
export const CHANNEL = 'sec-prod';
export const CLUSTER = 'demo';

export const ROLES = `
roles:
  viewer: ['*']
  operator: [${seededId('group', 'operators')}]
  approver: [${seededId('group', 'sec-approvers')}]
  admin: [${seededId('user', 'dana')}]
`;

export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const { objects = [], kubeUser = 'admin', mode = 'socket', env: extra = {}, file = ROLES } = options;
  const folder = mkdtempSync(join(tmpdir(), 'k8ssec-test-'));
  const manifest = slackManifest(mode === 'socket' ? { mode } : { mode, requestUrl: 'http://127.0.0.1/later' });
  const [slack, kube, redis] = await Promise.all([
    startSlackSandbox({ manifest, patienceMs: 20_000, ...options.slack }),
    startKubeSandbox({ objects, users: (options.contexts ?? []).map((name) => ({ name, groups: [MASTERS] })) }),
    startRedis(options.redis === undefined ? {} : { kind: options.redis }),
  ]);
  writeFileSync(join(folder, 'kubeconfig'), options.contexts === undefined ? kube.kubeconfig(kubeUser) : withContexts(kube, options.contexts));
  writeFileSync(join(folder, 'k8ssec.yaml'), `${file}\n`);
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    KUBECONFIG: join(folder, 'kubeconfig'),
    K8SSEC_CONFIG: join(folder, 'k8ssec.yaml'),
    K8SSEC_PORT: '0',
    K8SSEC_SCAN_SCHEDULE: 'off',
    K8SSEC_DIGEST_SCHEDULE: 'off',
    ...extra,
  };
  const config = loadConfig({ env, flags: {}, ...KNOWN_UNITS });
  const clock = options.byClockOfSlack === true ? { now: slack.control.clock.now, skip: (ms: number) => void slack.control.clock.advance(ms) } : createSkippingClock();
  const [log, fatal, apps]: [Record<string, unknown>[], string[], RunningApp[]] = [[], [], []];
  const logger = createLog('debug', { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) });
  const replica = async (more: Readonly<Record<string, string>> = {}): Promise<RunningApp> => {
    const own = { ...loadConfig({ env: { ...env, ...more }, flags: {}, ...KNOWN_UNITS }), ...options.settings };
    const endpoints = { redisUrl: own.redisUrl ?? redis.url, slack: own.slack as Endpoints['slack'], clusters: clustersOf(own, kube, kubeUser) };
    const app = await startApp({ config: own, endpoints, clock, log: logger, onFatal: (reason) => void fatal.push(reason) });
    apps.push(app);
    if (mode === 'http') slack.control.http().useRequestUrl(`http://127.0.0.1:${app.port}/slack/events`);
    await app.connected;
    return app;
  };
  if (options.start !== false) await replica();
  return {
    slack,
    kube,
    redis,
    config,
    clock,
    env,
    log,
    fatal,
    replica,
    async stop() {
      slack.control.faults.release();
      await Promise.all(apps.map((app) => app.stop()));
      await Promise.all([slack.stop(), kube.stop(), redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createSkippingClock(): SkippingClock {
  let aheadMs = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    skip: (ms) => void (aheadMs += ms),
  };
}

function withContexts(kube: KubeSandbox, contexts: readonly string[]): string {
  const [cluster] = (parse(kube.kubeconfig('admin')) as { readonly clusters: readonly { readonly name: string }[] }).clusters;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [cluster],
    contexts: contexts.map((name) => ({ name, context: { cluster: cluster?.name, user: name } })),
    users: contexts.map((name) => ({ name, user: { token: kube.tokenOf(name) } })),
  });
}

/** One cluster called `demo`, unless the configuration file names others. */
function clustersOf(config: Config, kube: KubeSandbox, user: string): Endpoints['clusters'] {
  return addressedClusters(config.clusters.from === 'named' ? config.clusters : { from: 'demo' }, config, kube.kubeconfig(user));
}
