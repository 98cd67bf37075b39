import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { App } from '@slack/bolt';
import { Ajv } from 'ajv';
import { isMethod, methodInfo } from '#src/sandbox/slack/api/methods-table.ts';
import { installedApp } from '#src/sandbox/slack/app-config.ts';
import { isHeard } from '#src/sandbox/slack/delivery/event-scopes.ts';
import type { ListenerDeps } from '#src/slack/answers.ts';
import { registerListeners } from '#src/slack/listeners.ts';
import { BOT_EVENTS, COMMAND, METHOD_SCOPES, OPTIONAL_SCOPES, REQUIRED_SCOPES, slackManifest, type ManifestMode } from '#src/slack/manifest.ts';
import type { RawObject } from '#src/model/raw.ts';
import { CHANNEL, CLUSTER, startBot } from '#test/build/bot.ts';
import { outsideOf, passTime } from '#test/build/outside.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MODES: readonly ManifestMode[] = [{ mode: 'socket' }, { mode: 'http', requestUrl: 'https://k8ssec.example/slack/events' }];

const text = (maxLength: number, minLength = 1) => ({ type: 'string', minLength, maxLength });
const address = (maxLength: number) => ({ type: 'string', pattern: '^https?://', maxLength });
const flag = { type: 'boolean' };
const list = (items: object, maxItems: number, more: object = {}) => ({ type: 'array', items, maxItems, ...more });
const group = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required, additionalProperties: false });

/** The rules of Slack's manifest schema, version 2, for the parts of it that an app like this can have. */
const RULES = group(
  {
    _metadata: group({ major_version: { type: 'integer' }, minor_version: { type: 'integer' } }),
    display_information: group(
      { name: text(35), description: text(140), long_description: text(4000, 175), background_color: { ...text(7, 4), pattern: '^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$' } },
      ['name'],
    ),
    features: group({
      app_home: group({ home_tab_enabled: flag, messages_tab_enabled: flag, messages_tab_read_only_enabled: flag }),
      bot_user: group({ display_name: text(80), always_online: flag }, ['display_name']),
      shortcuts: list(group({ name: text(24), type: { enum: ['message', 'global'] }, callback_id: text(255), description: text(150) }, ['name', 'type', 'callback_id', 'description']), 10, { minItems: 1 }),
      slash_commands: list(
        group({ command: { ...text(32, 2), pattern: '^/' }, url: address(3000), description: text(2000), usage_hint: text(1000), should_escape: flag }, ['command', 'description']),
        50,
        { minItems: 1 },
      ),
    }),
    oauth_config: group({ scopes: group({ bot: list(text(50), 255), bot_optional: list(text(50), 255), user: list(text(50), 255), user_optional: list(text(50), 255) }) }),
    settings: group({
      event_subscriptions: group({ request_url: address(3500), bot_events: list(text(50), 100, { uniqueItems: true }) }),
      interactivity: group({ is_enabled: flag, request_url: address(3500) }, ['is_enabled']),
      org_deploy_enabled: flag,
      socket_mode_enabled: flag,
      token_rotation_enabled: flag,
    }),
  },
  ['display_information'],
);

const validate = new Ajv({ allErrors: true }).compile(RULES);

