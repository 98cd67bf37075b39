import type { App, BlockAction, ButtonAction as PressedButton, GlobalShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { optionOf } from '#src/blocks/inputs.ts';
import type { Caller } from '#src/model/access.ts';
import type { Answer } from '#src/model/command.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import { answerOnce, type ListenerDeps } from './answers.ts';
import type { Understood } from './dispatch.ts';
import { faultsOf, handleSubmission, suggestionsFor } from './forms.ts';
import { isShortcut } from './manifest.ts';
import { answerInModal } from './modals.ts';
import { handlePress } from './presses.ts';
import { homeView, memoryOf, workingView } from './views.ts';

/**
 * Registers everything that Slack may send. Each listener acknowledges before it awaits anything, and whatever it meets afterwards
 * ends in an answer to the person, also when the connection that the acknowledgement needs has just been closed.
 */
export function registerListeners(app: App, deps: ListenerDeps): void {
  app.command(/.*/, async ({ command, ack }) => {
    const caller = callerOf(command);
    const understood = await deps.dispatch.understand(command.text, caller);
    if ('answer' in understood) {
      const { text, blocks } = understood.answer.message;
      if (await isHeard(ack({ response_type: 'ephemeral', text, blocks: [...blocks] }), deps)) return;
    } else {
      await isHeard(ack(), deps);
    }
    const { trigger_id: triggerId, response_url: responseUrl } = command;
    const id = `command/${triggerId}`;
    const run = runOf(understood);
    if ('run' in understood && understood.opensForm) await answerInModal({ id, triggerId, onModal: false, responseUrl, caller, run }, deps);
    else await answerOnce(id, responseUrl, deps, run);
  });
  app.action<BlockAction<PressedButton>>(/.*/, async ({ ack, body, action }) => {
    await isHeard(ack(), deps);
    await handlePress(body, action, deps);
  });
  registerForms(app, deps);
  registerEvents(app, deps);
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack }) => ack());
  app.error((error) => {
    deps.log.error({ error }, 'a listener failed');
    return Promise.resolve();
  });
}

/** What belongs to no form is acknowledged all the same, so that nobody sees an error of Slack's. */
function registerForms(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(/.*/, async ({ ack, body }) => {
    const { view } = body;
    const { channelId, token } = memoryOf(view);
    if (token === undefined) return ack();
    const errors = faultsOf(view, deps.commands);
    if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
    await isHeard(ack({ response_action: 'update', view: workingView(view.title.text, channelId) }), deps);
    await handleSubmission(body, deps);
  });
  app.shortcut<GlobalShortcut>(/.*/, async ({ shortcut, ack }) => {
    await isHeard(ack(), deps);
    if (isShortcut(shortcut.callback_id)) await handleShortcut(shortcut, deps);
  });
  app.options(/.*/, async ({ ack, options }) => {
    const { view, block_id: field, value } = options as { readonly view?: Parameters<typeof suggestionsFor>[0]; readonly block_id: string; readonly value: string };
    await ack({ options: suggestionsFor(view, field, value, deps).map(optionOf) });
  });
}

/** A shortcut is a command that is typed by a click. */
async function handleShortcut({ callback_id: text, trigger_id: triggerId, user, team }: GlobalShortcut, deps: ListenerDeps): Promise<void> {
  // Without a channel, what the person starts is told to them directly.
  const caller: Caller = { userId: user.id, name: user.username, teamId: team?.id ?? '', channelId: user.id, via: 'command' };
  const understood = await deps.dispatch.understand(text, caller);
  const run = runOf(understood);
  await answerInModal({ id: `shortcut/${triggerId}`, triggerId, onModal: false, responseUrl: undefined, caller, run }, deps);
}

function runOf(understood: Understood): () => Promise<Answer> {
  return 'run' in understood ? understood.run : () => Promise.resolve(understood.answer);
}

function registerEvents(app: App, { directory, home, keepHome, interactive, buttons, once, onPersonChanged, log }: ListenerDeps): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home') return;
    const caller: Caller = { userId: event.user, name: event.user, teamId: context.teamId ?? '', channelId: '', via: 'home' };
    try {
      if (!(await once.isFirst(`event/${body.event_id}`))) return;
      await keepHome(event.user, async () => {
        const message = await sealMessage(await home(caller), (action) => buttons.issue({ action }));
        await interactive.views.publish({ user_id: event.user, view: homeView(message) });
      });
    } catch (error) {
      log.warn({ user: event.user, error }, 'the Home tab of a person could not be shown');
    }
  });
  app.event('user_change', async ({ event, body }) => {
    directory.forgetPerson(event.user.id);
    const change = { event: body.event_id, person: event.user.id, isDeactivated: event.user.deleted };
    await onPersonChanged(change).catch((error: unknown) => log.warn({ user: event.user.id, error }, 'the review after a change of a person could not be queued; the daily one makes up for it'));
  });
  app.event('subteam_members_changed', async ({ event }) => {
    directory.forgetGroup(event.subteam_id);
  });
  app.event('channel_shared', async ({ event }) => {
    directory.forgetChannel(event.channel);
  });
}

/** Whether an acknowledgement got through. */
async function isHeard(acknowledgement: Promise<void>, { log }: ListenerDeps): Promise<boolean> {
  try {
    await acknowledgement;
    return true;
  } catch (error) {
    log.warn({ error }, 'Slack could not be told that something has arrived');
    return false;
  }
}

function callerOf({ user_id: userId, user_name: name, team_id: teamId, channel_id: channelId }: SlashCommand): Caller {
  return { userId, name, teamId, channelId, via: 'command' };
}
