import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { markingAgent } from '#src/model/self-test.ts';
import { keys } from '#src/store/keys.ts';
import { createPeopleStore } from '#src/store/people.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { aCertificate, type Keyed } from '#test/build/certificates.ts';
import { ask, logged, withRedis } from '#test/build/conversation.ts';
import { eventList, execEvent, sendEvents, sendEventsOverTls } from '#test/build/events.ts';
import { aNamespace, aPod } from '#test/build/objects.ts';
import { aPerson, aSnapshot } from '#test/build/people.ts';
import { until } from '#test/build/queue.ts';
import { binding } from '#test/build/rbac.ts';
import { withRealRedis } from '#test/build/redis.ts';

jest.setTimeout(60_000);

const TOKEN = 'k8ssec-canary-token-of-prod';
const FOLDER = mkdtempSync(join(tmpdir(), 'k8ssec-flow-events-'));
const HUBBLE_LOG = join(FOLDER, 'events.log');
const FILE = `
clusters:
  - { name: prod, production: true, channel: ${seededId('channel', CHANNEL)} }
  - { name: dev }
${ROLES}
people:
  sources:
    - { type: file, name: staff, path: /nowhere/staff.csv }
    - { type: slack }
  usernames: { prefix: 'oidc:' }
events:
  - cluster: prod
    audit: { token: { env: K8SSEC_TEST_AUDIT_TOKEN } }
    falco: { token: { env: K8SSEC_TEST_AUDIT_TOKEN } }
    hubble: { path: ${HUBBLE_LOG} }
    flows: { clientCertificate: { ca: { file: ${join(FOLDER, 'ca.crt')} }, names: ['CN=shipper'] } }
    calico: { clientCertificate: { ca: { file: ${join(FOLDER, 'late.crt')} } } }
    minSeverity: medium
`;
const BOB = aPerson('bob', { name: 'Bob Brown', state: 'departed', evidence: 'status: left', since: '2026-11-20T00:00:00.000Z' });
const CONTAINER = 'ab'.repeat(32);
const RUNNING = { ...aPod({ name: 'worker-0', namespace: 'shop' }), status: { containerStatuses: [{ name: 'main', containerID: `containerd://${CONTAINER}` }] } };
const OBJECTS = [aNamespace('shop'), RUNNING, binding('ops-bob', 'ClusterRole/cluster-admin', ['User/oidc:bob@corp.example'])];

