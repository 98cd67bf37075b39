import { describe, expect, test } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import bolt, { type App, type BlockAction, type ButtonAction } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { createSocketReceivers } from '#src/slack/receivers.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from './support/manifest.ts';
import { afterTest } from './support/slack.ts';

const BLOCKS: KnownBlock[] = [
  { type: 'section', text: { type: 'mrkdwn', text: 'Remove *hal*?' } },
  { type: 'actions', elements: [{ type: 'button', action_id: 'decide', value: 'request-1', text: { type: 'plain_text', text: 'Decide' } }] },
];

const MODAL: ModalView = {
  type: 'modal',
  callback_id: 'decision',
  title: { type: 'plain_text', text: 'Decision' },
  submit: { type: 'plain_text', text: 'Send' },
  private_metadata: 'request-1',
  blocks: [
    { type: 'input', block_id: 'reason', label: { type: 'plain_text', text: 'Reason' }, element: { type: 'plain_text_input', action_id: 'reason' } },
    { type: 'input', block_id: 'cluster', label: { type: 'plain_text', text: 'Cluster' }, optional: true, element: { type: 'external_select', action_id: 'cluster', min_query_length: 0 } },
  ],
};

const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, getLevel: () => bolt.LogLevel.ERROR, setName: nothing };

function nothing(): void {
  return undefined;
}

/** The listeners of a small real app. */
function registerListeners(app: App): void {
  app.command('/k8ssec', async ({ command, ack, respond }) => {
    if (command.text === 'help') return ack('This is the help.');
    await ack();
    await respond({ response_type: 'ephemeral', text: `You asked for ${command.text}.` });
  });
  app.action<BlockAction<ButtonAction>>('decide', async ({ ack, body, client, respond, action }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: MODAL });
    await respond({ replace_original: true, text: `${action.value ?? ''} is being decided.` });
  });
  app.options('cluster', async ({ ack }) => {
    await ack({ options: [{ text: { type: 'plain_text', text: 'prod' }, value: 'cluster-1' }] });
  });
  app.view('decision', async ({ ack, view, client, body }) => {
    const reason = view.state.values.reason?.reason?.value ?? '';
    if (reason.length < 5) return ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: `Decided: ${reason} (${view.state.values.cluster?.cluster?.selected_option?.value ?? 'no cluster'})` });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: BLOCKS } });
  });
}

async function startInSocketMode(): Promise<{ slack: SlackSandbox; app: App }> {
  const slack = await startSlackSandbox({ manifest: manifestOf() });
  afterTest(() => slack.stop());
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new bolt.SocketModeReceiver({ appToken: slack.appToken, logger: SILENT, autoReconnectEnabled: false, installerOptions: { clientOptions } });
  const app = new bolt.App({ token: slack.botToken, receiver, clientOptions, logger: SILENT });
  registerListeners(app);
  await app.start();
  afterTest(async () => {
    await app.stop();
  });
  await slack.connected();
  return { slack, app };
}

