import type { App, BlockAction, ButtonAction as PressedButton, SlashCommand } from '@slack/bolt';
import type { Message } from '#src/blocks/build.ts';
import type { Caller } from '#src/model/access.ts';
import type { Answer, Command } from '#src/model/command.ts';
import type { Log } from '#src/model/log.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { Buttons, Once } from '#src/model/slack-stores.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import type { SlackClients } from './clients.ts';
import type { CachedDirectory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';
import { handlePress } from './presses.ts';
import { respondPrivately } from './respond.ts';
import { homeView } from './views.ts';

export interface ListenerDeps {
  readonly commands: readonly Command[];
  readonly dispatch: Dispatch;
  readonly once: Once;
  readonly buttons: Buttons;
  readonly rows: Pick<MessageRows, 'get' | 'adopt'>;
  readonly wake: (channel: string) => Promise<void>;
  readonly directory: CachedDirectory;
  readonly interactive: SlackClients['interactive'];
  /** The Home tab of a person. */
  readonly home: (caller: Caller) => Promise<Message>;
  readonly log: Log;
}

/**
 * Registers everything that Slack may send. Each listener acknowledges before it awaits anything, and whatever it meets afterwards
 * ends in an answer to the person.
 */
export function registerListeners(app: App, deps: ListenerDeps): void {
  app.command(/.*/, async ({ command, ack }) => {
    const caller = callerOf(command);
    const understood = await deps.dispatch.understand(command.text, caller);
    if ('answer' in understood) {
      const { text, blocks } = understood.answer.message;
      return ack({ response_type: 'ephemeral', text, blocks: [...blocks] });
    }
    await ack();
    await answerOnce(`command/${command.trigger_id}`, command.response_url, deps, () => deps.dispatch.run(understood.parsed, caller));
  });
  app.action<BlockAction<PressedButton>>(/.*/, async ({ ack, body, action }) => {
    await ack();
    await handlePress(body, action, deps);
  });
  registerEvents(app, deps);
  // Whatever no listener above knows is acknowledged all the same, so that nobody sees an error of Slack's.
  app.view(/.*/, async ({ ack }) => ack());
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
  app.error((error) => {
    deps.log.error({ error }, 'a listener failed');
    return Promise.resolve();
  });
}

function registerEvents(app: App, { directory, home, interactive, buttons, log }: ListenerDeps): void {
  app.event('app_home_opened', async ({ event, context }) => {
    if (event.tab !== 'home') return;
    const caller: Caller = { userId: event.user, name: event.user, teamId: context.teamId ?? '', channelId: '', via: 'home' };
    try {
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

/** Runs it for the first of several deliveries only; a failure before that is known is answered too. */
export async function answerOnce(id: string, responseUrl: string, deps: ListenerDeps, run: () => Promise<Answer>): Promise<void> {
  const { once, buttons, dispatch, log } = deps;
  let answer: Message | undefined;
  try {
    if (await once.isFirst(id)) answer = await sealMessage((await run()).message, (action) => buttons.issue({ action }));
  } catch (error) {
    answer = dispatch.fail(error, id.split('/')[0] ?? id).message;
  }
  if (answer === undefined) return;
  await respondPrivately(responseUrl, answer).catch((error: unknown) => log.warn({ error }, 'an answer did not reach the person'));
}

function callerOf({ user_id: userId, user_name: name, team_id: teamId, channel_id: channelId }: SlashCommand): Caller {
  return { userId, name, teamId, channelId, via: 'command' };
}
