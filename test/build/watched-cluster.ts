import { afterAll, beforeAll, expect } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, ROLES, startBot, type Bot } from './bot.ts';
import { ask } from './conversation.ts';
import { clusterObjects, type Plugin } from './enforcement.ts';
import { hubbleLine, sendEvents } from './events.ts';
import { hurry } from './hurry.ts';
import { until } from './queue.ts';

const TOKEN = 'k8ssec-canary-token-of-flows';
const FILE = `
clusters:
  - { name: dev, channel: ${seededId('channel', CHANNEL)} }
${ROLES}
events:
  - cluster: dev
    hubble: { token: { env: K8SSEC_TEST_FLOWS_TOKEN } }
connections:
  - cluster: dev
    learn: off
    clusterRanges: [10.0.0.0/8]
    mode: enforce
`;

/** A bot that watches the connections of one workload and may write policies, for all tests of a `describe`. */
export interface WatchedCluster {
  readonly bot: () => Bot;
  readonly as: (handle: string) => ReturnType<Bot['slack']['as']>;
  /** One connection of the workload, as a line of Hubble. */
  readonly flow: (address: string, how?: { readonly drop?: boolean; readonly agoMs?: number }) => string;
  readonly send: (...lines: readonly string[]) => Promise<void>;
  /** The message that asks about a first connection. */
  readonly firstAsked: (address: string, how?: { readonly drop?: boolean }) => ReturnType<ReturnType<Bot['slack']['as']>['sees']>;
  /** Has what is new asked about: whoever starts begins with that. */
  readonly askedNow: () => Promise<void>;
  /** Has the controller of the workload say so. */
  readonly available: (pods: number) => void;
  readonly policies: (apiVersion: string, kind: string) => readonly RawObject[];
  readonly stopApp: () => Promise<void>;
  readonly startApp: () => Promise<void>;
}

export function watchedCluster(plugin: Plugin): WatchedCluster {
  let bot: Bot;
  let app: RunningApp;
  let endHurry: () => Promise<void>;
  let count = 0;
  beforeAll(async () => {
    process.env.K8SSEC_TEST_FLOWS_TOKEN = TOKEN;
    bot = await startBot({ objects: clusterObjects(plugin), file: FILE, contexts: ['dev'], start: false });
    app = await bot.replica();
    endHurry = hurry(bot, { jobs: false });
  });
  afterAll(async () => {
    delete process.env.K8SSEC_TEST_FLOWS_TOKEN;
    await endHurry();
    await bot.stop();
  });

  const as = (handle: string) => bot.slack.as(handle);
  const flow: WatchedCluster['flow'] = (address, { drop = false, agoMs = 0 } = {}) => {
    count += 1;
    return hubbleLine({ count, at: new Date(bot.clock.now().getTime() - agoMs), workload: 'checkout', address, drop });
  };
  const send: WatchedCluster['send'] = async (...lines) => {
    expect(await sendEvents(app.port, 'dev/hubble', { body: lines.join('\n'), token: TOKEN })).toMatchObject({ status: 200 });
  };
  const askedNow = async () => (await bot.replica({ K8SSEC_ROLE: 'worker', K8SSEC_CONCURRENCY: '1' })).stop();
  return {
    bot: () => bot,
    as,
    flow,
    send,
    askedNow,
    async firstAsked(address, { drop = false } = {}) {
      await send(flow(address, { agoMs: 60_000, drop }));
      await until(async () => (await ask(bot, 'connections dev')).words.includes(`${address}:443`));
      await askedNow();
      return as('bo').sees(CHANNEL, new RegExp(`First connection from dev shop/checkout → ${address.replaceAll('.', '\\.')}:443`));
    },
    available(pods) {
      const workload = bot.kube.objects.list('apps/v1', 'Deployment', 'shop').find((one) => textAt(one, 'metadata', 'name') === 'checkout');
      bot.kube.objects.put({ ...workload, status: { availableReplicas: pods } });
    },
    policies: (apiVersion, kind) => bot.kube.objects.list(apiVersion, kind, 'shop'),
    stopApp: () => app.stop(),
    async startApp() {
      app = await bot.replica();
    },
  };
}
