import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type Endpoints, type RunningApp } from '#src/app.ts';
import { addressedClusters } from '#src/app/clusters.ts';
import { systemClock } from '#src/clock.ts';
import type { Config } from '#src/config/config.ts';
import { loadConfig } from '#src/config/load.ts';
import { createLog } from '#src/log.ts';
import type { RawObject } from '#src/model/raw.ts';
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
  readonly redis?: RedisKind;
  readonly slack?: Partial<SlackSandboxOptions>;
  readonly mode?: ManifestMode['mode'];
  /** Environment variables of the bot. */
  readonly env?: Readonly<Record<string, string>>;
  /** Content of its configuration file. */
  readonly file?: string;
  /** False starts the stand-ins only. */
  readonly start?: boolean;
}

/** The whole bot against the sandbox's stand-ins. */
export interface Bot {
  readonly slack: SlackSandbox;
  readonly kube: KubeSandbox;
  readonly redis: SandboxRedis;
  readonly config: Config;
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

/** The channel in which the seeded operator asks; every member of staff is in it. */
export const CHANNEL = 'sec-prod';
export const CLUSTER = 'demo';

const ROLES = `
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
    startKubeSandbox({ objects }),
    startRedis(options.redis === undefined ? {} : { kind: options.redis }),
  ]);
  writeFileSync(join(folder, 'kubeconfig'), kube.kubeconfig(kubeUser));
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
  const config = loadConfig({ env, flags: {} });
  const [log, fatal, apps]: [Record<string, unknown>[], string[], RunningApp[]] = [[], [], []];
  const logger = createLog('debug', { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) });
  const replica = async (more: Readonly<Record<string, string>> = {}): Promise<RunningApp> => {
    const own = loadConfig({ env: { ...env, ...more }, flags: {} });
    const endpoints = { redisUrl: redis.url, slack: own.slack as Endpoints['slack'], clusters: clustersOf(own, kube, kubeUser) };
    const app = await startApp({ config: own, endpoints, clock: systemClock, log: logger, onFatal: (reason) => void fatal.push(reason) });
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

/** One cluster called `demo`, unless the configuration file names others. */
function clustersOf(config: Config, kube: KubeSandbox, user: string): Endpoints['clusters'] {
  return addressedClusters(config.clusters.from === 'named' ? config.clusters : { from: 'demo' }, config, kube.kubeconfig(user));
}
