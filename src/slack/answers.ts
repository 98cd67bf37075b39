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
import { respondPrivately } from './respond.ts';

export interface PersonChange {
  readonly event: string;
  readonly person: string;
  readonly isDeactivated: boolean;
}

/** What listening to people takes. */
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
  /** Publishes a Home tab, and again whenever it would be another one. */
  readonly keepHome: (person: string, publish: () => Promise<void>) => Promise<void>;
  /** Something about somebody in the workspace has changed; `event` is the same for repeats of the same news. */
  readonly onPersonChanged: (change: PersonChange) => Promise<void>;
  readonly log: Log;
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