function faultsOf(manifest: unknown): readonly string[] {
  return validate(manifest) ? [] : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

describe('flow: manifest', () => {
  test.each(MODES)('S11: for $mode mode it keeps the rules of Slack’s schema', (mode) => {
    expect(faultsOf(slackManifest(mode))).toEqual([]);
  });

  test('S11: mistakes in it would be found', () => {
    const { display_information: information, features, settings, ...rest } = slackManifest({ mode: 'socket' });
    const [command] = features.slash_commands;

    const faults = faultsOf({
      ...rest,
      display_information: { ...information, long_description: 'Too short.', icon: 'x' },
      features: { ...features, slash_commands: [{ ...command, command: 'k8ssec', url: 'k8ssec.example' }] },
      settings: { ...settings, interactivity: {}, event_subscriptions: { bot_events: ['user_change', 'user_change'] } },
    });

    expect(faults.toSorted()).toEqual([
      '/display_information additionalProperties',
      '/display_information/long_description minLength',
      '/features/slash_commands/0/command pattern',
      '/features/slash_commands/0/url pattern',
      '/settings/event_subscriptions/bot_events uniqueItems',
      '/settings/interactivity required',
    ]);
  });

  test('S11: Slack reaches the app by sockets or by its address, not by both', () => {
    const [socket, http] = MODES.map((mode) => JSON.stringify(slackManifest(mode)));

    expect(socket).toContain('"socket_mode_enabled":true');
    expect(socket).not.toContain('_url');
    expect(http).toContain('"socket_mode_enabled":false');
    expect(http?.split('https://k8ssec.example/slack/events')).toHaveLength(4);
  });

  test('S11: the methods that are listed with their scopes are those that the code calls', () => {
    expect([...calledMethods()].sort()).toEqual(Object.keys(METHOD_SCOPES).sort());
  });

  test.each(Object.entries(METHOD_SCOPES))('S11: %s needs the scope %s', (method, scope) => {
    const needed = isMethod(method) ? (methodInfo(method).scopes ?? ['none']) : [];

    expect(needed).toContain(scope);
  });

  test('S11: every scope is needed by a method, the command, a private channel or for addresses, and every scope that is needed is asked for', () => {
    const asked = slackManifest({ mode: 'socket' }).oauth_config.scopes;
    const needed = new Set(['commands', 'groups:read', 'users:read.email', ...Object.values(METHOD_SCOPES).filter((scope) => scope !== 'none')]);

    expect(asked.bot).toEqual([...needed].sort());
    expect(asked.bot).toEqual([...REQUIRED_SCOPES, ...Object.keys(OPTIONAL_SCOPES)].sort());
    expect(asked.bot_optional).toEqual(Object.keys(OPTIONAL_SCOPES));
  });

  test('S11: it asks for no history, for no other reading of messages and files, and for nothing in the name of a person', () => {
    const { scopes } = slackManifest({ mode: 'socket' }).oauth_config;

    expect(scopes.bot.filter((scope) => /:history$|^files:read$|^search:|^chat:write\.|:join$|^admin/.test(scope))).toEqual([]);
    expect(Object.keys(scopes).sort()).toEqual(['bot', 'bot_optional']);
  });

  test('S11: without the optional scopes all the rest works, and the status says what is off', async () => {
    const bot = await startBot({ byClockOfSlack: true, slack: { optionalScopes: false }, objects: Array.from({ length: 25 }, (_, index) => pod(`web-${index}`)), file: `roles: { operator: ['*'] }` });
    const outside = outsideOf(bot);
    const ann = bot.slack.as('ann');
    try {
      await ann.command('/k8ssec scan', CHANNEL);
      const top = await ann.sees(CHANNEL, ({ words, isEphemeral }) => words.includes(CLUSTER) && !isEphemeral);
      await passTime(bot, outside, () => ann.messages(top).some(({ words }) => words.includes('the scan of')));
      const status = await (await ann.command('/k8ssec status', CHANNEL)).answer(/Slack/);

      for (const sentence of Object.values(OPTIONAL_SCOPES)) expect(status.words).toContain(sentence);
      expect(status.words).not.toContain('could not be sent');
      expect(ann.messages(top).filter(({ words }) => words.includes('in the file'))).toEqual([]);
      expect(ann.messages(top).filter(({ words }) => words.includes('more with /k8ssec findings'))).not.toEqual([]);
      expect(bot.log.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      await outside.close();
      await bot.stop();
    }
  });

  test('S11: each event has a listener, and each listener an entry', () => {
    const { event } = listeners();

    expect(event.toSorted()).toEqual([...BOT_EVENTS]);
    expect(slackManifest({ mode: 'socket' }).settings.event_subscriptions.bot_events).toEqual([...BOT_EVENTS]);
  });

  test.each(BOT_EVENTS)('S11: with the scopes that are asked for the app hears of %s', (type) => {
    const app = installedApp(slackManifest({ mode: 'socket' }), { app: 'A1', bot: 'B1', botUser: 'U1' });

    expect(isHeard(app, { type }, {})).toBe(true);
  });

  test('S11: the command has a listener, and so has whatever else people can do to an app', () => {
    const { command, action, view, shortcut, options } = listeners();

    expect(slackManifest({ mode: 'socket' }).features.slash_commands.map((entry) => entry.command)).toEqual([COMMAND]);
    expect(command.map((pattern) => pattern instanceof RegExp && pattern.test(COMMAND))).toEqual([true]);
    expect([action, shortcut, options].map((patterns) => patterns.map(String))).toEqual([['/.*/'], ['/.*/'], ['/.*/']]);
    expect(view).toEqual([/.*/, { callback_id: /.*/, type: 'view_closed' }]);
  });
});

function pod(name: string): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'app', image: 'shop' }] } };
}

/** What the bot registers, by the kind of listener. */
function listeners() {
  const registered = { command: [] as unknown[], action: [] as unknown[], event: [] as string[], view: [] as unknown[], shortcut: [] as unknown[], options: [] as unknown[] };
  const app = Object.fromEntries(Object.entries(registered).map(([kind, list]) => [kind, (what: never) => void list.push(what)]));
  registerListeners({ ...app, error: () => undefined } as unknown as App, {} as ListenerDeps);
  return registered;
}

/** Methods of the Web API whose calls stand in the source, besides that of the app-level token. */
function calledMethods(): ReadonlySet<string> {
  const files = globSync('src/{slack,app}/**/*.ts', { cwd: ROOT });
  const source = files.map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('\n');
  const calls = [...source.matchAll(/(?<![\w.])((?:\w+\.)+\w+)\(/g)].map(([, call = '']) => call.split('.'));
  // `client.users.info` is `users.info`.
  const methods = calls.flatMap((parts) => parts.map((_, at) => parts.slice(at).join('.')).find(isMethod) ?? []);
  const uploads = source.includes('.filesUploadV2(') ? ['files.getUploadURLExternal', 'files.completeUploadExternal'] : [];
  return new Set([...methods.filter((method) => method !== 'apps.connections.open'), ...uploads]);
}
