import { describe, expect, test } from '@jest/globals';
import { METHODS } from '#src/sandbox/slack/api/methods-table.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from '../support/manifest.ts';
import { call, request, startSlack } from '../support/slack.ts';

const TIERED = Object.entries(METHODS).flatMap(([method, info]) => ('perMinute' in info && method !== 'auth.revoke' ? [[method, info.perMinute] as const] : []));

const postTo = (slack: SlackSandbox, channel: string) => request(slack, 'chat.postMessage', { channel, text: 'Hello' });

describe('src/sandbox/slack/api/rate-limits.ts', () => {
  test.each(TIERED)('%s may be called %i times in a minute', async (method, perMinute) => {
    const slack = await startSlack({ rates: true, manifest: manifestOf({ withScopes: ['files:read'] }) });
    const token = METHODS[method as keyof typeof METHODS].token === 'app' ? slack.appToken : slack.botToken;

    const statuses = await Promise.all(Array.from({ length: perMinute + 1 }, async () => (await request(slack, method, {}, { token })).status));

    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  });

  test('says with status 429 after how many seconds to try again, and then takes it', async () => {
    const slack = await startSlack({ rates: true });
    slack.control.rates.postBurst = 1;
    await postTo(slack, '#sec-prod');

    const refused = await postTo(slack, '#sec-prod');
    await slack.control.clock.advance(Number(refused.headers.get('retry-after')) * 1000);

    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
    expect((await postTo(slack, '#sec-prod')).status).toBe(200);
  });

  test('takes one post per second per channel, after a short burst', async () => {
    const slack = await startSlack({ rates: true });
    const inOrder = async (count: number) => {
      const statuses = [];
      for (let index = 0; index < count; index += 1) statuses.push((await postTo(slack, '#sec-prod')).status);
      return statuses;
    };

    const burst = await inOrder(4);
    const steady = [];
    for (let second = 0; second < 10; second += 1) {
      await slack.control.clock.advance(1000);
      steady.push(...(await inOrder(1)));
    }

    expect(burst).toEqual([200, 200, 200, 429]);
    expect(steady.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8);
    expect((await postTo(slack, '#team-shop')).status).toBe(200);
  });

  test('limits the posts to all channels together', async () => {
    const slack = await startSlack({ rates: true });
    slack.control.rates.postsPerMinute = 2;

    const statuses = [];
    for (const channel of ['#sec-prod', '#team-shop', '#sec-private']) statuses.push((await postTo(slack, channel)).status);

    expect(statuses).toEqual([200, 200, 429]);
  });

  test('does not count what was refused', async () => {
    const slack = await startSlack({ rates: true });
    slack.control.rates.postBurst = 1;
    await postTo(slack, '#sec-prod');
    await slack.control.clock.advance(900);
    await postTo(slack, '#sec-prod');

    await slack.control.clock.advance(100);

    expect((await postTo(slack, '#sec-prod')).status).toBe(200);
  });

  test('holds off while it is disabled', async () => {
    const slack = await startSlack();
    const before = [];
    for (let index = 0; index < 10; index += 1) before.push((await postTo(slack, '#sec-prod')).status);

    slack.control.rates.enabled = true;

    expect(new Set(before)).toEqual(new Set([200]));
    expect(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello' })).toMatchObject({ ok: true });
  });
});
