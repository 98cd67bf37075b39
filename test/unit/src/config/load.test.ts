import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, type ConfigFault } from '#src/config/faults.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import { NO_ACCESS_SETTINGS } from '#src/model/settings.ts';
import { loadConfig } from '#src/config/load.ts';
import { sources } from '#src/people/sources/index.gen.ts';
import { OPTIONS, option, type OptionName } from '#src/config/options.ts';
import type { Config } from '#src/config/config.ts';

const CANARY = 'canary-3f9c';

describe('src/config/load.ts', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'k8ssec-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (text: string, name = 'k8ssec.yaml'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const load = (env: Readonly<Record<string, string>> = {}, flags: Readonly<Record<string, string>> = {}): Config => loadConfig({ env, flags, kinds: ['temporary-access', 'remove-user'], sources });
  const withFile = (text: string, env: Readonly<Record<string, string>> = {}): Config => load({ ...env, K8SSEC_CONFIG: write(text) });
  const faultsOf = (run: () => unknown): readonly ConfigFault[] => {
    try {
      run();
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
      throw error;
    }
    return [];
  };
  const faultsOfFile = (text: string): readonly ConfigFault[] => faultsOf(() => withFile(text)).map(({ name, problem }) => ({ name: name.replace(`${folder}/`, ''), problem }));

  describe('with nothing set', () => {
    test('runs in the sandbox with the demo cluster', () => {
      expect(load()).toEqual({
        role: 'all',
        slack: { mode: 'sandbox' },
        redisUrl: undefined,
        kubeconfig: undefined,
        clusters: { from: 'demo' },
        http: { host: '127.0.0.1', port: 8080 },
        sandbox: { port: 3939, portIsChosen: false },
        timeZone: 'UTC',
        channel: undefined,
        scanSchedule: '0 7 * * *',
        mapSchedule: '30 7 * * *',
        scanTimeoutMs: 900_000,
        digestSchedule: '0 9 * * *',
        repositories: [],
        digests: [],
        grants: undefined,
        sharedChannels: [],
        people: { sources: [], schedule: '30 6 * * *', shrinkLimitPercent: 10, access: NO_ACCESS_SETTINGS },
        approvals: { channel: undefined, kinds: {}, delegates: [] },
        checks: { ciAccounts: [] },
        detections: NO_DETECTION_SETTINGS,
        events: [],
        connections: [],
        rangeFiles: [],
        concurrency: 4,
        keepMs: 90 * 24 * 3600_000,
        logLevel: 'info',
      });
    });

    test('counts an empty variable as not set', () => {
      expect(load(Object.fromEntries(Object.values(OPTIONS).map(({ env }) => [env, ''])))).toEqual(load());
    });

    test.each(Object.keys(OPTIONS) as OptionName[])('the default of %s is one of its values', (name) => {
      const preset = option(name).default;
      if (preset !== undefined) expect(faultsOf(() => load({ [option(name).env]: preset }))).toEqual([]);
    });
  });

  describe('a value', () => {
    test.each<[string, string, (config: Config) => unknown, unknown]>([
      ['REDIS_URL', 'rediss://user:secret@redis.example:6380/1', ({ redisUrl }) => redisUrl, 'rediss://user:secret@redis.example:6380/1'],
      ['REDIS_URL', '/run/redis.sock', ({ redisUrl }) => redisUrl, '/run/redis.sock'],
      ['KUBECONFIG', '/home/a/.kube/config', ({ kubeconfig, clusters }) => [kubeconfig, clusters], ['/home/a/.kube/config', { from: 'current-context' }]],
      ['K8SSEC_CONTEXT', 'prod-eu, dev-us,prod-eu', ({ clusters }) => clusters, { from: 'named', clusters: [{ name: 'prod-eu', context: 'prod-eu', production: false }, { name: 'dev-us', context: 'dev-us', production: false }] }],
      ['K8SSEC_ROLE', 'worker', ({ role }) => role, 'worker'],
      ['K8SSEC_HOST', '0.0.0.0', ({ http }) => http.host, '0.0.0.0'],
      ['K8SSEC_PORT', '0', ({ http }) => http.port, 0],
      ['K8SSEC_SANDBOX_PORT', '3939', ({ sandbox }) => sandbox, { port: 3939, portIsChosen: true }],
      ['K8SSEC_TIME_ZONE', 'Europe/Paris', ({ timeZone }) => timeZone, 'Europe/Paris'],
      ['K8SSEC_INSTALLATION', 'prod-bot.eu_1', ({ installation }) => installation, 'prod-bot.eu_1'],
      ['K8SSEC_CHANNEL', 'C0SECPROD1', ({ channel, digests }) => [channel, digests], ['C0SECPROD1', [{ name: 'daily', channel: 'C0SECPROD1', schedule: '0 9 * * *', timeZone: 'UTC', clusters: undefined }]]],
      ['K8SSEC_SCAN_SCHEDULE', 'off', ({ scanSchedule }) => scanSchedule, 'off'],
      ['K8SSEC_DIGEST_SCHEDULE', '@weekly', ({ digestSchedule }) => digestSchedule, '@weekly'],
      ['K8SSEC_SCAN_TIMEOUT_MINUTES', '2', ({ scanTimeoutMs }) => scanTimeoutMs, 120_000],
      ['K8SSEC_CONCURRENCY', '8', ({ concurrency }) => concurrency, 8],
      ['K8SSEC_KEEP_DAYS', '1', ({ keepMs }) => keepMs, 86_400_000],
      ['K8SSEC_LOG_LEVEL', 'debug', ({ logLevel }) => logLevel, 'debug'],
    ])('%s may be %s', (name, value, read, expected) => {
      expect(read(load({ [name]: value }))).toEqual(expected);
    });

    test('of TLS for events belong together', () => {
      expect(load({ K8SSEC_EVENTS_PORT: '8443', K8SSEC_EVENTS_CERT: '/tls/tls.crt', K8SSEC_EVENTS_KEY: '/tls/tls.key' }).eventsTls).toEqual({ port: 8443, cert: '/tls/tls.crt', key: '/tls/tls.key' });
      expect(faultsOf(() => load({ K8SSEC_EVENTS_PORT: '8443' }))).toEqual([{ name: 'K8SSEC_EVENTS_PORT', problem: 'is set, but K8SSEC_EVENTS_CERT and K8SSEC_EVENTS_KEY are not' }]);
    });

    test('of TLS for events are needed where client certificates are asked for', () => {
      const file = 'channel: C0SECPROD1\nclusters: [{ name: prod }]\nevents: [{ cluster: prod, falco: { clientCertificate: { ca: { file: /ca.crt } } } }]\n';

      expect(faultsOf(() => withFile(file))).toEqual([{ name: 'events[0].falco.clientCertificate', problem: 'is seen over TLS only, so that K8SSEC_EVENTS_PORT, K8SSEC_EVENTS_CERT and K8SSEC_EVENTS_KEY have to be set' }]);
      expect(withFile(file, { K8SSEC_ROLE: 'worker' }).eventsTls).toBeUndefined();
    });

    test.each([
      ['REDIS_URL', 'localhost:6379', 'is no address such as redis://host:6379/0 or rediss://host:6379/0'],
      ['REDIS_URL', `http://${CANARY}@redis`, 'is no address such as redis://host:6379/0 or rediss://host:6379/0'],
      ['SLACK_API_URL', 'slack.com/api', 'is no address such as https://slack.com/api/'],
      ['SLACK_API_URL', 'ftp://slack.com/api', 'is no address such as https://slack.com/api/'],
      ['K8SSEC_ROLE', 'master', 'must be one of all, bot, worker'],
      ['K8SSEC_PORT', '-1', 'must be a whole number from 0 to 65535'],
      ['K8SSEC_PORT', '65536', 'must be a whole number from 0 to 65535'],
      ['K8SSEC_PORT', '8080.5', 'must be a whole number from 0 to 65535'],
      ['K8SSEC_PORT', '0x10', 'must be a whole number from 0 to 65535'],
      ['K8SSEC_SOCKETS', '9', 'must be a whole number from 1 to 8'],
      ['K8SSEC_TIME_ZONE', 'Paris', 'is no time zone name such as Europe/Paris'],
      ['K8SSEC_INSTALLATION', 'our bot', 'is no value of a label: at most 63 letters, digits, dots, dashes and underscores, with a letter or digit at either end'],
      ['K8SSEC_CHANNEL', '#general', 'is no Slack channel id such as C0123456789'],
      ['K8SSEC_SCAN_SCHEDULE', '* * * * * *', 'is no cron expression of five fields that is ever due, and not `off`'],
      ['K8SSEC_DIGEST_SCHEDULE', '0 9 31 2 *', 'is no cron expression of five fields that is ever due, and not `off`'],
      ['K8SSEC_LOG_LEVEL', 'WARN', 'must be one of debug, info, warn, error'],
      ['K8SSEC_CONFIG', '/nowhere/k8ssec.yaml', 'cannot be read'],
    ])('%s may not be %s', (name, value, problem) => {
      expect(faultsOf(() => load({ [name]: value }))).toEqual([{ name: name === 'K8SSEC_CONFIG' ? value : name, problem }]);
    });

    test('of a flag wins over the environment, and that over the file', () => {
      const path = write('timeZone: Asia/Kolkata\nscanSchedule: "0 1 * * *"\nchannel: C0FILE0001\n');

      const config = loadConfig({ env: { K8SSEC_CONFIG: path, K8SSEC_TIME_ZONE: 'Europe/Paris', K8SSEC_CHANNEL: 'C0ENV00001' }, flags: { 'time-zone': 'America/Lima' }, kinds: [], sources });

      expect([config.timeZone, config.channel, config.scanSchedule]).toEqual(['America/Lima', 'C0ENV00001', '0 1 * * *']);
    });

    test('that is wrong in a flag is named as the flag', () => {
      expect(faultsOf(() => load({}, { port: 'x' }))).toEqual([{ name: '--port', problem: 'must be a whole number from 0 to 65535' }]);
    });
  });

  describe('people', () => {
    test('are asked of the systems that the file names, each with its own settings', () => {
      const { people } = withFile('people:\n  sources:\n    - { type: okta, url: https://corp.okta.com, token: { env: OKTA_TOKEN } }\n    - { type: file, name: staff, path: /etc/staff.csv }\n');

      expect(people.sources.map(({ type, name }) => [type.name, name])).toEqual([['okta', 'okta'], ['file', 'staff']]);
    });

    test('are named and treated as the file says', () => {
      const { people } = withFile(
        'people: { usernames: { prefix: "oidc:", templates: ["{email}"] }, aliases: { "oidc:root": "-" }, breakGlass: [emergency], inactiveDays: 90, inactive: { askDays: 7, owners: [U0DANA0001] }, schedule: off }\ntemporaryAccess: { roles: [{ name: edit, text: change workloads, max: 4h, sensitive: true, namespaces: [shop] }] }\n',
      );

      expect(people).toEqual({
        sources: [],
        schedule: 'off',
        shrinkLimitPercent: 10,
        access: {
          ...NO_ACCESS_SETTINGS,
          usernamePrefix: 'oidc:',
          usernameTemplates: ['{email}'],
          aliases: new Map([['oidc:root', '-']]),
          breakGlass: ['emergency'],
          inactiveDays: 90,
          inactiveAskDays: 7,
          inactiveOwners: ['U0DANA0001'],
          temporaryRoles: [{ name: 'edit', clusterRole: 'edit', text: 'change workloads', maxMs: 4 * 3600_000, sensitive: true, clusters: undefined, namespaces: ['shop'] }],
        },
      });
    });

    test.each<[string, string, readonly ConfigFault[]]>([
      ['an unknown system', 'people: { sources: [{ type: octa }] }', [{ name: 'k8ssec.yaml: people.sources[0].type', problem: expect.stringContaining('Did you mean okta?') as unknown as string }]],
      ['a name used twice', 'people: { sources: [{ type: file, path: /a.csv }, { type: file, path: /b.csv }] }', [{ name: 'k8ssec.yaml: people.sources[1].name', problem: 'is used twice' }]],
      ['an unknown setting of a system', 'people: { sources: [{ type: file, path: /a.csv, shet: x }] }', [{ name: 'k8ssec.yaml: people.sources[0].shet', problem: expect.stringContaining('is no option') as unknown as string }]],
      ['a form of user names without a place in it', 'people: { usernames: { templates: [everybody] } }', [{ name: 'k8ssec.yaml: people.usernames.templates[0]', problem: 'holds none of {email}, {login} and {local}' }]],
      ['a role twice', 'temporaryAccess: { roles: [{ name: edit, text: x }, { name: edit, text: y }] }', [{ name: 'temporaryAccess.roles[1].name', problem: 'is used twice' }]],
      ['a role for a cluster that is not watched', 'clusters: [{ name: dev }]\ntemporaryAccess: { roles: [{ name: edit, text: x, clusters: [prod] }] }', [{ name: 'temporaryAccess.roles[0].clusters', problem: 'names a cluster that is not watched' }]],
      ['a time that is too long', 'temporaryAccess: { roles: [{ name: edit, text: x, max: 2d }] }', [{ name: 'k8ssec.yaml: temporaryAccess.roles[0].max', problem: 'is no duration such as 30m or 4h, at most 24h' }]],
    ])('%s is a fault', (_, text, faults) => {
      expect(faultsOfFile(text)).toEqual(faults);
    });
  });

  describe('faults', () => {
    test('are told all at once, by name and never with the value', () => {
      const path = write(`timeZone: ${CANARY}\nclustrs: []\nroles: { viewer: ["${CANARY}"] }\n`);
      const env = { K8SSEC_CONFIG: path, K8SSEC_PORT: CANARY, K8SSEC_ROLE: CANARY, REDIS_URL: CANARY, SLACK_API_URL: CANARY, SLACK_APP_TOKEN: `xapp-${CANARY}`, K8SSEC_CHANEL: CANARY, K8SSEC_CHANNEL: CANARY };

      const faults = faultsOf(() => load(env));

      expect(faults.map(({ name }) => name.replace(`${path}: `, '')).toSorted()).toEqual(
        ['K8SSEC_CHANEL', 'K8SSEC_CHANNEL', 'K8SSEC_PORT', 'K8SSEC_ROLE', 'REDIS_URL', 'SLACK_API_URL', 'SLACK_APP_TOKEN', 'clustrs', 'roles.viewer[0]', 'timeZone'].toSorted(),
      );
      const message = new ConfigError(faults).message;
      expect(message).not.toContain(CANARY);
      expect(message.split('\n')).toHaveLength(faults.length + 1);
    });

    test.each([
      ['K8SSEC_CHANEL', 'is no option. Did you mean K8SSEC_CHANNEL?'],
      ['K8SSEC_ROL', 'is no option. Did you mean K8SSEC_ROLE?'],
      ['K8SSEC_SOMETHING_ELSE', 'is no option.'],
    ])('an unknown variable %s is one', (name, problem) => {
      expect(faultsOf(() => load({ [name]: 'x' }))).toEqual([{ name, problem }]);
    });

    test('what Kubernetes says about a Service called k8ssec is none', () => {
      const links = {
        K8SSEC_SERVICE_HOST: '10.0.0.1',
        K8SSEC_SERVICE_PORT: '8080',
        K8SSEC_SERVICE_PORT_HTTP: '8080',
        K8SSEC_PORT: 'tcp://10.0.0.1:8080',
        K8SSEC_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
        K8SSEC_PORT_8080_TCP_PROTO: 'tcp',
        K8SSEC_PORT_8080_TCP_PORT: '8080',
        K8SSEC_PORT_8080_TCP_ADDR: '10.0.0.1',
        K8SSEC_REDIS_SERVICE_HOST: '10.0.0.2',
        K8SSEC_REDIS_PORT: 'tcp://10.0.0.2:6379',
      };

      expect(load(links).http.port).toBe(8080);
    });

    test('variables of the tests and of others are none', () => {
      expect(faultsOf(() => load({ K8SSEC_TEST_ANYTHING: 'x', PATH: '/bin', K8S_SEC: 'x' }))).toEqual([]);
    });
  });

  describe('secrets', () => {
    test('may stand in a file', () => {
      const env = { SLACK_BOT_TOKEN_FILE: write('xoxb-1\n', 'bot'), SLACK_APP_TOKEN_FILE: write(' xapp-1 ', 'app'), REDIS_URL_FILE: write('redis://r:6379', 'redis') };

      const { slack, redisUrl } = load(env);

      expect(slack).toEqual({ mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'https://slack.com/api/', sockets: 2 });
      expect(redisUrl).toBe('redis://r:6379');
    });

    test('that are missing, empty or given twice are faults', () => {
      const env = { SLACK_BOT_TOKEN_FILE: '/nowhere/bot', SLACK_APP_TOKEN_FILE: write('\n', 'empty'), REDIS_URL_FILE: write('redis://r', 'redis'), REDIS_URL: 'redis://s' };

      expect(faultsOf(() => load(env))).toEqual([
        { name: 'SLACK_BOT_TOKEN_FILE', problem: 'names a file that cannot be read' },
        { name: 'SLACK_APP_TOKEN_FILE', problem: 'names an empty file' },
        { name: 'REDIS_URL_FILE', problem: 'is set, and so is REDIS_URL; keep one' },
      ]);
    });

    test('alone may: nothing else has a file', () => {
      expect(faultsOf(() => load({ K8SSEC_CHANNEL_FILE: write('C1', 'channel') }))).toHaveLength(1);
    });
  });

  describe('Slack', () => {
    test('is spoken to in Socket Mode with an app-level token, else in HTTP mode', () => {
      expect(load({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 's', K8SSEC_SOCKETS: '1' }).slack).toMatchObject({ mode: 'socket', sockets: 1 });
      expect(load({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', SLACK_API_URL: 'http://127.0.0.1:9/api' }).slack).toEqual({ mode: 'http', botToken: 'xoxb-1', signingSecret: 's', apiUrl: 'http://127.0.0.1:9/api/' });
    });

    test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
      ['a bot token alone', { SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_BOT_TOKEN']],
      ['no bot token', { SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 's' }, ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET']],
      ['tokens in each other’s place', { SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1' }, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    ])('is not understood with %s', (_name, env, names) => {
      expect(faultsOf(() => load(env)).map(({ name }) => name)).toEqual(names);
    });
  });

  describe('clusters', () => {
    test.each<[string, Readonly<Record<string, string>>, object]>([
      ['the demo, where nothing else is', {}, { from: 'demo' }],
      ['the one that the process runs in', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, { from: 'in-cluster' }],
      ['the current context, where a kubeconfig is named', { KUBECONFIG: '/k', KUBERNETES_SERVICE_HOST: '10.0.0.1' }, { from: 'current-context' }],
      ['the current context, with a real Slack', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, { from: 'current-context' }],
    ])('are %s', (_name, env, clusters) => {
      expect(load(env).clusters).toEqual(clusters);
    });

    test('may be listed in the file', () => {
      const { clusters } = withFile('clusters:\n  - { name: prod-eu, context: eks, production: true, channel: C0SECPROD1, schedule: "off", timeZone: Europe/Paris, kubeconfig: /k }\n  - { name: here, inCluster: true }\n');

      expect(clusters).toEqual({
        from: 'named',
        clusters: [
          { name: 'prod-eu', context: 'eks', production: true, channel: 'C0SECPROD1', schedule: 'off', timeZone: 'Europe/Paris', kubeconfig: '/k' },
          { name: 'here', inCluster: true, production: false },
        ],
      });
    });

    test('are not listed in two places', () => {
      expect(faultsOf(() => withFile('clusters: [{ name: a }]\n', { K8SSEC_CONTEXT: 'b' }))).toEqual([{ name: 'K8SSEC_CONTEXT', problem: 'is set, but the configuration file names the clusters' }]);
    });

    test.each([
      ['a name used twice', 'clusters: [{ name: a }, { name: b }, { name: a }]', [{ name: 'clusters[2].name', problem: 'is used twice' }]],
      ['two ways to one cluster', 'clusters: [{ name: a, context: b, inCluster: true }]', [{ name: 'clusters[0]', problem: 'has both context and inCluster; keep one' }]],
      ['a name with blanks', 'clusters: [{ name: "a b" }]', [{ name: 'k8ssec.yaml: clusters[0].name', problem: 'must not hold blanks or quotes' }]],
      ['an unknown key', 'clusters: [{ name: a, contxt: b }]', [{ name: 'k8ssec.yaml: clusters[0].contxt', problem: 'is no option. Did you mean context?' }]],
      ['no name', 'clusters: [{ context: a }]', [{ name: 'k8ssec.yaml: clusters[0].name', problem: 'must be string' }]],
      ['none', 'clusters: []', [{ name: 'k8ssec.yaml: clusters', problem: 'Too small: expected array to have >=1 items' }]],
    ])('are refused with %s', (_name, text, faults) => {
      expect(faultsOfFile(text)).toEqual(faults);
    });
  });

  describe('roles', () => {
    test('are read as grants, everywhere or for some clusters', () => {
      const { grants } = withFile('clusters: [{ name: a }]\nroles:\n  viewer: ["*"]\n  operator: [U0ANN00001, { who: S0OPS00001, clusters: [a] }]\n  admin: [{ who: W0BOSS0001 }]\n');

      expect(grants).toEqual([
        { role: 'viewer', who: '*', clusters: undefined },
        { role: 'operator', who: 'U0ANN00001', clusters: undefined },
        { role: 'operator', who: 'S0OPS00001', clusters: ['a'] },
        { role: 'admin', who: 'W0BOSS0001', clusters: undefined },
      ]);
    });

    test.each([
      ['an e-mail address', 'roles: { viewer: ["ann@example.com"] }', [{ name: 'k8ssec.yaml: roles.viewer[0]', problem: 'is no Slack user id (U…), user group id (S…) or `*`' }]],
      ['an unknown role', 'roles: { viewers: ["*"] }', [{ name: 'k8ssec.yaml: roles.viewers', problem: 'is no option. Did you mean viewer?' }]],
      ['an unknown key', 'roles: { viewer: [{ who: U1AA, cluster: [a] }] }', [{ name: 'k8ssec.yaml: roles.viewer[0].cluster', problem: 'is no option. Did you mean clusters?' }]],
      ['a cluster that nobody defined', 'clusters: [{ name: a }]\nroles: { viewer: ["*", { who: U1AA, clusters: [b] }] }', [{ name: 'roles.viewer[1].clusters', problem: 'names a cluster that is not watched' }]],
    ])('are refused with %s', (_name, text, faults) => {
      expect(faultsOfFile(text)).toEqual(faults);
    });
  });

  describe('digests', () => {
    test('take what they do not say from the settings for all', () => {
      const { digests } = withFile('timeZone: Europe/Paris\ndigestSchedule: "0 8 * * *"\nclusters: [{ name: a }]\ndigests:\n  - { channel: C0TEAM0001 }\n  - { name: weekly, channel: C0TEAM0001, schedule: "0 8 * * 1", timeZone: UTC, clusters: [a] }\n');

      expect(digests).toEqual([
        { name: 'c0team0001', channel: 'C0TEAM0001', schedule: '0 8 * * *', timeZone: 'Europe/Paris', clusters: undefined },
        { name: 'weekly', channel: 'C0TEAM0001', schedule: '0 8 * * 1', timeZone: 'UTC', clusters: ['a'] },
      ]);
    });

    test('may be none', () => {
      expect(withFile('channel: C0TEAM0001\ndigests: []\n').digests).toEqual([]);
    });

    test.each([
      ['a name used twice', 'digests: [{ name: a, channel: C0AA }, { name: a, channel: C0BB }]', [{ name: 'digests[1].name', problem: 'is used twice' }]],
      ['one channel twice without names', 'digests: [{ channel: C0AA }, { channel: C0AA }]', [{ name: 'digests[1].name', problem: 'is used twice' }]],
      ['a cluster that nobody defined', 'clusters: [{ name: a }]\ndigests: [{ channel: C0AA, clusters: [b] }]', [{ name: 'digests[0].clusters', problem: 'names a cluster that is not watched' }]],
      ['a name that cannot be part of an id', 'digests: [{ name: "a:b", channel: C0AA }]', [{ name: 'k8ssec.yaml: digests[0].name', problem: 'may hold only a-z, 0-9 and dashes, at most 40' }]],
    ])('are refused with %s', (_name, text, faults) => {
      expect(faultsOfFile(text)).toEqual(faults);
    });

    test('are compared with the clusters of the environment too', () => {
      expect(faultsOf(() => withFile('digests: [{ channel: C0AA, clusters: [b] }]', { K8SSEC_CONTEXT: 'a' }))).toEqual([{ name: 'digests[0].clusters', problem: 'names a cluster that is not watched' }]);
      expect(faultsOf(() => withFile('digests: [{ channel: C0AA, clusters: [a] }]', { K8SSEC_CONTEXT: 'a' }))).toEqual([]);
    });
  });

  describe('the file', () => {
    test('may be empty', () => {
      expect(withFile('')).toEqual(load());
      expect(withFile('# nothing yet\n')).toEqual(load());
    });

    test('tells the checks about the site', () => {
      const { checks, sharedChannels } = withFile('checks:\n  allowedRegistries: [ghcr.io/acme]\n  ciAccounts: [{ namespace: ci, name: deployer, ownNamespaces: [shop] }]\nslack: { sharedChannels: [C0SHARED01] }\n');

      expect(checks).toEqual({ allowedRegistries: ['ghcr.io/acme'], ciAccounts: [{ namespace: 'ci', name: 'deployer', ownNamespaces: ['shop'] }] });
      expect(sharedChannels).toEqual(['C0SHARED01']);
    });

    test.each([
      ['an unknown key', 'clustrs: []', [{ name: 'k8ssec.yaml: clustrs', problem: 'is no option. Did you mean clusters?' }]],
      ['an unknown key deep inside', 'checks: { ciAccounts: [{ namespace: a, nme: b }] }', [{ name: 'k8ssec.yaml: checks.ciAccounts[0].name', problem: 'must be string' }, { name: 'k8ssec.yaml: checks.ciAccounts[0].nme', problem: 'is no option. Did you mean name?' }]],
      ['a list in place of keys', '- a\n', [{ name: 'k8ssec.yaml', problem: 'must be object' }]],
      ['what is no YAML', 'a: b\n  c: d\nx: [', [{ name: 'k8ssec.yaml', problem: 'is not YAML at line 1' }, { name: 'k8ssec.yaml', problem: 'is not YAML at line 3' }]],
      ['a key twice', 'timeZone: UTC\ntimeZone: UTC\n', [{ name: 'k8ssec.yaml', problem: 'is not YAML at line 2' }]],
      ['an alias of nothing', 'timeZone: *zone\n', [{ name: 'k8ssec.yaml', problem: 'has aliases that cannot be followed' }]],
    ])('is refused with %s', (_name, text, faults) => {
      expect(faultsOfFile(text)).toEqual(faults);
    });

    test('cannot be made to fill the memory', () => {
      const levels = Array.from({ length: 12 }, (_, index) => `l${index + 1}: &l${index + 1} [${Array.from({ length: 10 }, () => `*l${index}`).join(', ')}]`);

      expect(faultsOfFile(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toEqual([{ name: 'k8ssec.yaml', problem: 'has aliases that cannot be followed' }]);
    });
  });

  describe('groups of ranges', () => {
    const groups = (text: string) => `clusters: [{ name: prod }]\nchannel: C0SECPROD1\nevents: [{ cluster: prod, hubble: { token: { env: TOKEN } } }]\nconnections: [{ cluster: prod, groups: ${text}, allow: [{ remote: bank, owner: dana, reason: our bank }] }]\n`;

    test('may stand in files', () => {
      write('203.0.113.0/28\n', 'bank.txt');

      const { connections, rangeFiles } = withFile(groups('{ bank: { file: bank.txt } }'));

      expect(connections[0]?.groups).toEqual(new Map([['bank', ['203.0.113.0/28']]]));
      expect(rangeFiles).toMatchObject([{ cluster: 'prod', group: 'bank', path: join(folder, 'bank.txt') }]);
    });

    test.each<[string, string, readonly ConfigFault[]]>([
      ['a file that is not there', '{ bank: { file: none.txt } }', [{ name: 'connections[0].groups.bank: none.txt', problem: 'is not there; paths begin at the folder of the configuration file' }]],
      ['a range that is none', '{ bank: [x] }', [{ name: 'k8ssec.yaml: connections[0].groups.bank[0]', problem: 'is no CIDR such as 10.244.0.0/16' }]],
      ['another key than a file', '{ bank: { fil: bank.txt } }', [{ name: 'k8ssec.yaml: connections[0].groups.bank.file', problem: 'must be string' }, { name: 'k8ssec.yaml: connections[0].groups.bank.fil', problem: 'is no option.' }]],
    ])('%s is a fault', (_name, text, faults) => {
      expect(faultsOfFile(groups(text))).toEqual(faults);
    });
  });

  describe('approvals', () => {
    test('are read with durations and days', () => {
      const { approvals, grants } = withFile(`
channel: C0SECURITY
approvals:
  kinds:
    temporary-access: { approvers: [S0ACCESS01, U0BO000001], approvals: 2, expiresAfter: 90m, escalateTo: [S0LEADS001] }
  delegates:
    - { from: U0BO000001, to: U0CY000001, since: 2026-12-01, until: 2026-12-24 }
roles:
  approver:
    - S0SECAPPR1
    - { who: U0EVE00001, clusters: [dev], namespaces: [shop], kinds: [temporary-access] }
clusters: [{ name: dev }]
`);

      expect(approvals).toEqual({
        channel: 'C0SECURITY',
        kinds: { 'temporary-access': { approvers: ['S0ACCESS01', 'U0BO000001'], approvals: 2, expiresAfterMs: 5_400_000, escalateTo: ['S0LEADS001'] } },
        delegates: [{ from: 'U0BO000001', to: 'U0CY000001', since: '2026-12-01', until: '2026-12-24' }],
      });
      expect(grants).toEqual([
        { role: 'approver', who: 'S0SECAPPR1', clusters: undefined },
        { role: 'approver', who: 'U0EVE00001', clusters: ['dev'], namespaces: ['shop'], kinds: ['temporary-access'] },
      ]);
    });

    test.each<[string, string, string, string]>([
      ['a kind that there is not', 'approvals: { kinds: { temporary-acess: {} } }', 'approvals.kinds.temporary-acess', 'Did you mean'],
      ['a kind of a grant that there is not', 'roles: { approver: [{ who: U0BO000001, kinds: [nonsense] }] }', 'roles.approver[0].kinds', 'names no kind of request'],
      ['a duration in other words', 'approvals: { kinds: { temporary-access: { expiresAfter: 8 hours } } }', 'k8ssec.yaml: approvals.kinds.temporary-access.expiresAfter', 'is no duration such as 30m, 8h or 3d, at most 30d'],
      ['a duration that is too long', 'approvals: { kinds: { temporary-access: { expiresAfter: 31d } } }', 'k8ssec.yaml: approvals.kinds.temporary-access.expiresAfter', 'is no duration such as 30m, 8h or 3d, at most 30d'],
      ['no approval at all', 'approvals: { kinds: { temporary-access: { approvals: 0 } } }', 'k8ssec.yaml: approvals.kinds.temporary-access.approvals', '>=1'],
      ['everybody as an approver of a kind', "approvals: { kinds: { temporary-access: { approvers: ['*'] } } }", 'k8ssec.yaml: approvals.kinds.temporary-access.approvers[0]', 'is no Slack user id (U…) or user group id (S…)'],
      ['a day that there is not', 'approvals: { delegates: [{ from: U0BO000001, to: U0CY000001, since: 2026-02-30, until: 2026-03-01 }] }', 'k8ssec.yaml: approvals.delegates[0].since', 'is no day such as 2026-12-01'],
      ['an end before the beginning', 'approvals: { delegates: [{ from: U0BO000001, to: U0CY000001, since: 2026-12-02, until: 2026-12-01 }] }', 'approvals.delegates[0]', 'ends before it begins'],
      ['a delegate of oneself', 'approvals: { delegates: [{ from: U0BO000001, to: U0BO000001, since: 2026-12-01, until: 2026-12-02 }] }', 'approvals.delegates[0]', 'names the same person twice'],
      ['a namespace of an operator', 'roles: { operator: [{ who: U0BO000001, namespaces: [shop] }] }', 'k8ssec.yaml: roles.operator[0].namespaces', 'is no option.'],
    ])('%s is a fault', (_name, text, name, problem) => {
      expect(faultsOfFile(text)).toEqual([{ name, problem: expect.stringContaining(problem) }]);
    });
  });
});
