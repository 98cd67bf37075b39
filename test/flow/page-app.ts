import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppManifest } from '#src/sandbox/slack/app-config.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';

/** A workspace with an app that is just large enough to try every part of the page. */
export interface PageApp {
  readonly sandbox: SlackSandbox;
  readonly stop: () => Promise<void>;
}

const MANIFEST: AppManifest = {
  display_information: { name: 'k8ssec' },
  features: {
    bot_user: { display_name: 'k8ssec' },
    slash_commands: [{ command: '/k8ssec', description: 'Looks after clusters', usage_hint: '[help|access]' }],
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write', 'im:history', 'files:write'] } },
  settings: { event_subscriptions: { bot_events: ['app_home_opened'] }, interactivity: { is_enabled: true } },
};

type Fields = Readonly<Record<string, unknown>>;

/** What an input holds. */
interface Held {
  readonly value?: string | null;
  readonly selected_option?: { readonly value: string } | null;
}

/** What the app reads of an interaction or event. */
interface Payload {
  readonly type: string;
  readonly trigger_id: string;
  readonly user: { readonly id: string };
  readonly value: string;
  readonly channel: { readonly id: string };
  readonly message: { readonly ts: string };
  readonly actions: readonly { readonly action_id: string }[];
  readonly view: { readonly private_metadata: string; readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, Held>>>> } };
  readonly event?: { readonly type: string; readonly user: string };
}

/** What the broken button is answered with. */
const BROKEN: Fields = {};

/** @param assets Folder of the built page. */
export async function startPageApp(assets: string): Promise<PageApp> {
  const sandbox = await startSlackSandbox({ manifest: MANIFEST, mode: 'http', pageAssets: assets });
  sandbox.control.rates.enabled = false;
  const faults: unknown[] = [];
  const server = createServer((request, response) => {
    answer(sandbox, request).then(
      (body) => response.writeHead(body === BROKEN ? 500 : 200, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body)),
      (error: unknown) => {
        faults.push(error);
        response.writeHead(500).end();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sandbox.control.http().useRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    sandbox,
    async stop() {
      server.close();
      server.closeAllConnections();
      await sandbox.stop();
      if (faults.length > 0) throw new AggregateError(faults, 'The scripted app failed.');
    },
  };
}

async function answer(sandbox: SlackSandbox, request: IncomingMessage): Promise<Fields | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  if (request.headers['content-type'] === 'application/json') return hear(sandbox, JSON.parse(body) as Payload);
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  return payload === null ? command(sandbox, form) : interact(sandbox, JSON.parse(payload) as Payload);
}

async function hear(sandbox: SlackSandbox, { event }: Payload): Promise<undefined> {
  if (event?.type === 'app_home_opened') await call(sandbox, 'views.publish', { user_id: event.user, view: { type: 'home', blocks: [section('*Everything* is fine.')] } });
}

async function command(sandbox: SlackSandbox, form: URLSearchParams): Promise<Fields | undefined> {
  const [trigger, channel, text] = ['trigger_id', 'channel_id', 'text'].map((name) => form.get(name) ?? '');
  if (text === 'access') {
    await call(sandbox, 'views.open', { trigger_id: trigger, view: accessForm(channel ?? '') });
    return undefined;
  }
  return { response_type: 'ephemeral', text: 'Type `/k8ssec access` to ask for access.' };
}

async function interact(sandbox: SlackSandbox, payload: Payload): Promise<Fields | undefined> {
  switch (payload.type) {
    case 'block_suggestion':
      return { options: ['prod-eu', 'prod-us', 'dev-us'].filter((name) => name.includes(payload.value)).map(option) };
    case 'view_submission':
      return submitted(sandbox, payload);
    default:
      if (payload.actions[0]?.action_id === 'break') return BROKEN;
      await call(sandbox, 'chat.update', { channel: payload.channel.id, ts: payload.message.ts, text: 'Decided', blocks: [section(`*Approved* by <@${payload.user.id}>`)] });
      return undefined;
  }
}

async function submitted(sandbox: SlackSandbox, { view }: Payload): Promise<Fields | undefined> {
  const { reason, cluster } = view.state.values;
  if (reason?.reason?.value?.includes('INC-') !== true) return { response_action: 'errors', errors: { reason: 'Name an incident.' } };
  await call(sandbox, 'chat.postMessage', {
    channel: view.private_metadata,
    text: `Access?`,
    blocks: [section(`Access to \`${cluster?.cluster?.selected_option?.value}\`: ${reason.reason.value}`), { type: 'actions', elements: [button('Approve', { style: 'primary', confirm: CONFIRM }), button('Break')] }],
  });
  return undefined;
}

const CONFIRM: Fields = { title: plain('Approve access?'), text: plain('You can end it at any time.'), confirm: plain('Yes, approve'), deny: plain('Go back') };

function accessForm(channel: string): Fields {
  return {
    type: 'modal',
    callback_id: 'access',
    private_metadata: channel,
    title: plain('Ask for access'),
    submit: plain('Ask'),
    blocks: [
      { type: 'input', block_id: 'cluster', label: plain('Cluster'), element: { type: 'external_select', action_id: 'cluster', min_query_length: 1 } },
      { type: 'input', block_id: 'reason', label: plain('Reason'), element: { type: 'plain_text_input', action_id: 'reason' } },
    ],
  };
}

function section(text: string): Fields {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function button(text: string, more: Fields = {}): Fields {
  return { type: 'button', action_id: text.toLowerCase(), text: plain(text), ...more };
}

function option(name: string): Fields {
  return { text: plain(name), value: name };
}

function plain(text: string): Fields {
  return { type: 'plain_text', text };
}

/** Calls a method of the Web API. @throws when it is refused. */
export async function call(sandbox: SlackSandbox, method: string, args: Fields): Promise<Fields> {
  const headers = { authorization: `Bearer ${sandbox.botToken}`, 'content-type': 'application/json; charset=utf-8' };
  const response = await fetch(`${sandbox.apiUrl}${method}`, { method: 'POST', headers, body: JSON.stringify(args) });
  const body = (await response.json()) as Fields;
  if (body.ok !== true) throw new Error(`${method} was refused: ${JSON.stringify(body)}`);
  return body;
}
