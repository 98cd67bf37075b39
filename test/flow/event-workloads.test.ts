import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import type { RawObject } from '#src/model/raw.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { logged } from '#test/build/conversation.ts';
import { eventList, execEvent, sendEvents } from '#test/build/events.ts';
import { aNamespace, aPod } from '#test/build/objects.ts';

jest.setTimeout(60_000);

const TOKEN = 'k8ssec-canary-token-of-workloads';
const FILE = `
clusters:
  - { name: prod, production: true, channel: ${seededId('channel', CHANNEL)} }
${ROLES}
events:
  - cluster: prod
    audit: { token: { env: K8SSEC_TEST_WORKLOADS_TOKEN } }
`;
const HASH = '7d9f8c6b5';

function podOf(deployment: string, end: string): RawObject {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-${HASH}`, uid: `uid-of-${deployment}`, controller: true }];
  const pod = aPod({ name: `${deployment}-${HASH}-${end}`, namespace: 'shop' });
  return { ...pod, metadata: { name: `${deployment}-${HASH}-${end}`, namespace: 'shop', labels: { 'pod-template-hash': HASH }, ownerReferences } };
}

const [WEB_A, WEB_B, API_A] = [podOf('web', 'x2x4z'), podOf('web', 'k4m7z'), podOf('api', 'b5b6c')];
const OBJECTS = [aNamespace('shop'), WEB_A, WEB_B, API_A];

describe('flow: events are told of workloads', () => {
  let bot: Bot;
  let app: RunningApp;

  beforeAll(async () => {
    process.env.K8SSEC_TEST_WORKLOADS_TOKEN = TOKEN;
    bot = await startBot({ objects: OBJECTS, file: FILE, contexts: ['prod'], start: false });
    app = await bot.replica();
  });

  afterAll(async () => {
    delete process.env.K8SSEC_TEST_WORKLOADS_TOKEN;
    await bot.stop();
  });

  const exec = (id: string, deployment: string, end: string) => execEvent({ id, at: bot.clock.now().toISOString(), pod: `${deployment}-${HASH}-${end}` });
  const send = async (...events: readonly object[]) => expect(await sendEvents(app.port, 'prod/audit', { body: eventList(...events), token: TOKEN })).toMatchObject({ status: 200 });
  const about = (text: string) => bot.slack.as('ann').messages(CHANNEL).filter(({ words }) => words.includes('What to do') && words.includes(text));

  test('two pods of one Deployment are one message with a counter, each line naming its pod', async () => {
    await send(exec('w-1', 'web', 'x2x4z'));
    const message = await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Deployment `shop/web`, pod `web-7d9f8c6b5-x2x4z`'));
    expect(message.words).toContain('first time');

    await send(exec('w-2', 'web', 'k4m7z'));
    const both = await bot.slack.as('ann').seesChange(message, /\(2 times\)/);
    for (const part of ['Deployment `shop/web`', 'web-7d9f8c6b5-x2x4z', 'web-7d9f8c6b5-k4m7z']) expect(both.words).toContain(part);
    expect(both.words).not.toContain('Deployment `shop/web`, pod');
    expect(about('shop/web')).toHaveLength(1);
  });

  test('while the API server does not answer it is told all the same, by pod, and what comes again is told once', async () => {
    const repeated = exec('w-3', 'web', 'k4m7z');
    await send(repeated);
    await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Deployment `shop/web`') && words.includes('(3 times)'));
    await app.stop();
    const fault = bot.kube.faults.add({ resource: 'pods', verb: 'get' }, { kind: 'hang' });
    app = await bot.replica();
    const unplaced = exec('a-1', 'api', 'b5b6c');
    await send(repeated, unplaced);
    const byPod = await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Pod `shop/api-7d9f8c6b5-b5b6c`'));
    expect(fault.hits()).toBeGreaterThan(0);

    fault.remove();
    await app.stop();
    app = await bot.replica();
    await send(repeated, unplaced, exec('a-2', 'api', 'b5b6c'));
    await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('Deployment `shop/api`, pod `api-7d9f8c6b5-b5b6c`') && words.includes('seen before'));

    expect(about('shop/web')).toHaveLength(1);
    expect(about('shop/web')[0]?.words).toContain('(3 times)');
    expect(about('Pod `shop/api')).toHaveLength(1);
    expect(byPod.words).not.toContain('times)');
    expect(logged(bot, 'error')).toEqual([]);
  });
});
