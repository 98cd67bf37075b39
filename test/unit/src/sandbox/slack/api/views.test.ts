import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, type ScriptedApp } from '../support/app.ts';
import { manifestOf } from '../support/manifest.ts';
import { actions, button, call, errorOf, home, modal, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

/** The trigger of a command that Ann has just typed. */
async function trigger(slack: SlackSandbox, app: ScriptedApp): Promise<unknown> {
  await slack.as('ann').command('/k8ssec');
  return app.heard.at(-1)?.payload.trigger_id;
}

/** The trigger of a button that Ann has just pressed in her modal. */
async function triggerInModal(slack: SlackSandbox, app: ScriptedApp): Promise<unknown> {
  await slack.as('ann').press('modal', 'Next');
  return app.heard.at(-1)?.payload.trigger_id;
}

const NEXT = modal(actions(button('Next')));

async function start(): Promise<{ slack: SlackSandbox; app: ScriptedApp; open: (view?: Json) => Promise<Json> }> {
  const slack = await startSlack();
  const app = await connectApp(slack);
  return { slack, app, open: async (view = NEXT) => call(slack, 'views.open', { trigger_id: await trigger(slack, app), view }) };
}

const idOf = (answer: Json) => (answer.view as Json).id;
const hashOf = (answer: Json) => (answer.view as Json).hash;

describe('src/sandbox/slack/api/views.ts', () => {
  describe('views.open', () => {
    test('shows the modal to the person whose trigger it was', async () => {
      const { slack, open } = await start();

      const { view } = await open();

      expect(view).toMatchObject({ type: 'modal', hash: expect.stringMatching(/./), previous_view_id: null, state: { values: {} } });
      expect(slack.as('ann').modal()).toMatchObject({ title: 'Form', elements: ['Next'] });
      expect(slack.as('bo').modal()).toBeUndefined();
    });

    test('takes a trigger once', async () => {
      const { slack, app } = await start();
      const id = await trigger(slack, app);

      const first = await call(slack, 'views.open', { trigger_id: id, view: NEXT });
      const second = await call(slack, 'views.open', { trigger_id: id, view: NEXT });

      expect([errorOf(first), errorOf(second)]).toEqual(['ok', 'exchanged_trigger_id']);
    });

    test.each<[ms: number, error: string]>([
      [3000, 'ok'],
      [3001, 'expired_trigger_id'],
    ])('judges a trigger after %i ms', async (ms, error) => {
      const { slack, app } = await start();
      const id = await trigger(slack, app);

      await slack.control.clock.advance(ms);

      expect(errorOf(await call(slack, 'views.open', { trigger_id: id, view: NEXT }))).toBe(error);
    });

    test('leaves the trigger usable when the view is refused', async () => {
      const { slack, app } = await start();
      const id = await trigger(slack, app);

      const refused = await call(slack, 'views.open', { trigger_id: id, view: modal(section('')) });
      const taken = await call(slack, 'views.open', { trigger_id: id, view: NEXT });

      expect([errorOf(refused), errorOf(taken)]).toEqual(['invalid_arguments', 'ok']);
    });

    test('refuses an invented trigger, and a Home tab', async () => {
      const { slack, app } = await start();

      expect(errorOf(await call(slack, 'views.open', { trigger_id: '1.2.3', view: NEXT }))).toBe('invalid_trigger_id');
      expect(errorOf(await call(slack, 'views.open', { trigger_id: await trigger(slack, app), view: home(section('A')) }))).toBe('invalid_arguments');
    });
  });

  describe('views.push', () => {
    test('puts up to three modals on each other', async () => {
      const { slack, app, open } = await start();
      const first = await open();

      const answers = [];
      for (let index = 0; index < 3; index += 1) answers.push(await call(slack, 'views.push', { trigger_id: await triggerInModal(slack, app), view: NEXT }));

      expect(answers.map(errorOf)).toEqual(['ok', 'ok', 'push_limit_reached']);
      expect(answers[0]?.view).toMatchObject({ root_view_id: idOf(first), previous_view_id: idOf(first) });
    });

    test('takes only a trigger that was pulled in a modal', async () => {
      const { slack, app, open } = await start();
      await open();

      expect(errorOf(await call(slack, 'views.push', { trigger_id: await trigger(slack, app), view: NEXT }))).toBe('not_found');
    });
  });

  describe('views.update', () => {
    test('replaces the content and changes the hash', async () => {
      const { slack, open } = await start();
      const opened = await open();

      const updated = await call(slack, 'views.update', { view_id: idOf(opened), hash: hashOf(opened), view: modal(section('Done')) });

      expect(slack.as('ann').modal()?.words).toBe('Done');
      expect(hashOf(updated)).not.toBe(hashOf(opened));
    });

    test('refuses the hash of an older content', async () => {
      const { slack, open } = await start();
      const opened = await open();
      await call(slack, 'views.update', { view_id: idOf(opened), view: modal(section('Newer')) });

      const late = await call(slack, 'views.update', { view_id: idOf(opened), hash: hashOf(opened), view: modal(section('Older')) });

      expect(errorOf(late)).toBe('hash_conflict');
      expect(slack.as('ann').modal()?.words).toBe('Newer');
    });

    test('finds a view by its external id, which no other open view may have', async () => {
      const { slack, open } = await start();
      await open({ ...NEXT, external_id: 'one' });
      await call(slack, 'views.publish', { user_id: workspaceOf(slack).userId('bo'), view: { ...home(section('A')), external_id: 'two' } });

      const taken = await call(slack, 'views.update', { external_id: 'one', view: { ...NEXT, external_id: 'two' } });
      const own = await call(slack, 'views.update', { external_id: 'one', view: { ...modal(section('Found')), external_id: 'one' } });

      expect([errorOf(taken), errorOf(own)]).toEqual(['duplicate_external_id', 'ok']);
      expect(slack.as('ann').modal()?.words).toBe('Found');
    });

    test('does not find a view that was closed', async () => {
      const { slack, open } = await start();
      const opened = await open();
      await slack.as('ann').close();

      expect(errorOf(await call(slack, 'views.update', { view_id: idOf(opened), view: NEXT }))).toBe('not_found');
    });

    test.each<[what: string, args: Json]>([
      ['both kinds of id', { view_id: 'V1', external_id: 'one' }],
      ['no id', {}],
    ])('refuses %s', async (_what, args) => {
      const { slack } = await start();

      expect(errorOf(await call(slack, 'views.update', { ...args, view: NEXT }))).toBe('invalid_arguments');
    });
  });

  describe('views.publish', () => {
    const publish = (slack: SlackSandbox, handle: string, args: Json = {}) => call(slack, 'views.publish', { user_id: workspaceOf(slack).userId(handle), view: home(section('Home')), ...args });

    test('fills the Home tab of one person, and again', async () => {
      const { slack } = await start();

      const first = await publish(slack, 'ann');
      const second = await publish(slack, 'ann', { view: home(section('Again')), hash: hashOf(first) });

      expect(idOf(second)).toBe(idOf(first));
      expect(slack.as('ann').home()?.words).toBe('Again');
      expect(slack.as('bo').home()).toBeUndefined();
    });

    test('refuses an outdated hash, a modal, a bot and an unknown person', async () => {
      const { slack } = await start();
      const first = await publish(slack, 'ann');
      await publish(slack, 'ann');

      expect(errorOf(await publish(slack, 'ann', { hash: hashOf(first) }))).toBe('hash_conflict');
      expect(errorOf(await publish(slack, 'ann', { view: NEXT }))).toBe('invalid_arguments');
      expect(errorOf(await publish(slack, 'deploybot'))).toBe('invalid_arguments');
      expect(errorOf(await publish(slack, 'ann', { user_id: 'U0NOBODY' }))).toBe('invalid_arguments');
    });

    test('needs a Home tab in the manifest', async () => {
      const manifest = manifestOf();
      const slack = await startSlack({ manifest: { ...manifest, features: { ...manifest.features, app_home: { home_tab_enabled: false } } } });

      expect(errorOf(await publish(slack, 'ann'))).toBe('not_enabled');
    });
  });
});
