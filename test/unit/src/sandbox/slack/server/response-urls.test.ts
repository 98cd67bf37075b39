import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, respond, type Heard } from '../support/app.ts';
import { actions, button, call, one, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const BLOCKS = [section('Message'), actions(button('Approve'))];

/** Ann has typed a command. */
async function afterCommand(channel = '#sec-prod'): Promise<{ slack: SlackSandbox; heard: Heard }> {
  const slack = await startSlack();
  const app = await connectApp(slack);
  await slack.as('ann').command('/k8ssec go', channel);
  return { slack, heard: one(app.heard) };
}

/** Ann has pressed a button of a message, which is hers alone or everybody's. */
async function afterPress({ ephemeral = false } = {}): Promise<{ slack: SlackSandbox; heard: Heard }> {
  const slack = await startSlack();
  const app = await connectApp(slack);
  const ann = slack.as('ann');
  if (ephemeral) await call(slack, 'chat.postEphemeral', { channel: workspaceOf(slack).channelId('sec-prod'), user: ann.id, text: 'Message', blocks: BLOCKS });
  else await post(slack, '#sec-prod', { text: 'Message', blocks: BLOCKS });
  await ann.press(await ann.sees('#sec-prod', 'Message'), 'Approve');
  return { slack, heard: one(app.heard) };
}

const wordsOf = (slack: SlackSandbox, who: string, channel = '#sec-prod') => slack.as(who).messages(channel).map(({ words }) => words);

describe('src/sandbox/slack/server/addresses.ts', () => {
  test('an answer is for the person alone, unless it says otherwise', async () => {
    const { slack, heard } = await afterCommand();

    await respond(heard, { text: 'Private' });
    await respond(heard, { response_type: 'in_channel', text: 'Public' });

    expect(wordsOf(slack, 'ann')).toEqual(['Private', 'Public']);
    expect(wordsOf(slack, 'bo')).toEqual(['Public']);
  });

  test('an answer arrives where the app is not a member', async () => {
    const { slack, heard } = await afterCommand('#sec-dev');

    expect((await respond(heard, { text: 'Private' })).status).toBe(200);
    expect(wordsOf(slack, 'ann', '#sec-dev')).toEqual(['Private']);
  });

  test('five answers are taken, and no sixth', async () => {
    const { slack, heard } = await afterCommand();

    const answers = [];
    for (let index = 0; index < 6; index += 1) answers.push(await respond(heard, { text: `Answer ${index}` }));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await answers[0]?.text()).toBe('ok');
    expect(await answers[5]?.json()).toEqual({ ok: false, error: 'used_url' });
    expect(wordsOf(slack, 'ann')).toHaveLength(5);
  });

  test.each<[minutes: number, status: number]>([
    [30, 200],
    [31, 404],
  ])('after %i minutes an answer has status %i', async (minutes, status) => {
    const { slack, heard } = await afterCommand();

    await slack.control.clock.advance(minutes * 60_000);

    expect((await respond(heard, { text: 'Late' })).status).toBe(status);
  });

  test('an invented address is refused', async () => {
    const { heard } = await afterCommand();

    const response = await fetch(`${String(heard.payload.response_url)}0`, { method: 'POST', body: '{"text":"A"}' });

    expect([response.status, await response.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  test('what cannot be shown is refused and does not count', async () => {
    const { slack, heard } = await afterCommand();

    const refused = [await respond(heard, { text: '' }), await respond(heard, { text: 'A', blocks: [section('')] })];
    const taken = [];
    for (let index = 0; index < 5; index += 1) taken.push((await respond(heard, { text: 'A' })).status);

    expect(refused.map(({ status }) => status)).toEqual([400, 400]);
    expect(await Promise.all(refused.map((response) => response.json()))).toMatchObject([{ error: 'no_text' }, { error: 'invalid_blocks' }]);
    expect(new Set(taken)).toEqual(new Set([200]));
    expect(wordsOf(slack, 'ann')).toHaveLength(5);
  });

  test('of a command, only what it produced can be replaced or deleted', async () => {
    const { slack, heard } = await afterCommand();
    await post(slack, '#sec-prod', { text: 'Other' });

    await respond(heard, { replace_original: true, text: 'First' });
    await respond(heard, { replace_original: true, text: 'Second' });
    const replaced = wordsOf(slack, 'ann');
    await respond(heard, { delete_original: true });

    expect(replaced).toEqual(['Other', 'Second']);
    expect(wordsOf(slack, 'ann')).toEqual(['Other']);
  });

  test.each([false, true])('of a click, the message that was clicked can be replaced (ephemeral: %s)', async (ephemeral) => {
    const { slack, heard } = await afterPress({ ephemeral });

    await respond(heard, { replace_original: true, text: 'Decided' });

    expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ words: 'Decided', elements: [], isEphemeral: ephemeral, isEdited: true }]);
  });

  test.each([false, true])('of a click, the message that was clicked can be deleted (ephemeral: %s)', async (ephemeral) => {
    const { slack, heard } = await afterPress({ ephemeral });

    await respond(heard, { delete_original: true });

    expect(wordsOf(slack, 'ann')).toEqual([]);
  });

  test('an ephemeral message never becomes a normal one', async () => {
    const { slack, heard } = await afterPress({ ephemeral: true });

    await respond(heard, { replace_original: true, response_type: 'in_channel', text: 'Decided' });

    expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ words: 'Decided', isEphemeral: true }]);
    expect(wordsOf(slack, 'bo')).toEqual([]);
  });

  test('without replace_original the clicked message stays', async () => {
    const { slack, heard } = await afterPress();

    await respond(heard, { text: 'Thanks' });

    expect(wordsOf(slack, 'ann')).toEqual(['Message\n[Approve]', 'Thanks']);
    expect(wordsOf(slack, 'bo')).toEqual(['Message\n[Approve]']);
  });

  test('a message that is gone cannot be replaced', async () => {
    const { slack, heard } = await afterPress();
    const { container } = heard.payload as { container: Json };
    await call(slack, 'chat.delete', { channel: container.channel_id, ts: container.message_ts });

    const response = await respond(heard, { replace_original: true, text: 'Decided' });

    expect([response.status, await response.json()]).toMatchObject([400, { error: 'message_not_found' }]);
  });

  test('an answer stands in a thread when it names one', async () => {
    const { slack, heard } = await afterPress();
    const [message] = slack.as('ann').messages('#sec-prod');

    await respond(heard, { response_type: 'in_channel', thread_ts: message?.ts, text: 'Reply' });

    expect(message && slack.as('bo').messages(message).map(({ words }) => words)).toEqual(['Reply']);
  });

  test('a form with a payload is taken too', async () => {
    const { slack, heard } = await afterCommand();

    const response = await fetch(String(heard.payload.response_url), { method: 'POST', body: new URLSearchParams({ payload: '{"text":"Formed"}' }) });

    expect(response.status).toBe(200);
    expect(wordsOf(slack, 'ann')).toEqual(['Formed']);
  });
});
