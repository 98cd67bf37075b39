import { afterAll, beforeAll, expect } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { Person } from '#src/sandbox/slack/client/person.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, ROLES, startBot, type Bot } from './bot.ts';
import { ask } from './conversation.ts';
import { hubbleLine, sendEvents, type HubbleFlow } from './events.ts';
import { hurry, type HurryOptions } from './hurry.ts';
import { until } from './queue.ts';

const TOKEN = 'k8ssec-canary-token-of-flows';

export interface SeenFlow extends Omit<HubbleFlow, 'count' | 'at' | 'workload'> {
  /** `checkout` unless said otherwise. */
  readonly workload?: string;
  readonly agoMs?: number;
}

/** A bot that watches the connections of the cluster `dev`, of which Hubble tells, and asks about each. */
export interface Watched {
  readonly bot: () => Bot;
  readonly as: (handle: string) => Person;
  /** Runs it with these objects before the tests of the suite, and ends it behind them. `before` is done before it starts. */
  readonly runWith: (objects: readonly RawObject[], before?: (bot: Bot) => Promise<void>) => void;
  /** Ends the bot, does this, and starts it anew. */
  readonly restart: (meanwhile: () => void | Promise<void>) => Promise<void>;
  readonly send: (...seen: readonly SeenFlow[]) => Promise<void>;
  /** Has everything that is due done now, questions among it: whoever starts begins with that. */
  readonly catchUp: () => Promise<void>;
  /** The message that asks about a first connection, such as `shop/checkout → 203.0.113.9:443`. */
  readonly firstAsked: (connection: string, seen: SeenFlow) => Promise<SeenMessage>;
  /** Presses a button, is shown this in the form, and submits it with a reason. */
  readonly submits: (message: SeenMessage, button: string, form: RegExp, reason?: string, who?: string) => Promise<void>;
}

/** With these settings of its connections, as lines of YAML. */
export function watchedDev(settings: readonly string[], options: HurryOptions = {}): Watched {
  const file = [
    `clusters: [{ name: dev, channel: ${seededId('channel', CHANNEL)} }]`,
    ROLES,
    `events: [{ cluster: dev, hubble: { token: { env: K8SSEC_TEST_FLOW_TOKEN } } }]`,
    'connections:',
    ...['- cluster: dev', ...['learn: off', 'clusterRanges: [10.0.0.0/8]', ...settings].map((line) => `  ${line}`)].map((line) => `  ${line}`),
  ].join('\n');
  let [bot, app, count]: [Bot | undefined, RunningApp | undefined, number] = [undefined, undefined, 0];
  const running = (): Bot => {
    if (bot === undefined) throw new Error('the bot runs only within tests');
    return bot;
  };
  const as = (handle: string): Person => running().slack.as(handle);
  const lineOf = ({ workload = 'checkout', agoMs = 0, ...seen }: SeenFlow): string => hubbleLine({ count: (count += 1), at: new Date(running().clock.now().getTime() - agoMs), workload, ...seen });
  const watched: Watched = {
    bot: running,
    as,
    runWith(objects, before) {
      let endHurry: () => Promise<void>;
      beforeAll(async () => {
        process.env.K8SSEC_TEST_FLOW_TOKEN = TOKEN;
        bot = await startBot({ objects, file, contexts: ['dev'], start: false });
        await before?.(bot);
        app = await bot.replica();
        endHurry = hurry(bot, options);
      });
      afterAll(async () => {
        delete process.env.K8SSEC_TEST_FLOW_TOKEN;
        await endHurry();
        await running().stop();
      });
    },
    async restart(meanwhile) {
      await app?.stop();
      await meanwhile();
      app = await running().replica();
    },
    async send(...seen) {
      expect(await sendEvents(app?.port ?? 0, 'dev/hubble', { body: seen.map(lineOf).join('\n'), token: TOKEN })).toMatchObject({ status: 200 });
    },
    catchUp: async () => (await running().replica({ K8SSEC_ROLE: 'worker', K8SSEC_CONCURRENCY: '1' })).stop(),
    async firstAsked(connection, seen) {
      await watched.send({ agoMs: 60_000, ...seen });
      await until(async () => (await ask(running(), 'connections dev')).words.includes(connection));
      await watched.catchUp();
      return as('bo').sees(CHANNEL, ({ words }) => words.includes(`First connection ${seen.inboundPort === undefined ? 'from' : 'into'} dev ${connection}`));
    },
    async submits(message, button, form, reason = 'as it was agreed with the team', who = 'bo') {
      await as(who).press(message, button);
      await as(who).seesModal(form);
      await as(who).submit({ Reason: reason });
    },
  };
  return watched;
}
