import type { Message } from '#src/blocks/build.ts';
import type { Services } from '#src/model/services.ts';
import type { StoredButton } from '#src/model/slack-stores.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import type { SlackSandboxOptions } from '#src/sandbox/slack/assembly.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import type { ListenerDeps } from '#src/slack/answers.ts';
import { createClients } from '#src/slack/clients.ts';
import { createSlackApp, whoAmI } from '#src/slack/connect.ts';
import { createDispatch } from '#src/slack/dispatch.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { slackManifest } from '#src/slack/manifest.ts';
import { createSocketReceivers } from '#src/slack/receivers.ts';
import { commands } from '#commands/index.gen.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

export interface Asking {
  readonly slack: SlackSandbox;
  readonly log: KeptLog;
  /** Posts a message as the outbox would, with tokens in its buttons. */
  readonly post: (channel: string, message: Message) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** All commands over the Slack stand-in, with a world behind them that a test makes up. Everybody has every role. */
export async function startAsking(given: { readonly [Name in keyof Services]?: Partial<Services[Name]> }, options: Partial<SlackSandboxOptions> = {}): Promise<Asking> {
  const slack = await startSlackSandbox({ manifest: slackManifest({ mode: 'socket' }), ...options });
  const log = createKeptLog();
  const logger = sdkLogger(log);
  const clients = createClients(slack.botToken, slack.apiUrl, logger);
  const [issued, seen] = [new Map<string, StoredButton>(), new Set<string>()];
  const buttons = {
    issue(button: StoredButton) {
      const token = `token${String(issued.size).padStart(22, '0')}`;
      issued.set(token, button);
      return Promise.resolve(token);
    },
    resolve: (token: string) => Promise.resolve(issued.get(token)),
  };
  const once = {
    isFirst(id: string) {
      const isFirst = !seen.has(id);
      seen.add(id);
      return Promise.resolve(isFirst);
    },
  };
  const services = { commands, clock: createMovedClock(), log, zone: 'UTC', access: { may: () => Promise.resolve({ allowed: true }) }, ...given } as unknown as Services;
  const deps = { commands, dispatch: createDispatch(services, () => undefined), once, buttons, rows: { get: () => Promise.resolve(undefined) }, interactive: clients.interactive, log } as unknown as ListenerDeps;
  const receiver = createSocketReceivers({ appToken: slack.appToken, apiUrl: slack.apiUrl, count: 1, log, onRefused: () => undefined });
  const app = await createSlackApp(receiver, slack.botToken, await whoAmI(clients.interactive), logger, deps);
  await app.start();
  return {
    slack,
    log,
    async post(channel, message) {
      const { text, blocks } = await sealMessage(message, (action) => buttons.issue({ action }));
      await clients.bulk.chat.postMessage({ channel, text, blocks: [...blocks] });
    },
    async stop() {
      await app.stop();
      await slack.stop();
    },
  };
}
