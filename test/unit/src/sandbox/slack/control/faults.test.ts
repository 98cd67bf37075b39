import { describe, expect, test } from '@jest/globals';
import { rateLimited, type Fault } from '#src/sandbox/slack/control/faults.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, respond } from '../support/app.ts';
import { one, request, startSlack } from '../support/slack.ts';

const say = (slack: SlackSandbox) => request(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello' });
const seen = (slack: SlackSandbox) => slack.as('ann').messages('#sec-prod').length;

describe('src/sandbox/slack/control/faults.ts', () => {
  test('an answer comes late by the stand-in’s clock, after the work was done', async () => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', { kind: 'slow', ms: 5000 }, 1);
    let answered = false;
    const saying = say(slack).finally(() => void (answered = true));
    await slack.as('ann').sees('#sec-prod', 'Hello');

    await slack.control.clock.advance(4999);
    const early = answered;
    await slack.control.clock.advance(1);

    expect(early).toBe(false);
    expect((await saying).status).toBe(200);
  });

  test('a hanging call does nothing until it is released', async () => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', { kind: 'hang' });
    const saying = say(slack);
    await slack.control.clock.advance(60_000);
    const before = seen(slack);

    slack.control.faults.release();

    expect(before).toBe(0);
    expect((await saying).status).toBe(200);
    expect((await say(slack)).status).toBe(200);
  });

  test.each<[what: string, fault: Fault, messages: number]>([
    ['a lost answer leaves the work done', { kind: 'lose answer' }, 1],
    ['a dropped call leaves nothing done', { kind: 'drop' }, 0],
  ])('%s', async (_what, fault, messages) => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', fault, 1);

    await expect(say(slack)).rejects.toThrow('fetch failed');

    expect(seen(slack)).toBe(messages);
    expect(slack.requests('chat.postMessage')).toMatchObject([{ status: 0 }]);
  });

  test.each<[what: string, fault: Fault, status: number]>([
    ['status 503', { kind: 'answer', status: 503, body: 'down' }, 503],
    ['a rate limit', rateLimited(7), 429],
    ['HTML with status 200', { kind: 'answer', status: 200, body: '<html>' }, 200],
  ])('%s comes instead of the work', async (_what, fault, status) => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', fault, 1);

    const response = await say(slack);

    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '7' : null);
    expect(seen(slack)).toBe(0);
    expect((await (await say(slack)).json())).toMatchObject({ ok: true });
  });

  test('holds for so many calls of one method, in the order in which faults were set', async () => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', { kind: 'answer', status: 500, body: '' }, 2);
    slack.control.faults.set('*', { kind: 'answer', status: 503, body: '' }, 1);

    const statuses = [(await request(slack, 'auth.test')).status];
    for (let index = 0; index < 3; index += 1) statuses.push((await say(slack)).status);

    expect(statuses).toEqual([503, 500, 500, 200]);
  });

  test('can be cleared', async () => {
    const slack = await startSlack();
    slack.control.faults.set('chat.postMessage', { kind: 'answer', status: 500, body: '' });

    slack.control.faults.clear('chat.postMessage');

    expect((await say(slack)).status).toBe(200);
  });

  test('holds for response URLs as well', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    await slack.as('ann').command('/k8ssec go', '#sec-prod');
    slack.control.faults.set('response_url', { kind: 'answer', status: 500, body: '' }, 1);

    const first = await respond(one(app.heard), { text: 'A' });

    expect(first.status).toBe(500);
    expect((await respond(one(app.heard), { text: 'A' })).status).toBe(200);
  });
});
