import type { Logger, Receiver } from '@slack/bolt';
import { isUndecided } from '#src/model/request-standing.ts';
import type { SlackClients } from '#src/slack/clients.ts';
import { createSlackApp, type SlackIdentity } from '#src/slack/connect.ts';
import type { CachedDirectory } from '#src/slack/directory.ts';
import { createDispatch } from '#src/slack/dispatch.ts';
import { createButtons } from '#src/store/buttons.ts';
import { keys } from '#src/store/keys.ts';
import { createOnce } from '#src/store/once.ts';
import type { Config } from '#src/config/config.ts';
import { job as reviewPeople } from '#jobs/review-people.ts';
import { explainFailure } from './explain-failure.ts';
import { homeOf } from './home.ts';
import { createOpenHomes } from './open-homes.ts';
import type { Side } from './side.ts';

export interface ForegroundOptions {
  readonly identity: SlackIdentity;
  readonly botToken: string;
  readonly keepMs: Config['keepMs'];
  readonly clients: SlackClients;
  readonly directory: CachedDirectory;
  readonly logger: Logger;
  readonly receiver: Receiver;
  /** Name of the source of people that Slack is; absent when it is none. */
  readonly slackSource: string | undefined;
}

export interface Foreground {
  /** Hears nothing new, and answers what was heard. */
  readonly stop: () => Promise<void>;
  /** Frees what it still holds. */
  readonly close: () => Promise<void>;
}

/** The conversation: hears what people type and press, and answers. */
export async function startForeground(side: Side, options: ForegroundOptions): Promise<Foreground> {
  const { services, rows, queues, redis } = side;
  const { identity, botToken, keepMs, clients, directory, logger, receiver, slackSource } = options;
  const homes = createOpenHomes(async () => (await redis.get(keys.requestChanges())) ?? '', services.log);
  const app = await createSlackApp(receiver, botToken, identity, logger, {
    commands: services.commands,
    dispatch: createDispatch(services, explainFailure),
    once: createOnce(redis),
    buttons: createButtons(redis, keepMs),
    rows,
    wake: queues.wake,
    directory,
    interactive: clients.interactive,
    home: (caller) => homeOf(caller, services),
    keepHome: homes.show,
    onPersonChanged: async ({ event, person, isDeactivated }) => {
      if (slackSource === undefined) return;
      // It is sent at every change of a status, too. Whoever is back counts where something of theirs is about to be taken away.
      if (!isDeactivated && !(await isAtStake(person, services))) return;
      await queues.add({ job: reviewPeople, payload: { source: slackSource }, id: `review-people-${event}` });
    },
    log: services.log,
  });
  try {
    await app.start();
  } catch (error) {
    homes.stop();
    throw error;
  }
  return {
    async stop() {
      homes.stop();
      await app.stop();
    },
    close: queues.close,
  };
}

/** Somebody else has asked for something about this person that has not been begun. */
async function isAtStake(person: string, { approvals }: Side['services']): Promise<boolean> {
  const open = await approvals.open();
  return open.some((request) => (isUndecided(request) || request.state === 'approved') && request.requester.person !== person && request.targets.includes(person));
}