describe('flow: events of clusters', () => {
  withRealRedis((redis) => {
    let bot: Bot;
    let app: RunningApp;
    let ca: Keyed;

    beforeAll(async () => {
      process.env.K8SSEC_TEST_AUDIT_TOKEN = TOKEN;
      ca = await aCertificate('senders', { isCa: true });
      const door = await aCertificate('door', { by: ca, dns: 'localhost' });
      await Promise.all([writeFile(join(FOLDER, 'ca.crt'), ca.cert), writeFile(join(FOLDER, 'tls.crt'), door.cert), writeFile(join(FOLDER, 'tls.key'), door.key)]);
      const env = { K8SSEC_EVENTS_PORT: '0', K8SSEC_EVENTS_CERT: join(FOLDER, 'tls.crt'), K8SSEC_EVENTS_KEY: join(FOLDER, 'tls.key') };
      bot = await startBot({ objects: OBJECTS, file: FILE, env, contexts: ['prod', 'dev'], redis, start: false });
      const at = bot.clock.now().toISOString();
      const bobInSlack = { ...BOB, id: seededId('user', 'bob'), state: 'active', evidence: 'in Slack' } as const;
      await withRedis(bot.redis.url, async (client) => {
        const store = createPeopleStore(client);
        await store.put(aSnapshot({ source: 'staff', type: 'file', authority: 'staff-file', people: [BOB], askedAt: at, whole: { at, count: 1 } }), undefined);
        await store.put(aSnapshot({ source: 'slack', type: 'slack', authority: 'chat', people: [bobInSlack], askedAt: at, whole: { at, count: 1 } }), undefined);
      });
      app = await bot.replica();
    });

    afterAll(async () => {
      delete process.env.K8SSEC_TEST_AUDIT_TOKEN;
      await bot.stop();
      await rm(FOLDER, { recursive: true });
    });

    const send = (body: unknown, { path = 'prod/audit', token = TOKEN, ...more }: { path?: string; token?: string; gzip?: true } = {}) => sendEvents(app.port, path, { body, token, ...more });
    const now = () => bot.clock.now().toISOString();
    const told = () => bot.slack.as('ann').messages(CHANNEL).filter(({ words }) => words.includes('What to do'));
    const statusSays = (text: string) => until(async () => (await ask(bot, 'status')).words.includes(text));

    test('a command in a pod is told with who, where, what and from where, and a repeat of the batch changes nothing', async () => {
      const batch = eventList(execEvent({ id: 'a-1', at: now() }));

      expect(await send(batch)).toMatchObject({ status: 200 });
      const message = await bot.slack.as('ann').sees(CHANNEL, /^HIGH: A command was run in a pod/);
      expect(message.words).toContain(`oidc:bob@corp.example\` · @${seededId('user', 'bob')}`);
      for (const part of ['Pod `shop/web-0`', 'cat /etc/passwd', '203.0.113.7', '`prod` · production', 'allowed', 'first time']) expect(message.words).toContain(part);

      expect(await send(batch, { gzip: true })).toMatchObject({ status: 200 });
      await send(eventList(execEvent({ id: 'a-2', at: now(), command: ['id'] })));
      const again = await bot.slack.as('ann').seesChange(message, /\(2 times\)/);
      expect(again.words).toContain('shop/web-0: id');
      expect(told()).toHaveLength(1);
    });

    test('status counts what came in, and what could not be read is no crash', async () => {
      await statusSays('prod audit: 2 events today, last ');
      expect((await ask(bot, 'status')).words).toContain('prod falco: 0 events today, nothing came in so far');

      expect((await send('{"kind": "EventLi')).status).toBe(200);
      expect((await send(eventList({ nonsense: true }, 7))).status).toBe(200);

      await statusSays('3 malformed');
      expect(logged(bot, 'warn').filter(({ msg }) => msg === 'events could not be read')).toHaveLength(1);
      expect(JSON.stringify(bot.log)).not.toContain(TOKEN);
    });

    test('a request that the bot makes for this comes back, and another cluster whose log comes in is told of', async () => {
      const marks = async (cluster: string) =>
        withRedis(bot.redis.url, async (client) => {
          const names = await client.keys(keys.selfTestMark('*'));
          const owners = await Promise.all(names.map((name) => client.get(name)));
          return names.filter((_, index) => owners[index] === cluster).map((name) => name.slice(keys.selfTestMark('').length));
        });
      const logs = (mark: string) => send(eventList({ ...execEvent({ id: `self-${mark}`, at: now() }), verb: 'create', userAgent: markingAgent(mark), requestURI: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', objectRef: { apiGroup: 'authorization.k8s.io', apiVersion: 'v1', resource: 'selfsubjectaccessreviews' } }));
      await until(async () => (await marks('prod')).length > 0);
      expect((await ask(bot, 'status')).words).not.toContain('own requests');

      await logs((await marks('prod'))[0] ?? '');
      await statusSays('the bot’s own requests come back');

      await until(async () => (await marks('dev')).length > 0);
      await logs((await marks('dev'))[0] ?? '');
      await statusSays('has requests that the bot made in dev');
    });

    test('users shows what was seen last', async () => {
      expect((await ask(bot, 'users prod')).words).toContain(`last activity: ${now().slice(0, 10)} (exec in shop)`);
      expect((await ask(bot, 'users dev')).words).toContain('last activity: not observed');
    });

    test('a feed whose CA is not there yet takes nothing and says so, and takes what comes once it is there', async () => {
      const shipper = await aCertificate('shipper', { by: ca });
      const sendToCalico = async () => (await sendEventsOverTls(app.eventsPort ?? 0, 'prod/calico', { ca: ca.cert, ...shipper })).status;
      expect(await sendToCalico()).toBe(503);
      expect((await ask(bot, 'status')).words).toContain(`prod calico: 0 events today, nothing came in so far, nobody can send: its secret is missing: the file ${join(FOLDER, 'late.crt')} is not there`);

      await writeFile(join(FOLDER, 'late.crt'), ca.cert);

      await until(async () => (await sendToCalico()) === 200);
      expect((await ask(bot, 'status')).words).not.toContain('nobody can send');
    });

    test.each([
      ['without a token', 'prod/audit', '', 401],
      ['with a wrong token', 'prod/audit', `${TOKEN}x`, 401],
      ['of a cluster that is not known', 'nowhere/audit', TOKEN, 401],
      ['of a cluster that sends nothing', 'dev/audit', TOKEN, 401],
      ['of another kind', 'prod/hubble', TOKEN, 401],
    ])('events %s are refused', async (_, path, token, status) => {
      expect((await send(eventList(), { path, token })).status).toBe(status);
    });

    test('a sender with a client certificate is let in over TLS, and not in the clear', async () => {
      const shipper = await aCertificate('shipper', { by: ca });
      const sendAs = async (own: object) => (await sendEventsOverTls(app.eventsPort ?? 0, 'prod/flows', { ca: ca.cert, ...own })).status;

      expect(await sendAs(shipper)).toBe(200);
      expect(await sendAs(await aCertificate('kubelet', { by: ca }))).toBe(401);
      expect(await sendAs({})).toBe(401);
      expect((await send([], { path: 'prod/flows' })).status).toBe(401);
      expect((await sendEventsOverTls(app.eventsPort ?? 0, 'prod/audit', { ca: ca.cert, headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    });

    test('an alert of Falco is told', async () => {
      const alert = { uuid: 'f-1', rule: 'Terminal shell in container', priority: 'Error', output: 'A shell <!channel>', time: now(), output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'web-0' } };

      expect((await send(alert, { path: 'prod/falco' })).status).toBe(200);
      await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Falco raised an alert') && words.includes('Terminal shell in container'));
    });

    test('an alert of Falco that names only a container is told of its pod', async () => {
      const alert = { uuid: 'f-2', rule: 'Drop and execute', priority: 'Error', output: 'A new program', time: now(), hostname: 'node-1', output_fields: { 'container.id': CONTAINER.slice(0, 12) } };

      expect((await send(alert, { path: 'prod/falco' })).status).toBe(200);
      await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Drop and execute') && words.includes('Pod `shop/worker-0`'));
    });

    test('what Hubble writes to a file is read across its rotation', async () => {
      const flow = (uuid: string, pod: string) => `${JSON.stringify({ flow: { uuid, time: now(), verdict: 'FORWARDED', IP: { source: '10.0.0.7', destination: '169.254.169.254' }, l4: { TCP: { destination_port: 80 } }, source: { namespace: 'shop', pod_name: pod }, destination: {}, is_reply: false }, node_name: 'worker-1' })}\n`;
      await writeFile(HUBBLE_LOG, flow('h-0', 'before'));
      await until(async () => (await withRedis(bot.redis.url, (client) => client.get(keys.eventCursor('prod:hubble')))) !== null);

      await appendFile(HUBBLE_LOG, flow('h-1', 'pod-one'));
      await rename(HUBBLE_LOG, join(FOLDER, 'events-2026-11-25T09-00-00.000.log'));
      await writeFile(HUBBLE_LOG, flow('h-2', 'pod-two'));

      for (const pod of ['pod-one', 'pod-two']) await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes(`shop/${pod}`));
      await statusSays('prod hubble: 2 events today, last ');
    });

    test('while Redis is away the sender is asked to come again, and what was kept before has one effect', async () => {
      const message = found(told(), /A command was run/);
      await bot.redis.kill();
      const refused = await send(eventList(execEvent({ id: 'a-3', at: now(), command: ['env'] })));
      expect(refused).toEqual({ status: 503, retryAfter: '2' });
      await bot.redis.restart();

      await until(async () => (await send(eventList(execEvent({ id: 'a-3', at: now(), command: ['env'] })))).status === 200);
      await bot.slack.as('ann').seesChange(message, /\(3 times\)/);
      expect(told().filter(({ words }) => words.includes('A command was run'))).toHaveLength(1);
    });

    test('what one process has told, another one does not tell again', async () => {
      const message = found(told(), /A command was run/);
      const repeated = execEvent({ id: 'a-9', at: now(), command: ['whoami'] });
      await send(eventList(repeated));
      await bot.slack.as('ann').seesChange(message, /\(4 times\)/);

      await app.stop();
      app = await bot.replica();
      await send(eventList(repeated, execEvent({ id: 'a-10', at: now(), command: ['last'], code: 403 })));

      const after = await bot.slack.as('ann').seesChange(message, /\(5 times\)/);
      expect(after.words).toContain('tried to run a command in shop/web-0: last · refused');
      // But for the CA that was missing at first.
      expect(logged(bot, 'error').filter(({ feed }) => feed !== 'calico')).toEqual([]);
    });
  });
});

function found(messages: readonly SeenMessage[], words: RegExp): SeenMessage {
  const message = messages.find((one) => words.test(one.words));
  if (message === undefined) throw new Error('it was not told');
  return message;
}
