import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { withRealRedis } from '#test/build/redis.ts';
import { runCli, type CliOutcome } from '#test/fakes/cli-world.ts';

jest.setTimeout(30_000);

let bot: Bot;

async function start(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ start: false, ...options });
}

afterEach(async () => {
  await bot.stop();
});

const doctor = (env: Readonly<Record<string, string | undefined>> = {}): Promise<CliOutcome> => runCli(['doctor'], { env: { ...bot.env, ...env } });
const channel = (name: string) => seededId('channel', name);
const user = (name: string) => seededId('user', name);
const bad = ({ stdout }: CliOutcome) => stdout.split('\n').filter((line) => /^(warn|FAIL)/.test(line));

/** Where credentials would stand, if anything of them were printed. */
function keepsSecrets({ stdout, stderr }: CliOutcome): void {
  for (const secret of [bot.env.SLACK_BOT_TOKEN, bot.env.SLACK_APP_TOKEN, bot.env.SLACK_SIGNING_SECRET, bot.kube.tokenOf('admin')]) {
    if (secret !== undefined) expect(stdout + stderr).not.toContain(secret);
  }
}

describe('flow: k8ssec doctor', () => {
  withRealRedis((redis) => {
    test('finds everything well', async () => {
      await start({ redis, env: { K8SSEC_CHANNEL: channel('sec-prod') } });

      const outcome = await doctor();

      expect(outcome.status).toBe(0);
      expect(outcome.stdout.split('\n')).toEqual([
        'ok    Configuration: every setting is known and fits',
        expect.stringMatching(/^ok {4}Redis: (Redis|Valkey) \d+\.\d+\.\d+ at /),
        expect.stringMatching(/^ok {4}Slack: the bot token belongs to the workspace /),
        'ok    Slack: the app-level token opens sockets',
        expect.stringMatching(/^note {2}People: no source of people is configured/),
        'ok    Approvals: every kind of request has somebody who may decide it, and a channel',
        'ok    Cluster: demo: Kubernetes v1.37',
        '',
      ]);
      keepsSecrets(outcome);
    });

    test('a feed whose CA or token is missing is named, because nobody can send there', async () => {
      await start({ redis, env: { K8SSEC_CHANNEL: channel('sec-prod'), K8SSEC_EVENTS_PORT: '0', K8SSEC_EVENTS_CERT: '/nowhere/tls.crt', K8SSEC_EVENTS_KEY: '/nowhere/tls.key' }, file: 'clusters: [{ name: demo }]\nevents: [{ cluster: demo, falco: { token: { env: K8SSEC_TEST_NO_TOKEN } }, flows: { clientCertificate: { ca: { file: /nowhere/ca.crt } } } }]\n' });

      const outcome = await doctor();

      expect(bad(outcome)).toEqual([
        'warn  Events: demo falco: nobody can send: its secret is missing: the environment variable K8SSEC_TEST_NO_TOKEN is not there. It is looked for again with each request.',
        'warn  Events: demo flows: nobody can send: its secret is missing: the file /nowhere/ca.crt is not there. It is looked for again with each request.',
      ]);
    });

    test('a Redis that may throw state away keeps the bot from working', async () => {
      await start({ redis });
      await configure('maxmemory-policy', 'allkeys-lru');

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(bad(outcome)).toEqual([expect.stringMatching(/^FAIL {2}Redis: .*: maxmemory-policy is allkeys-lru, so that state can be thrown away; set it to noeviction\.$/)]);
      expect((await runCli(['start'], { env: bot.env }))).toMatchObject({ status: 4, stderr: expect.stringContaining('maxmemory-policy is allkeys-lru') });
    });

    test('a Redis that forgets at a restart is a risk', async () => {
      await start({ redis });
      await configure('appendonly', 'no');

      const outcome = await doctor();

      expect(outcome.status).toBe(0);
      expect(bad(outcome)).toEqual([expect.stringMatching(/^warn {2}Redis: .*: appendonly is off, so that a restart can lose the last seconds or everything; set appendonly yes\.$/)]);
    });

    test('a Redis that is down is one failure of its own; the rest is looked at all the same', async () => {
      await start({ redis });
      await bot.redis.kill();

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(bad(outcome)).toEqual([expect.stringMatching(/^FAIL {2}Redis: Redis at .* cannot be used: it refuses connections\. Check REDIS_URL and that the server runs\.$/)]);
      expect(outcome.stdout).toContain('ok    Cluster: demo: Kubernetes v1.37');
      expect((await runCli(['start'], { env: bot.env }))).toMatchObject({ status: 4, stderr: expect.stringContaining('it refuses connections') });
      await bot.redis.restart();
    });

    async function configure(name: string, value: string): Promise<void> {
      const connection = new Redis(bot.redis.url);
      await connection.config('SET', name, value);
      connection.disconnect();
    }
  });

  describe('of Slack', () => {
    const slackLines = (outcome: CliOutcome) => bad(outcome).filter((line) => line.includes('Slack:'));

    test.each<readonly [what: string, change: () => void, line: string]>([
      ['missing scopes', () => bot.slack.control.app.setScopes(['commands', 'chat:write', 'files:write', 'usergroups:read', 'users:read.email']), 'FAIL  Slack: scopes are missing: channels:read, groups:read, users:read. Update the app from its manifest and install it again.'],
      ['a revoked bot token', () => bot.slack.control.app.revokeBotToken(), 'FAIL  Slack: the bot token cannot be used: token_revoked. Copy it from "Install App" in the app’s settings.'],
      ['a refused app-level token', () => bot.slack.control.app.refuseAppToken('invalid_auth'), 'FAIL  Slack: the app-level token cannot be used: invalid_auth. Make one with connections:write under "Basic Information".'],
      ['a Slack that fails', () => bot.slack.control.faults.set('auth.test', { kind: 'answer', status: 503, body: '' }), 'FAIL  Slack: nobody knows whether the bot token can be used: Slack failed (503). Look at SLACK_API_URL and the network, and try again.'],
      ['a Slack that breaks off', () => bot.slack.control.faults.set('auth.test', { kind: 'drop' }), 'FAIL  Slack: nobody knows whether the bot token can be used: Slack did not answer. Look at'],
    ])('%s keeps the bot from working', async (_, change, line) => {
      await start();
      change();

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(slackLines(outcome)).toEqual([expect.stringContaining(line)]);
      expect(outcome.stdout).toContain('ok    Cluster: demo');
      keepsSecrets(outcome);
    });

    test('scopes that are optional switch something off', async () => {
      await start({ slack: { optionalScopes: false }, file: 'slack: {}' });

      const outcome = await doctor();

      expect(outcome.status).toBe(0);
      expect(slackLines(outcome)).toEqual([
        'warn  Slack: Long lists are not attached as files: the scope files:write is missing. Update the app from its manifest and install it again.',
        'warn  Slack: User groups hold no role: the scope usergroups:read is missing. Update the app from its manifest and install it again.',
        'warn  Slack: People in Slack are not known by their e-mail addresses: the scope users:read.email is missing. Update the app from its manifest and install it again.',
      ]);
    });

    test('each channel that cannot be posted in is named, and what to do', async () => {
      const named = ['sec-dev', 'old-incidents', 'leads', 'partner-acme', 'sec-prod'];
      await start({
        env: { K8SSEC_CHANNEL: channel('sec-dev') },
        contexts: ['prod'],
        file: `clusters: [{ name: prod, channel: ${channel('old-incidents')} }]\ndigests: [${named.slice(2).map((name) => `{ name: ${name}, channel: ${channel(name)} }`).join(', ')}, { name: nowhere, channel: C0NOWHERE1 }]`,
      });

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(slackLines(outcome)).toEqual([
        `FAIL  Slack: the bot is not in the channel ${channel('sec-dev')}. Type /invite @k8ssec there.`,
        `FAIL  Slack: the channel ${channel('old-incidents')} is archived. Choose another one.`,
        `FAIL  Slack: the channel ${channel('leads')} cannot be looked up: channel_not_found. Invite the bot there, or correct the id.`,
        `FAIL  Slack: the channel ${channel('partner-acme')} is shared with another organisation. Choose another one, or allow it under slack.sharedChannels.`,
        'FAIL  Slack: the channel C0NOWHERE1 cannot be looked up: channel_not_found. Invite the bot there, or correct the id.',
      ]);
    });

    test('a shared channel that is allowed is fine', async () => {
      await start({ env: { K8SSEC_CHANNEL: channel('partner-acme') }, file: `slack: { sharedChannels: [${channel('partner-acme')}] }` });

      expect(slackLines(await doctor())).toEqual([]);
    });

    test('people and groups with a role that are not there are named', async () => {
      await start({ file: `roles: { viewer: ['*'], operator: [${user('hal')}, U0NOBODY01, ${seededId('group', 'operators')}], admin: [S0NOGROUP1, ${seededId('group', 'old-team')}, ${seededId('group', 'sec-leads')}, ${user('gus')}, ${user('deploybot')}] }` });
      bot.slack.control.workspace.setGroup('sec-leads', []);

      const outcome = await doctor();

      expect(outcome.status).toBe(0);
      expect(slackLines(outcome)).toEqual([
        `warn  Slack: ${user('hal')} has a role, but the account is deactivated. Remove it under roles.`,
        'warn  Slack: U0NOBODY01 has a role, but cannot be looked up: user_not_found. Correct it under roles.',
        expect.stringMatching(/^warn {2}Slack: S0NOGROUP1 has a role, but cannot be looked up: \w+\. Correct it under roles\.$/),
        `warn  Slack: ${seededId('group', 'old-team')} has a role, but cannot be looked up: subteam_disabled. Correct it under roles.`,
        `warn  Slack: ${seededId('group', 'sec-leads')} has a role, but nobody is in that group. Remove it under roles.`,
        `warn  Slack: ${user('gus')} has a role, but is a guest, and guests have no role. Remove it under roles.`,
        `warn  Slack: ${user('deploybot')} has a role, but is a bot, and bots have no role. Remove it under roles.`,
      ]);
    });

    test('HTTP mode needs no app-level token', async () => {
      await start({ mode: 'http' });

      const outcome = await doctor();

      expect(outcome.stdout).not.toContain('app-level');
      expect(outcome.status).toBe(0);
    });
  });

  describe('of clusters', () => {
    const clusterLines = ({ stdout }: CliOutcome) => stdout.split('\n').filter((line) => line.includes('Cluster:'));

    test('one that cannot be reached keeps no other from being looked at', async () => {
      await start({ contexts: ['down', 'up'], file: 'clusters: [{ name: down }, { name: up }, { name: lost, context: nowhere }]' });
      bot.kube.faults.add({ user: 'down' }, { kind: 'refuse', code: 401 });

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(clusterLines(outcome)).toEqual([
        'FAIL  Cluster: down: the API server refuses the credentials of the bot.',
        'ok    Cluster: up: Kubernetes v1.37',
        'FAIL  Cluster: lost: the kubeconfig has no context nowhere; it has down, up.',
      ]);
    });

    test('rights that are missing are named with the ClusterRole to bind, and how many checks wait for them', async () => {
      await start({ kubeUser: 'system:serviceaccount:default:default' });

      const outcome = await doctor();

      const lines = clusterLines(outcome);
      expect(outcome.status).toBe(0);
      expect(lines[0]).toBe('ok    Cluster: demo: Kubernetes v1.37');
      expect(lines).toContainEqual(expect.stringMatching(/^warn {2}Cluster: demo: no permission to list pods, so \d+ checks are not \(wholly\) evaluated\. Bind the ClusterRole k8ssec-scan\.$/));
      expect(lines).toContainEqual(expect.stringMatching(/^warn {2}Cluster: demo: no permission to list secrets, so .* This is optional: bind the ClusterRole k8ssec-scan-optional if you want it\.$/));
      keepsSecrets(outcome);
    });

    test.each([
      ['readKubelets is set and the right is missing', 'readKubelets: true', 'system:serviceaccount:default:default', true],
      ['readKubelets is set and the right is there', 'readKubelets: true', undefined, false],
      ['readKubelets is not set', 'production: true', 'system:serviceaccount:default:default', false],
    ])('when %s, the right to ask kubelets is told of or not', async (_, setting, kubeUser, isTold) => {
      await start({ file: `clusters: [{ name: demo, ${setting} }]`, ...(kubeUser !== undefined && { kubeUser }) });

      const outcome = await doctor();

      const line = 'warn  Cluster: demo: no permission to get nodes/proxy, which readKubelets needs. Apply k8ssec-kubelets.gen.yaml, or leave readKubelets out.';
      expect(clusterLines(outcome)).toContain('ok    Cluster: demo: Kubernetes v1.37');
      expect(clusterLines(outcome).includes(line)).toBe(isTold);
    });

    test('a server that does not tell about rights is a failure, not a clean one', async () => {
      await start();
      bot.kube.faults.add({ resource: 'selfsubjectaccessreviews' }, { kind: 'refuse', code: 403 });

      const outcome = await doctor();

      expect(outcome.status).toBe(1);
      expect(clusterLines(outcome)).toContain('FAIL  Cluster: demo: the API server does not tell what the bot may do (403).');
    });

    test('no kubeconfig at all is said', async () => {
      await start();

      const outcome = await doctor({ KUBECONFIG: '/nowhere/kubeconfig' });

      expect(outcome.status).toBe(1);
      expect(clusterLines(outcome)).toEqual([expect.stringContaining('FAIL  Cluster: no cluster is configured: there is no kubeconfig with a current context')]);
    });
  });

  test.each(['doctor', 'start'])('%s names all faults of a configuration at once, and does nothing', async (command) => {
    await start({ file: 'timeZone: UTC' });
    const env = { ...bot.env, SLACK_APP_TOKEN: 'xoxb-1', K8SSEC_PORT: '99999', K8SSEC_SCAN_SCHEDULE: 'dayly', K8SSEC_TIME_ZONE: 'Mars/Olympus', K8SSEC_CHANEL: 'C1' };

    const outcome = await runCli([command], { env });

    expect(outcome.status).toBe(2);
    expect(outcome.stdout).toBe('');
    for (const name of ['SLACK_APP_TOKEN', 'K8SSEC_PORT', 'K8SSEC_SCAN_SCHEDULE', 'K8SSEC_TIME_ZONE', 'K8SSEC_CHANEL']) expect(outcome.stderr).toContain(name);
    expect(outcome.stderr).toContain('K8SSEC_CHANNEL');
    expect(outcome.stderr).not.toMatch(/\bat .*\.ts/);
    expect(bot.slack.requests()).toEqual([]);
    keepsSecrets(outcome);
  });

  test('start with a token that Slack refuses ends, and says which', async () => {
    await start();
    bot.slack.control.app.revokeBotToken();

    const outcome = await runCli(['start'], { env: bot.env });

    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toMatch(/Slack .*bot token.*token_revoked|Slack refuses the bot token/);
    keepsSecrets(outcome);
  });
});
