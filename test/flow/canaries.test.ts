import { afterEach, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { Queue as BullQueue } from 'bullmq';
import type { RawObject } from '#src/model/raw.ts';
import { JOBS } from '#src/queue/queue.ts';
import type { Fault } from '#src/sandbox/kube/control/faults.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { CHANNEL, CLUSTER, startBot, type Bot } from '#test/build/bot.ts';
import { withFolder } from '#test/build/files.ts';
import { outsideOf, passTime, type Outside } from '#test/build/outside.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';
import { runCli } from '#test/fakes/cli-world.ts';

/** Enough for a file besides the thread. */
const PODS = 25;
const PIECE = 12;
const PASSWORD = canary('redis');

/** A text that can be found again wherever it gets to. */
function canary(place: string): string {
  return `canary-${place}-4xq7`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Of a secret that is cut off, some piece is seen all the same. */
function pieces(secret: string): readonly string[] {
  return Array.from({ length: secret.length - PIECE + 1 }, (_, at) => secret.slice(at, at + PIECE)).filter((piece) => !piece.includes('sandbox'));
}

/** Secrets in every place of a cluster where people keep them. */
const OBJECTS: readonly RawObject[] = [
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'default', annotations: { note: canary('annotation') } }, data: { password: base64(canary('secret')) } },
  { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', metadata: { name: 'registry', namespace: 'default' }, data: { '.dockerconfigjson': base64(`{"auths":{"r.example":{"auth":"${canary('registry')}"}}}`) } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app', namespace: 'default' }, data: { DB_PASSWORD: canary('config-map'), 'app.yaml': `password: ${canary('config-file')}` } },
  ...Array.from({ length: PODS }, (_, index) => podWithSecrets(`web-${index}`)),
];

function podWithSecrets(name: string): RawObject {
  const container = {
    name: 'app',
    image: 'shop:latest',
    command: ['sh', '-c', `login --password ${canary('command')}`],
    args: [`--token=${canary('argument')}`],
    env: [
      { name: 'DB_PASSWORD', value: canary('env') },
      { name: 'DATABASE_URL', value: `postgres://shop:${canary('url')}@db/shop` },
    ],
    livenessProbe: { httpGet: { path: `/live?token=${canary('probe')}`, port: 80, httpHeaders: [{ name: 'Authorization', value: `Bearer ${canary('header')}` }] } },
    lifecycle: { postStart: { exec: { command: ['sh', '-c', `register ${canary('hook')}`] } } },
  };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"password":"${canary('last-applied')}"}` };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', annotations }, spec: { containers: [container], imagePullSecrets: [{ name: 'registry' }] } };
}

const KUBE_FAULTS: readonly Fault[] = [{ kind: 'refuse', code: 401 }, { kind: 'answer', code: 200, body: `token ${canary('answer')}` }, { kind: 'garbage' }, { kind: 'reset' }, { kind: 'truncate' }];

let bot: Bot;
let outside: Outside;

describe('flow: canaries', () => {
  withRealRedis((redis) => {
    afterEach(async () => {
      await outside.close();
      await bot.stop();
    });

    test.each(['socket', 'http'] as const)('S10: in %s mode no token, password or value of a cluster gets into a message, a view, a file, a line of the log or Redis', async (mode) => {
      bot = await startBot({ mode, redis, start: false, byClockOfSlack: true, objects: OBJECTS, file: `clusters: [{ name: ${CLUSTER} }]` });
      outside = outsideOf(bot);
      await bot.replica({ REDIS_URL: await urlWithPassword() });

      await talk();
      await meetTrouble();

      const places = { Slack: said(), 'the log': JSON.stringify(bot.log), Redis: everWritten() };
      for (const text of Object.values(places)) expect(text.length).toBeGreaterThan(1000);
      expect(places.Slack).toContain('DB_PASSWORD (a credential by its name)');
      const secrets = [bot.slack.botToken, bot.slack.appToken, bot.slack.signingSecret, bot.kube.tokenOf('admin'), PASSWORD];
      const found = Object.entries(places).flatMap(([place, text]) => secrets.filter((secret) => [...pieces(secret), base64(secret)].some((piece) => text.includes(piece))).map((secret) => `${secret} in ${place}`));
      expect(found).toEqual([]);
      expect(Object.values(places).flatMap((text) => text.match(/canary-[\w-]+/g) ?? [])).toEqual([]);
      // The one secret that the design keeps in Redis, from which tokens of buttons are made, is nowhere else.
      const buttonSecret = await outside.redis.get(keys.buttonSecret());
      expect(buttonSecret).toMatch(/^[\w-]{43}$/);
      expect(`${places.Slack}${places['the log']}`).not.toContain(buttonSecret);
    }, 30_000);
  });

  test.each([
    ['a token in the wrong variable', { SLACK_BOT_TOKEN: `xapp-${canary('token')}` }, 2],
    ['a port of Redis that is none', { REDIS_URL: `redis://k8ssec:${PASSWORD}@127.0.0.1:none/0` }, 2],
    ['a Redis that refuses connections', { REDIS_URL: `redis://k8ssec:${PASSWORD}@127.0.0.1:1/0` }, 4],
    ['an address of Redis that is none', { REDIS_URL: `k8ssec:${PASSWORD}` }, 2],
    ['a kubeconfig in place of the configuration', { K8SSEC_CONFIG: 'kubeconfig' }, 2],
    ['a kubeconfig that is not YAML', { KUBECONFIG: 'broken' }, 2],
  ])('S10: %s is told without what it holds', async (_, env, status) => {
    const kubeconfig = `current-context: a\ncontexts: [{ name: a, context: { cluster: a, user: a } }]\nusers:\n- name: a\n  user:\n    token: ${canary('kubeconfig')}\n`;
    const complete = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'http://127.0.0.1:1/', REDIS_URL: 'redis://127.0.0.1:1', KUBECONFIG: 'kubeconfig', ...env };

    const outcome = await withFolder({ kubeconfig, broken: `${kubeconfig}  : [broken` }, (folder) => {
      const isFile = (value: string) => value === 'kubeconfig' || value === 'broken';
      return runCli(['start'], { env: Object.fromEntries(Object.entries(complete).map(([name, value]) => [name, isFile(value) ? join(folder, value) : value])) });
    });

    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toMatch(/^k8ssec: ./);
    expect(outcome.stderr + outcome.stdout).not.toContain('canary');
  });
});

