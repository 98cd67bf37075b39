import { describe, expect, test } from '@jest/globals';
import type { Entry } from '#src/sandbox/slack/client/inputs.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, SILENCE, type ScriptedApp } from '../support/app.ts';
import { manifestOf } from '../support/manifest.ts';
import { actions, button, call, home, input, modal, plain, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const OPTIONS = { options: [option('a'), option('b')] };

/** A message with these elements in #sec-prod, as Ann sees it. */
async function show(slack: SlackSandbox, ...elements: readonly Json[]) {
  await post(slack, '#sec-prod', { text: 'Message', blocks: [actions(...elements)] });
  return slack.as('ann').sees('#sec-prod', () => true);
}

async function start(): Promise<{ slack: SlackSandbox; app: ScriptedApp }> {
  const slack = await startSlack();
  return { slack, app: await connectApp(slack) };
}

async function openModal({ slack, app }: { slack: SlackSandbox; app: ScriptedApp }, view: Json): Promise<void> {
  await slack.as('ann').command('/k8ssec open');
  await call(slack, 'views.open', { trigger_id: app.heard.at(-1)?.payload.trigger_id, view });
}

/** The element, what Ann enters, and what the app hears of it. */
const HEARD: readonly (readonly [element: Json, entry: Entry, action: Json])[] = [
  [{ type: 'static_select', ...OPTIONS }, 'b', { selected_option: option('b') }],
  [{ type: 'static_select', ...OPTIONS }, 'B', { selected_option: option('b') }],
  [{ type: 'static_select', option_groups: [{ label: plain('G'), options: [option('c')] }] }, 'c', { selected_option: option('c') }],
  [{ type: 'multi_static_select', ...OPTIONS }, ['a', 'B'], { selected_options: [option('a'), option('b')] }],
  [{ type: 'radio_buttons', ...OPTIONS }, 'a', { selected_option: option('a') }],
  [{ type: 'checkboxes', ...OPTIONS }, ['a'], { selected_options: [option('a')] }],
  [{ type: 'checkboxes', ...OPTIONS }, null, { selected_options: [] }],
  [{ type: 'overflow', ...OPTIONS }, 'b', { selected_option: option('b') }],
  [{ type: 'users_select' }, 'bo', { selected_user: expect.stringMatching(/^U/) }],
  [{ type: 'multi_users_select' }, ['bo', 'cy'], { selected_users: [expect.stringMatching(/^U/), expect.stringMatching(/^U/)] }],
  [{ type: 'conversations_select' }, '#sec-prod', { selected_conversation: expect.stringMatching(/^C/) }],
  [{ type: 'channels_select' }, '#sec-prod', { selected_channel: expect.stringMatching(/^C/) }],
  [{ type: 'datepicker' }, '2026-11-30', { selected_date: '2026-11-30' }],
  [{ type: 'timepicker', timezone: 'Europe/Paris' }, '09:30', { selected_time: '09:30', timezone: 'Europe/Paris' }],
  [{ type: 'datetimepicker' }, 1_800_000_000, { selected_date_time: 1_800_000_000 }],
];

const IMPOSSIBLE: readonly (readonly [element: Json, entry: Entry, error: string])[] = [
  [{ type: 'static_select', ...OPTIONS }, 'z', 'does not offer "z"'],
  [{ type: 'datepicker' }, 'tomorrow', 'nothing that can be picked'],
  [{ type: 'users_select' }, 'nobody', 'no person nobody'],
  [{ type: 'channels_select' }, '#nowhere', 'no channel #nowhere'],
];

describe('src/sandbox/slack/client/elements.ts', () => {
  test('a press reaches the app with the button, the message and a way to answer', async () => {
    const { slack, app } = await start();
    const message = await show(slack, button('Approve', { value: 'r1', style: 'primary' }));

    const { outcome } = await slack.as('ann').press(message, 'Approve');

    expect(outcome).toEqual({ ok: true });
    expect(app.heard).toMatchObject([
      {
        type: 'interactive',
        acceptsAnswer: false,
        payload: {
          type: 'block_actions',
          user: { id: workspaceOf(slack).userId('ann'), username: 'ann' },
          channel: { name: 'sec-prod' },
          container: { type: 'message', message_ts: message.ts, is_ephemeral: false },
          message: { ts: message.ts },
          actions: [{ type: 'button', action_id: 'approve', block_id: 'actions', value: 'r1', style: 'primary', text: plain('Approve') }],
          response_url: expect.stringMatching(/^http/),
          trigger_id: expect.stringMatching(/./),
        },
      },
    ]);
  });

  test('somebody of another workspace presses with that workspace', async () => {
    const { slack, app } = await start();
    await post(slack, '#partner-acme', { text: 'Message', blocks: [actions(button('Approve'))] });
    const xena = slack.as('xena');

    await xena.press(await xena.sees('#partner-acme', 'Approve'), 'Approve');

    const payload = app.heard[0]?.payload as { user: Json; team: Json };
    expect(payload.user.team_id).toBe(payload.team.id);
    expect(payload.team.domain).toBe('acme');
  });

  test('an ephemeral message is not sent along', async () => {
    const { slack, app } = await start();
    await call(slack, 'chat.postEphemeral', { channel: workspaceOf(slack).channelId('sec-prod'), user: workspaceOf(slack).userId('ann'), text: 'Only you', blocks: [actions(button('Approve'))] });
    const ann = slack.as('ann');

    await ann.press(await ann.sees('#sec-prod', 'Approve'), 'Approve');

    expect(app.heard[0]?.payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(app.heard[0]?.payload).not.toHaveProperty('message');
  });

  test('a press in a thread says so', async () => {
    const { slack, app } = await start();
    const parent = await post(slack, '#sec-prod');
    await post(slack, '#sec-prod', { text: 'Reply', thread_ts: parent, blocks: [actions(button('Approve'))] });
    const ann = slack.as('ann');
    const [first] = ann.messages('#sec-prod');
    const [reply] = first === undefined ? [] : ann.messages(first);

    if (reply !== undefined) await ann.press(reply, 'Approve');

    expect(app.heard[0]?.payload.container).toMatchObject({ thread_ts: parent });
  });

  test.each(HEARD)('using %j with %j is heard at once', async (element, entry, action) => {
    const { slack, app } = await start();
    const message = await show(slack, { action_id: 'it', ...element });

    await slack.as('ann').choose(message, 'it', entry);

    expect(app.heard[0]?.payload.actions).toMatchObject([{ type: element.type, action_id: 'it', ...action }]);
  });

  test.each(IMPOSSIBLE)('nobody can use %j with %j', async (element, entry, error) => {
    const { slack, app } = await start();
    const message = await show(slack, { action_id: 'it', ...element });

    await expect(slack.as('ann').choose(message, 'it', entry)).rejects.toThrow(error);
    expect(app.heard).toEqual([]);
  });

  test('what was picked before comes along as state', async () => {
    const { slack, app } = await start();
    const message = await show(slack, { type: 'static_select', action_id: 'menu', ...OPTIONS }, { type: 'datepicker', action_id: 'day', initial_date: '2026-11-24' }, button('Go'));
    await slack.as('ann').choose(message, 'menu', 'b');

    await slack.as('ann').press(message, 'Go');

    expect(app.heard[1]?.payload.state).toMatchObject({ values: { actions: { menu: { selected_option: option('b') }, day: { selected_date: '2026-11-24' } } } });
  });

  test('a press that is not acknowledged in three seconds fails for the person', async () => {
    const { slack, app } = await start();
    const message = await show(slack, button('Approve'));
    const told = new Promise((resolve) => {
      app.react = (heard) => {
        resolve(heard);
        return SILENCE;
      };
    });
    const pressed = slack.as('ann').press(message, 'Approve');
    await told;

    await slack.control.clock.advance(3000);

    expect((await pressed).outcome).toEqual({ ok: false, error: expect.stringContaining('operation_timeout') });
  });

  test('an app without interactivity hears of no press', async () => {
    const manifest = manifestOf();
    const slack = await startSlack({ manifest: { ...manifest, settings: { ...manifest.settings, interactivity: { is_enabled: false } } } });
    const message = await show(slack, button('Approve'));

    expect((await slack.as('ann').press(message, 'Approve')).outcome).toMatchObject({ ok: false });
  });

  test('nobody presses what they do not see, or what is gone', async () => {
    const { slack } = await start();
    const message = await show(slack, button('Approve'));

    await expect(slack.as('xena').press(message, 'Approve')).rejects.toThrow('xena does not see a message');
    await expect(slack.as('ann').press(message, 'Reject')).rejects.toThrow('Nothing here is called "Reject". There are: approve "Approve".');
    await call(slack, 'chat.update', { channel: message.channel, ts: message.ts, text: 'Decided' });
    await expect(slack.as('ann').press(message, 'Approve')).rejects.toThrow('There are: no elements');
  });

  test('an input waits for its submission, unless it dispatches', async () => {
    const both = await start();
    await openModal(both, modal(input('quiet', { type: 'static_select', ...OPTIONS }), input('loud', { type: 'static_select', ...OPTIONS }, { dispatch_action: true })));
    const before = both.app.heard.length;

    await both.slack.as('ann').choose('modal', 'quiet', 'a');
    await both.slack.as('ann').choose('modal', 'loud', 'b');

    expect(both.app.heard.slice(before).map(({ payload }) => payload)).toMatchObject([
      { type: 'block_actions', container: { type: 'view' }, actions: [{ action_id: 'loud' }], view: { state: { values: { quiet: { quiet: { selected_option: option('a') } }, loud: { loud: { selected_option: option('b') } } } } } },
    ]);
  });

  test.each<[config: Json, pressedEnter: boolean, heard: number]>([
    [{}, false, 0],
    [{}, true, 1],
    [{ dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } }, false, 1],
    [{ dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } }, true, 1],
  ])('a dispatching text with %j and Enter pressed %j is heard %i times', async (config, pressedEnter, heard) => {
    const both = await start();
    await openModal(both, modal(input('text', { type: 'plain_text_input', ...config }, { dispatch_action: true })));
    const before = both.app.heard.length;

    await both.slack.as('ann').choose('modal', 'text', 'abc', { pressedEnter });

    expect(both.app.heard.length - before).toBe(heard);
  });

  test('an element on the Home tab has no response URL', async () => {
    const { slack, app } = await start();
    await call(slack, 'views.publish', { user_id: workspaceOf(slack).userId('ann'), view: home(section('Home'), actions(button('Scan'))) });

    await slack.as('ann').press('home', 'Scan');

    expect(app.heard[0]?.payload).toMatchObject({ container: { type: 'view' }, view: { type: 'home' } });
    expect(app.heard[0]?.payload).not.toHaveProperty('response_url');
  });

  describe('external menus', () => {
    const MENU = { type: 'external_select', action_id: 'cluster', min_query_length: 1 };

    test.each<[what: string, answer: Json, texts: readonly string[]]>([
      ['options', { options: [option('prod')] }, ['PROD']],
      ['groups of options', { option_groups: [{ label: plain('EU'), options: [option('prod'), option('test')] }] }, ['PROD', 'TEST']],
      ['no options', { options: [] }, []],
    ])('offer %s that the app suggests', async (_what, answer, texts) => {
      const { slack, app } = await start();
      const message = await show(slack, MENU);
      app.react = ({ acceptsAnswer }) => (acceptsAnswer ? answer : undefined);

      expect(await slack.as('ann').suggestions(message, 'cluster', 'p')).toEqual(texts);
      expect(app.heard[0]?.payload).toMatchObject({ type: 'block_suggestion', action_id: 'cluster', block_id: 'actions', value: 'p', container: { type: 'message' } });
    });

    test('let a suggested option be picked, and no other', async () => {
      const { slack, app } = await start();
      const message = await show(slack, MENU);
      app.react = ({ acceptsAnswer }) => (acceptsAnswer ? { options: [option('prod')] } : undefined);
      await slack.as('ann').suggestions(message, 'cluster', 'p');

      await slack.as('ann').choose(message, 'cluster', 'PROD');

      expect(app.heard[1]?.payload.actions).toMatchObject([{ selected_option: option('prod') }]);
      await expect(slack.as('ann').choose(message, 'cluster', 'test')).rejects.toThrow('does not offer');
    });

    test.each<[what: string, answer: Json | undefined]>([
      ['nothing', undefined],
      ['more than 100 options', { options: Array.from({ length: 101 }, (_, index) => option(`o${index}`)) }],
      ['options without a text', { options: [{ value: 'a' }] }],
    ])('cannot be loaded when the app answers with %s', async (_what, answer) => {
      const { slack, app } = await start();
      const message = await show(slack, MENU);
      app.react = () => answer;

      await expect(slack.as('ann').suggestions(message, 'cluster', 'p')).rejects.toThrow('could not be loaded');
    });

    test('do not ask for fewer characters than they say', async () => {
      const { slack, app } = await start();
      const message = await show(slack, MENU);

      expect(await slack.as('ann').suggestions(message, 'cluster', '')).toEqual([]);
      expect(app.heard).toEqual([]);
    });
  });
});
