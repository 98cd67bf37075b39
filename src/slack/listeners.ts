import type { App, BlockAction, ButtonAction as PressedButton, SlashCommand } from '@slack/bolt';
import type { Caller } from '#src/model/access.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import { answerOnce, type ListenerDeps } from './answers.ts';
import { handlePress } from './presses.ts';
import { homeView } from './views.ts';

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
    await answerOnce(`command/${command.trigger_id}`, command.response_url, deps, async () => ('answer' in understood ? understood.answer : deps.dispatch.run(understood.parsed, caller)));
  });
  app.action<BlockAction<PressedButton>>(/.*/, async ({ ack, body, action }) => {
    await isHeard(ack(), deps);
    await handlePress(body, action, deps);
  });
  registerEvents(app, deps);
  // Whatever no listener above knows is acknowledged all the same, so that nobody sees an error of Slack's.
  app.view(/.*/, async ({ ack }) => ack());
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack }) => ack());
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
  app.error((error) => {
    deps.log.error({ error }, 'a listener failed');
    return Promise.resolve();
  });
}

function registerEvents(app: App, { directory, home, interactive, buttons, once, log }: ListenerDeps): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home') return;
    const caller: Caller = { userId: event.user, name: event.user, teamId: context.teamId ?? '', channelId: '', via: 'home' };
    try {
      if (!(await once.isFirst(`event/${body.event_id}`))) return;
      const message = await sealMessage(await home(caller), (action) => buttons.issue({ action }));
      await interactive.views.publish({ user_id: event.user, view: homeView(message) });
    } catch (error) {
      log.warn({ user: event.user, error }, 'the Home tab of a person could not be shown');
    }
  });
  app.event('user_change', async ({ event }) => {
    directory.forgetPerson(event.user.id);
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