/** Everything that a person can ask, about everything there is. */
async function talk(): Promise<void> {
  const ann = bot.slack.as('ann');
  await ask('scan');
  const top = await ann.sees(CHANNEL, ({ words, isEphemeral }) => words.includes(CLUSTER) && !isEphemeral);
  await passTime(bot, outside, () => ann.messages(top).some(({ files }) => files.length > 0));
  const findings = (await outside.scans.state(CLUSTER))?.findings ?? [];
  for (const check of new Set(findings.map(({ check }) => check))) {
    await ask(`explain ${check}`);
    await ask(`explain ${findings.find((finding) => finding.check === check)?.fingerprint ?? ''}`);
    await ask(`findings --check ${check}`);
  }
  for (const line of ['', 'help scan', 'status', 'clusters', 'schedule', 'findings', 'findings --page 2', `cancel ${canary('typed').slice(7)}`]) await ask(line);
  ann.openHome();
  await ann.seesHome(/demo/);
  await ann.press('home', 'Findings');
  await ann.seesModal(/finding/);
}

/** Everything that can go wrong with what the bot talks to. */
async function meetTrouble(): Promise<void> {
  const jobs = new BullQueue(JOBS, { connection: outside.redis, prefix: QUEUE_PREFIX });
  for (const fault of KUBE_FAULTS) {
    bot.kube.faults.add({}, fault);
    await ended(() => ask('scan'), jobs);
    bot.kube.faults.clear();
  }
  const kubeconfig = bot.env.KUBECONFIG ?? '';
  const whole = readFileSync(kubeconfig, 'utf8');
  writeFileSync(kubeconfig, `${whole}  : [broken`);
  await ended(() => ask('scan'), jobs);
  writeFileSync(kubeconfig, whole);
  const { faults } = bot.slack.control;
  faults.set('views.publish', { kind: 'answer', status: 500, body: '<html>' }, 1);
  faults.set('chat.postMessage', { kind: 'answer', status: 200, body: 'no JSON' }, 1);
  faults.set('chat.postMessage', { kind: 'drop' }, 1);
  faults.set('chat.update', { kind: 'lose answer' }, 1);
  bot.slack.as('ann').openHome();
  const connections = await connected();
  await outside.redis.call('CLIENT', 'KILL', 'USER', 'k8ssec');
  await passTime(bot, outside, async () => (await outside.rows.counts()).unsent === 0);
  await outside.redis.acl('SETUSER', 'k8ssec', 'resetpass', '>other');
  await outside.redis.call('CLIENT', 'KILL', 'USER', 'k8ssec');
  await ask('status');
  await until(() => bot.log.some(({ msg }) => msg === 'Redis cannot be reached; trying again'));
  await outside.redis.acl('SETUSER', 'k8ssec', 'resetpass', `>${PASSWORD}`);
  await ended(() => ask('scan'), jobs);
  await passTime(bot, outside, async () => (await outside.rows.counts()).unsent === 0);
  await until(async () => (await connected()) === connections);
}

/** How many connections to Redis the bot has. */
async function connected(): Promise<number> {
  return String(await outside.redis.client('LIST')).split('\n').filter((line) => line.includes('user=k8ssec')).length;
}

/** Without the pauses before a job is tried again. */
async function ended(begin: () => Promise<void>, jobs: BullQueue): Promise<void> {
  await begin();
  await until(async () => {
    await jobs.promoteJobs();
    return (await outside.scans.activeId(CLUSTER)) === undefined;
  });
}

async function ask(line: string): Promise<void> {
  const run = await bot.slack.as('ann').command(`/k8ssec ${line}`, CHANNEL);
  await run.answer();
}

/** A user of the same Redis with a password, over TCP. */
async function urlWithPassword(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await outside.redis.config('SET', 'port', port);
  await outside.redis.acl('SETUSER', 'k8ssec', 'on', `>${PASSWORD}`, '~*', '&*', '+@all');
  return `redis://k8ssec:${PASSWORD}@127.0.0.1:${port}/0`;
}

/** All that the bot sent to Slack, and all that people can read there. */
function said(): string {
  const ann = bot.slack.as('ann');
  const messages = ann.messages(CHANNEL).flatMap((message) => [message, ...ann.messages(message)]);
  return JSON.stringify([bot.slack.requests(), messages, ann.home(), ann.modal()]);
}

/** All that was ever written to Redis, also what has been deleted since. */
function everWritten(): string {
  const folder = join(dirname(bot.redis.url), 'appendonlydir');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join('');
}
