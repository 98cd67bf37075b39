import { describe, expect, test } from '@jest/globals';
import { METHODS } from '#src/sandbox/slack/api/methods-table.ts';
import { manifestOf } from '../support/manifest.ts';
import { call, errorOf, request, startSlack } from '../support/slack.ts';

const OF_BOT = Object.entries(METHODS).filter(([, { token }]) => token === 'bot');
const SCOPED = OF_BOT.flatMap(([method, info]) => ('scopes' in info ? [[method, info.scopes.join(',')] as const] : []));

describe('src/sandbox/slack/api/tokens.ts', () => {
  test.each(SCOPED)('%s needs one of %s', async (method, needed) => {
    const slack = await startSlack({ manifest: manifestOf() });
    slack.control.app.setScopes(['commands']);

    expect(await call(slack, method)).toMatchObject({ ok: false, error: 'missing_scope', needed, provided: 'commands' });
  });

  test.each<[what: string, token: string, error: string]>([
    ['no token', '', 'not_authed'],
    ['an invented token', 'xoxb-1', 'invalid_auth'],
  ])('refuses %s', async (_what, token, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'auth.test', {}, { token }))).toBe(error);
  });

  test('refuses the token of the other sort', async () => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'auth.test', {}, { token: slack.appToken }))).toBe('not_allowed_token_type');
    expect(errorOf(await call(slack, 'apps.connections.open'))).toBe('not_allowed_token_type');
  });

  test('refuses a revoked bot token and a refused app token until they are restored', async () => {
    const slack = await startSlack();

    slack.control.app.revokeBotToken();
    slack.control.app.refuseAppToken('invalid_auth');

    expect(errorOf(await call(slack, 'auth.test'))).toBe('token_revoked');
    expect(errorOf(await call(slack, 'apps.connections.open', {}, { token: slack.appToken }))).toBe('invalid_auth');
    slack.control.app.restoreTokens();
    expect(errorOf(await call(slack, 'auth.test'))).toBe('ok');
    expect(errorOf(await call(slack, 'apps.connections.open', {}, { token: slack.appToken }))).toBe('ok');
  });

  test('knows the app no more once it is uninstalled', async () => {
    const slack = await startSlack();

    slack.control.app.uninstall();

    expect(errorOf(await call(slack, 'auth.test'))).toBe('token_revoked');
    expect(errorOf(await call(slack, 'apps.connections.open', {}, { token: slack.appToken }))).toBe('account_inactive');
  });

  test('tells with every answer which scopes there are and which count', async () => {
    const slack = await startSlack({ manifest: manifestOf({ without: ['chat:write'] }) });

    const { headers } = await request(slack, 'users.info', { user: 'U1' });

    expect(headers.get('x-oauth-scopes')).toContain('users:read');
    expect(headers.get('x-accepted-oauth-scopes')).toBe('users:read');
  });

  test('opens no socket for an app in HTTP mode', async () => {
    const slack = await startSlack({ mode: 'http' });

    expect(errorOf(await call(slack, 'apps.connections.open', {}, { token: slack.appToken }))).toBe('socket_mode_not_enabled');
  });
});