async function startInHttpMode(): Promise<{ slack: SlackSandbox; app: App }> {
  const slack = await startSlackSandbox({ manifest: manifestOf(), mode: 'http' });
  afterTest(() => slack.stop());
  const receiver = new bolt.HTTPReceiver({ signingSecret: slack.signingSecret, logger: SILENT, endpoints: ['/slack'] });
  const app = new bolt.App({ token: slack.botToken, receiver, clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }, logger: SILENT });
  registerListeners(app);
  const server = await receiver.start(0);
  afterTest(async () => {
    await receiver.stop();
  });
  slack.control.http().useRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`);
  return { slack, app };
}

describe.each([
  ['Socket Mode', startInSocketMode],
  ['HTTP mode', startInHttpMode],
])('src/sandbox/slack with Bolt in %s', (_mode, start) => {
  test('a command is answered in its acknowledgement', async () => {
    const { slack } = await start();

    const run = await slack.as('ann').command('/k8ssec help', '#sec-prod');

    expect(run.outcome).toEqual({ ok: true });
    expect(run.answers()).toMatchObject([{ words: 'This is the help.', isEphemeral: true }]);
  });

  test('a command is answered through its response URL', async () => {
    const { slack } = await start();

    const run = await slack.as('ann').command('/k8ssec scan prod', '#sec-prod');

    expect(await run.answer()).toMatchObject({ words: 'You asked for scan prod.', isEphemeral: true });
    expect(slack.as('bo').messages('#sec-prod')).toEqual([]);
  });

  test('a button opens a modal whose submission is answered', async () => {
    const { slack, app } = await start();
    const ann = slack.as('ann');
    await app.client.chat.postMessage({ channel: '#sec-prod', text: 'Remove hal?', blocks: BLOCKS });
    const message = await ann.sees('#sec-prod', 'Remove *hal*?');

    await ann.press(message, 'Decide');
    await ann.seesModal('Reason');
    await ann.seesChange(message, 'request-1 is being decided.');
    const suggested = await ann.suggestions('modal', 'Cluster', 'pr');
    const short = await ann.submit({ Reason: 'no', Cluster: 'prod' });
    const errors = ann.modal()?.errors;
    const accepted = await ann.submit({ Reason: 'He left.' });

    expect(suggested).toEqual(['prod']);
    expect([short.ok, accepted.ok]).toEqual([false, true]);
    expect(errors).toEqual({ reason: 'Say more.' });
    expect(await ann.sees('dm', 'Decided')).toMatchObject({ words: 'Decided: He left. (cluster-1)' });
    expect(ann.modal()).toBeUndefined();
  });

  test('the Home tab is filled when it is opened', async () => {
    const { slack } = await start();
    const ann = slack.as('ann');

    ann.openHome();

    expect(await ann.seesHome()).toMatchObject({ elements: ['Decide'] });
  });

  test('the SDK uploads a file into a channel', async () => {
    const { slack, app } = await start();

    await app.client.filesUploadV2({ channel_id: slack.control.workspace.channelId('sec-prod'), filename: 'findings.csv', title: 'Findings', content: 'é;1' });

    const message = await slack.as('ann').sees('#sec-prod', ({ files }) => files.length > 0);
    expect(message.files).toEqual([{ name: 'findings.csv', title: 'Findings', content: 'é;1' }]);
  });

  test('the SDK recognizes refusals and rates', async () => {
    const { slack, app } = await start();
    const limited = new bolt.webApi.WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: SILENT });
    slack.control.rates.postBurst = 1;
    await limited.chat.postMessage({ channel: '#sec-prod', text: 'A' });

    await expect(app.client.chat.postMessage({ channel: '#sec-dev', text: 'A' })).rejects.toMatchObject({ data: { error: 'not_in_channel' } });
    await expect(limited.chat.postMessage({ channel: '#sec-prod', text: 'B' })).rejects.toMatchObject({ retryAfter: 1 });
  });
});

describe('src/sandbox/slack with Bolt', () => {
  test('a command that Bolt does not know times out in HTTP mode', async () => {
    const { slack } = await startInHttpMode();
    const typed = slack.as('ann').command('/raw text', '#sec-prod');

    const run = await typed;

    expect(run.outcome).toMatchObject({ ok: false });
    expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ author: 'slackbot', isEphemeral: true, words: '/raw failed with the error "operation_timeout"' }]);
  });

  test('Bolt’s receiver proves its address', async () => {
    const { slack } = await startInHttpMode();

    expect(await slack.control.http().verify()).toBe(true);
  });

  test('Bolt refuses what is not rightly signed', async () => {
    const { slack } = await startInHttpMode();
    const { compose, sendRaw } = slack.control.http();
    const { body, headers } = compose({ type: 'slash_commands', payload: { command: '/k8ssec', text: 'help' }, acceptsAnswer: true });

    const statuses = [];
    for (const spoiled of [headers, { ...headers, 'x-slack-signature': 'v0=00' }]) statuses.push((await sendRaw(body, spoiled)).status);

    expect(statuses).toEqual([200, 401]);
  });

  describe('and the bot’s own receivers', () => {
    async function startReceivers(onRefused: (code: string) => void = nothing): Promise<SlackSandbox> {
      const slack = await startSlackSandbox({ manifest: manifestOf() });
      afterTest(() => slack.stop());
      const receiver = createSocketReceivers({ appToken: slack.appToken, apiUrl: slack.apiUrl, count: 2, log: createKeptLog(), onRefused: ({ code }) => onRefused(code) });
      const app = new bolt.App({ token: slack.botToken, receiver, clientOptions: { slackApiUrl: slack.apiUrl }, logger: SILENT });
      registerListeners(app);
      await app.start();
      afterTest(async () => {
        await app.stop();
      });
      await slack.connected(2);
      return slack;
    }

    test('no command is lost while Slack renews one connection', async () => {
      const slack = await startReceivers();
      const ann = slack.as('ann');

      slack.control.sockets().refresh(0);
      const outcomes = [];
      for (let index = 0; index < 20; index += 1) outcomes.push((await ann.command('/k8ssec help', '#sec-prod')).outcome);
      await slack.connected(2);

      expect(new Set(outcomes.map(({ ok }) => ok))).toEqual(new Set([true]));
    });

    test('a refused app token is noticed when a connection is renewed', async () => {
      let refuse: (code: string) => void = nothing;
      const refused = new Promise<string>((resolve) => {
        refuse = resolve;
      });
      const slack = await startReceivers((code) => refuse(code));

      slack.control.app.refuseAppToken('invalid_auth');
      slack.control.sockets().refresh(0);

      expect(await refused).toBe('invalid_auth');
    });
  });
});
