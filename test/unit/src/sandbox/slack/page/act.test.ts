import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, respond, SILENCE } from '../support/app.ts';
import { pageOf, postAction } from '../support/page.ts';
import { actions, button, call, home, input, modal, one, plain, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const inMessage = (slack: SlackSandbox, ts: string, isEphemeral = false) => ({ in: 'message', channel: workspaceOf(slack).channelId('sec-prod'), ts, isEphemeral }) as const;

describe('src/sandbox/slack/page/act.ts', () => {
  test('types a command, whose failure Slackbot tells as well', async () => {
    const slack = await startSlack();
    const page = pageOf(slack, 'ann');

    const answer = await page.act({ do: 'type', channel: workspaceOf(slack).channelId('sec-prod'), text: '/k8ssec go' });

    expect(answer).toEqual({ ok: false, error: '/k8ssec failed with the error "dispatch_failed"' });
    expect(await page.messages()).toMatchObject([{ author: 'USLACKBOT', isEphemeral: true }]);
  });

  test('types a message into a thread', async () => {
    const slack = await startSlack();
    const parent = await post(slack, '#sec-prod');

    await pageOf(slack, 'ann').act({ do: 'type', channel: workspaceOf(slack).channelId('sec-prod'), text: 'Reply', threadTs: parent });

    expect((await pageOf(slack, 'bo').messages()).at(-1)).toMatchObject({ text: 'Reply', threadTs: parent });
  });

  test('uses elements of messages, whose values are remembered', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const page = pageOf(slack, 'ann');
    const option = { text: plain('A'), value: 'a' };
    const ts = await post(slack, '#sec-prod', { text: 'M', blocks: [actions(button('Go', { value: 'v' }), { type: 'static_select', action_id: 'menu', options: [option] })] });

    const picked = await page.act({ do: 'use', place: inMessage(slack, ts), blockId: 'actions', actionId: 'menu', entry: 'a' });
    const pressed = await page.act({ do: 'use', place: inMessage(slack, ts), blockId: 'actions', actionId: 'go' });

    expect([picked, pressed]).toEqual([{ ok: true }, { ok: true }]);
    expect(app.heard.map(({ payload }) => (payload.actions as Json[])[0])).toMatchObject([{ selected_option: option }, { value: 'v' }]);
    expect((await page.messages())[0]?.values).toMatchObject({ actions: { menu: { selected_option: option } } });
    expect((await pageOf(slack, 'bo').messages())[0]?.values).toMatchObject({ actions: { menu: { selected_option: null } } });
  });

  test('goes through a modal: suggestions, entries, errors, submission', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const page = pageOf(slack, 'ann');
    await page.act({ do: 'type', channel: workspaceOf(slack).channelId('sec-prod'), text: '/k8ssec go' });
    await call(slack, 'views.open', { trigger_id: app.heard[0]?.payload.trigger_id, view: modal(input('reason', { type: 'plain_text_input' }), input('cluster', { type: 'external_select', min_query_length: 0 })) });
    const opened = one((await page.modals()).modals);
    const place = { in: 'view', viewId: opened.id } as const;
    const option = { text: plain('prod'), value: 'c1' };
    app.react = ({ payload }) => (payload.type === 'block_suggestion' ? { options: [option] } : undefined);

    const suggested = await page.act({ do: 'suggest', place, blockId: 'cluster', actionId: 'cluster', query: '' });
    await page.act({ do: 'use', place, blockId: 'cluster', actionId: 'cluster', entry: 'c1' });
    const early = await page.act({ do: 'submit', viewId: opened.id });
    const withErrors = one((await page.modals()).modals);
    await page.act({ do: 'use', place, blockId: 'reason', actionId: 'reason', entry: 'Because' });
    const submitted = await page.act({ do: 'submit', viewId: opened.id });

    expect(opened).toMatchObject({ content: { title: plain('Form') }, errors: {}, isBusy: false, values: { reason: { reason: { value: null } } } });
    expect(suggested).toEqual({ ok: true, options: [option] });
    expect(early.ok).toBe(false);
    expect(withErrors).toMatchObject({ errors: { reason: 'Please complete this required field.' }, values: { cluster: { cluster: { selected_option: option } } } });
    expect(submitted).toEqual({ ok: true });
    expect(await page.modals()).toEqual({ modals: [] });
  });

  test('shows that a submission is under way', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const page = pageOf(slack, 'ann');
    await page.act({ do: 'type', channel: workspaceOf(slack).channelId('sec-prod'), text: '/k8ssec go' });
    await call(slack, 'views.open', { trigger_id: app.heard[0]?.payload.trigger_id, view: modal(section('A')) });
    const { id } = one((await page.modals()).modals);
    const told = new Promise((resolve) => {
      app.react = (heard) => {
        resolve(heard);
        return SILENCE;
      };
    });
    const submitting = page.act({ do: 'submit', viewId: id });
    await told;

    const busy = one((await page.modals()).modals).isBusy;
    await slack.control.clock.advance(3000);

    expect(busy).toBe(true);
    expect(await submitting).toEqual({ ok: false, error: 'We had some trouble connecting. Try again?' });
    expect(one((await page.modals()).modals).isBusy).toBe(false);
    expect(await page.act({ do: 'close', viewId: id })).toEqual({ ok: true });
    expect(await page.modals()).toEqual({ modals: [] });
  });

  test('opens the Home tab, which is empty until the app fills it', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const page = pageOf(slack, 'ann');

    const answer = await page.act({ do: 'open-home' });
    await slack.quiet();
    const empty = await page.home();
    await call(slack, 'views.publish', { user_id: workspaceOf(slack).userId('ann'), view: home(section('Home')) });

    expect([answer, empty]).toEqual([{ ok: true }, {}]);
    expect(app.heard).toMatchObject([{ payload: { event: { type: 'app_home_opened' } } }]);
    expect(await page.home()).toMatchObject({ view: { content: { type: 'home', blocks: [{ type: 'section' }] } } });
  });

  test('starts shortcuts', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const ts = await post(slack, '#sec-prod');
    const page = pageOf(slack, 'ann');

    await page.act({ do: 'shortcut', callbackId: 'request-access' });
    await page.act({ do: 'message-shortcut', callbackId: 'explain', channel: workspaceOf(slack).channelId('sec-prod'), ts });

    expect(app.heard.map(({ payload }) => payload.type)).toEqual(['shortcut', 'message_action']);
  });

  test('takes an ephemeral message away, but no other', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const page = pageOf(slack, 'ann');
    const channel = workspaceOf(slack).channelId('sec-prod');
    const ts = await post(slack, channel);
    await page.act({ do: 'type', channel, text: '/k8ssec go' });
    await respond(one(app.heard), { text: 'Only you' });
    const ephemeral = (await page.messages()).find(({ isEphemeral }) => isEphemeral);

    const refused = await page.act({ do: 'dismiss', channel, ts });
    const dismissed = await page.act({ do: 'dismiss', channel, ts: ephemeral?.ts ?? '' });

    expect([refused.ok, dismissed.ok]).toEqual([false, true]);
    expect((await page.messages()).map((message) => message.ts)).toEqual([ts]);
  });

  test('brings the app into a channel, and a person into one that they may see', async () => {
    const slack = await startSlack();
    await connectApp(slack);
    const { channelId, userId } = workspaceOf(slack);

    const invited = await pageOf(slack, 'ann').act({ do: 'invite', channel: channelId('sec-dev'), user: userId('k8ssec') });
    const joined = await pageOf(slack, 'eli').act({ do: 'join', channel: channelId('team-shop') });
    const refused = await pageOf(slack, 'eli').act({ do: 'join', channel: channelId('leads') });

    expect([invited.ok, joined.ok, refused.ok]).toEqual([true, true, false]);
    expect((await pageOf(slack, 'eli').workspace()).channels).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'sec-dev', hasApp: true }), expect.objectContaining({ name: 'team-shop', isMember: true })]));
  });

  test.each<[what: string, action: unknown]>([
    ['an unknown action', { do: 'fly' }],
    ['no action', {}],
    ['a list', []],
    ['a missing field', { do: 'type', text: 'A' }],
    ['an unknown channel', { do: 'type', channel: 'C0NOWHERE', text: 'A' }],
    ['an unknown message', { do: 'use', place: { in: 'message', channel: 'sec-prod', ts: '1.1', isEphemeral: false }, blockId: 'a', actionId: 'a' }],
    ['an unknown modal', { do: 'submit', viewId: 'V0NONE' }],
    ['an unknown shortcut', { do: 'shortcut', callbackId: 'none' }],
  ])('refuses %s with status 400', async (_what, action) => {
    const slack = await startSlack();

    const response = await postAction(slack, workspaceOf(slack).userId('ann'), action);

    expect([response.status, await response.json()]).toEqual([400, { ok: false, error: expect.stringMatching(/\.$/) }]);
  });

  test('refuses somebody who cannot sign in', async () => {
    const slack = await startSlack();

    expect((await postAction(slack, workspaceOf(slack).userId('hal'), { do: 'open-home' })).status).toBe(400);
    expect((await postAction(slack, 'U0NOBODY', { do: 'open-home' })).status).toBe(400);
  });

  test('refuses another kind of content than JSON, as a page of another origin could send them', async () => {
    const slack = await startSlack();

    expect((await postAction(slack, workspaceOf(slack).userId('ann'), { do: 'open-home' }, 'text/plain')).status).toBe(415);
  });
});
