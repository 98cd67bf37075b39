import { describe, expect, test } from '@jest/globals';
import type { Entry } from '#src/sandbox/slack/client/inputs.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, SILENCE, type ScriptedApp } from '../support/app.ts';
import { actions, button, call, home, input, modal, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const FORM = modal(input('reason', { type: 'plain_text_input', min_length: 3, max_length: 10 }), input('mail', { type: 'email_text_input' }, { optional: true }));

async function openForm(view: Json = FORM): Promise<{ slack: SlackSandbox; app: ScriptedApp }> {
  const slack = await startSlack();
  const app = await connectApp(slack);
  await slack.as('ann').command('/k8ssec open');
  const { ok, error } = await call(slack, 'views.open', { trigger_id: app.heard[0]?.payload.trigger_id, view });
  if (ok !== true) throw new Error(String(error));
  return { slack, app };
}

async function pushForm({ slack, app }: { slack: SlackSandbox; app: ScriptedApp }, view: Json): Promise<void> {
  await slack.as('ann').press('modal', 'Next');
  await call(slack, 'views.push', { trigger_id: app.heard.at(-1)?.payload.trigger_id, view });
}

const submissions = ({ heard }: ScriptedApp) => heard.filter(({ payload }) => payload.type === 'view_submission');
const closings = ({ heard }: ScriptedApp) => heard.filter(({ payload }) => payload.type === 'view_closed').map(({ payload }) => payload);

/** The element, an entry, and what stands below the input when it is submitted. */
const FAULTS: readonly (readonly [element: Json, entry: Entry, fault: string])[] = [
  [{ type: 'plain_text_input' }, '', 'Please complete this required field.'],
  [{ type: 'plain_text_input', min_length: 3 }, 'ab', 'Please enter at least 3 characters.'],
  [{ type: 'plain_text_input', max_length: 3 }, 'abcd', 'Please enter at most 3 characters.'],
  [{ type: 'email_text_input' }, 'ann', 'Please enter a valid email address.'],
  [{ type: 'url_text_input' }, 'corp', 'Please enter a valid URL.'],
  [{ type: 'number_input', is_decimal_allowed: false }, '1.5', 'Please enter a valid number.'],
  [{ type: 'number_input', is_decimal_allowed: false, min_value: '2' }, '1', 'Please enter a number of at least 2.'],
  [{ type: 'number_input', is_decimal_allowed: true, max_value: '2' }, '2.5', 'Please enter a number of at most 2.'],
  [{ type: 'users_select' }, null, 'Please complete this required field.'],
];

describe('src/sandbox/slack/client/modals.ts', () => {
  test('a submission carries what was entered', async () => {
    const { slack, app } = await openForm({ ...FORM, private_metadata: 'request-1' });

    const outcome = await slack.as('ann').submit({ reason: 'He left', mail: 'ann@corp.example' });

    expect(outcome).toEqual({ ok: true });
    expect(submissions(app)).toMatchObject([
      {
        acceptsAnswer: true,
        payload: {
          user: { username: 'ann' },
          view: { callback_id: 'form', private_metadata: 'request-1', state: { values: { reason: { reason: { type: 'plain_text_input', value: 'He left' } }, mail: { mail: { value: 'ann@corp.example' } } } } },
        },
      },
    ]);
    expect(slack.as('ann').modal()).toBeUndefined();
  });

  test.each(FAULTS)('an input %j with %j is not submitted', async (element, entry, fault) => {
    const { slack, app } = await openForm(modal(input('it', element)));

    const outcome = await slack.as('ann').submit({ it: entry });

    expect(outcome).toMatchObject({ ok: false });
    expect(slack.as('ann').modal()?.errors).toEqual({ it: fault });
    expect(submissions(app)).toEqual([]);
  });

  test('errors of the app stand below their inputs until something else is entered', async () => {
    const { slack, app } = await openForm();
    app.react = () => ({ response_action: 'errors', errors: { reason: 'Not good enough.' } });

    const outcome = await slack.as('ann').submit({ reason: 'He left' });
    const shown = slack.as('ann').modal()?.errors;
    await slack.as('ann').choose('modal', 'reason', 'Better');

    expect(outcome.ok).toBe(false);
    expect(shown).toEqual({ reason: 'Not good enough.' });
    expect(slack.as('ann').modal()).toMatchObject({ errors: {}, values: { reason: { reason: { value: 'Better' } } } });
  });

  test('an update replaces the content and keeps what was entered where ids are the same', async () => {
    const { slack, app } = await openForm();
    app.react = () => ({ response_action: 'update', view: modal(section('Checking…'), input('reason', { type: 'plain_text_input' })) });

    await slack.as('ann').submit({ reason: 'He left' });

    expect(slack.as('ann').modal()).toMatchObject({ words: expect.stringContaining('Checking…'), values: { reason: { reason: { value: 'He left' } } } });
  });

  test('a push puts a modal on top, and its submission uncovers the one below', async () => {
    const { slack, app } = await openForm();
    app.react = () => ({ response_action: 'push', view: modal(section('On top')) });
    await slack.as('ann').submit({ reason: 'He left' });
    const top = slack.as('ann').modal()?.words;

    app.react = () => undefined;
    await slack.as('ann').submit();

    expect(top).toBe('On top');
    expect(slack.as('ann').modal()?.words).toContain('reason');
  });

  test('a clear closes the whole stack', async () => {
    const both = await openForm(modal(actions(button('Next'))));
    await pushForm(both, modal(section('On top')));
    both.app.react = () => ({ response_action: 'clear' });

    await both.slack.as('ann').submit();

    expect(both.slack.as('ann').modal()).toBeUndefined();
  });

  test.each<[what: string, answer: unknown]>([
    ['errors for a block that is no input', { response_action: 'errors', errors: { nothing: 'Wrong.' } }],
    ['an unknown action', { response_action: 'close' }],
    ['a view that Slack refuses', { response_action: 'update', view: modal(section('')) }],
    ['a Home tab', { response_action: 'push', view: home(section('A')) }],
  ])('an answer with %s leaves the modal as it is', async (_what, answer) => {
    const { slack, app } = await openForm();
    app.react = () => answer;

    const outcome = await slack.as('ann').submit({ reason: 'He left' });

    expect(outcome).toEqual({ ok: false, error: 'We had some trouble connecting. Try again?' });
    expect(slack.as('ann').modal()).toMatchObject({ title: 'Form', errors: {} });
  });

  test('a fourth modal is not pushed', async () => {
    const both = await openForm(modal(actions(button('Next'))));
    for (let index = 0; index < 2; index += 1) await pushForm(both, modal(actions(button('Next'))));
    both.app.react = () => ({ response_action: 'push', view: modal(section('Too much')) });

    expect((await both.slack.as('ann').submit()).ok).toBe(false);
    expect(both.slack.as('ann').modal()?.words).toBe('[Next]');
  });

  test('a submission without an acknowledgement in three seconds can be tried again', async () => {
    const { slack, app } = await openForm();
    const told = new Promise((resolve) => {
      app.react = (heard) => {
        resolve(heard);
        return SILENCE;
      };
    });
    const submitted = slack.as('ann').submit({ reason: 'He left' });
    await told;
    const twice = await slack.as('ann').submit();

    await slack.control.clock.advance(3000);
    app.react = () => undefined;

    expect(twice).toEqual({ ok: false, error: 'The form is being submitted already.' });
    expect((await submitted).ok).toBe(false);
    expect(await slack.as('ann').submit()).toEqual({ ok: true });
  });

  test('closing tells the app where it asked for it', async () => {
    const { slack, app } = await openForm({ ...FORM, notify_on_close: true });

    await slack.as('ann').close();

    expect(closings(app)).toMatchObject([{ is_cleared: false, view: { callback_id: 'form' } }]);
    expect(slack.as('ann').modal()).toBeUndefined();
  });

  test('closing a modal on top uncovers the one below, and closing all leaves none', async () => {
    const both = await openForm({ ...modal(actions(button('Next'))), notify_on_close: true });
    const ann = both.slack.as('ann');
    await pushForm(both, modal(section('On top')));
    await ann.close();
    const below = ann.modal()?.words;
    await pushForm(both, { ...modal(section('On top')), notify_on_close: true });

    await ann.close({ all: true });

    expect(below).toBe('[Next]');
    expect(ann.modal()).toBeUndefined();
    expect(closings(both.app)).toMatchObject([{ is_cleared: true }, { is_cleared: true }]);
  });

  test('a modal that clears on close takes those below with it', async () => {
    const both = await openForm(modal(actions(button('Next'))));
    await pushForm(both, { ...modal(section('On top')), clear_on_close: true });

    await both.slack.as('ann').close();

    expect(both.slack.as('ann').modal()).toBeUndefined();
  });

  test('opening the Home tab is told with what it showed before', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const ann = slack.as('ann');

    ann.openHome();
    await slack.delivery(() => slack.deliveries().length === 1);
    await call(slack, 'views.publish', { user_id: ann.id, view: home(section('Home')) });
    ann.openHome();
    await slack.delivery(() => slack.deliveries().length === 2);

    const events = app.heard.map(({ payload }) => payload.event as Json);
    expect(events).toMatchObject([{ type: 'app_home_opened', user: ann.id, tab: 'home', channel: expect.stringMatching(/^D/) }, { view: { type: 'home' } }]);
    expect(events[0]).not.toHaveProperty('view');
  });

  test('people of another workspace have no Home tab of the app', async () => {
    const slack = await startSlack();

    expect(slack.as('xena').openHome()).toMatchObject({ ok: false });
  });

  test('shortcuts reach the app with a trigger, those for messages with the message', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const ts = await post(slack, '#sec-prod');
    const ann = slack.as('ann');

    await ann.shortcut('request-access');
    await ann.shortcut('explain', await ann.sees('#sec-prod', 'Hello'));

    expect(app.heard.map(({ payload }) => payload)).toMatchObject([
      { type: 'shortcut', callback_id: 'request-access', trigger_id: expect.stringMatching(/./) },
      { type: 'message_action', callback_id: 'explain', message: { ts }, channel: { id: workspaceOf(slack).channelId('sec-prod') }, response_url: expect.stringMatching(/^http/) },
    ]);
    await expect(ann.shortcut('unknown')).rejects.toThrow('no global shortcut unknown');
  });
});
