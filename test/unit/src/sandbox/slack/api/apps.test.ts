import { describe, expect, test } from '@jest/globals';
import { call, errorOf, home, modal, section, startSlack, type Json } from '../support/slack.ts';

describe('src/sandbox/slack/api/apps.ts', () => {
  test('auth.test names the team and the bot', async () => {
    const slack = await startSlack({ teamName: 'Corp' });

    expect(await call(slack, 'auth.test')).toMatchObject({ ok: true, team: 'Corp', user: 'k8ssec', user_id: slack.control.workspace.userId('k8ssec'), bot_id: expect.stringMatching(/^B/) });
  });

  test('auth.revoke ends the token unless it is a test', async () => {
    const slack = await startSlack();

    expect(await call(slack, 'auth.revoke', { test: true })).toMatchObject({ revoked: false });
    expect(await call(slack, 'auth.revoke')).toMatchObject({ revoked: true });
    expect(errorOf(await call(slack, 'auth.test'))).toBe('token_revoked');
  });

  test('api.test gives back what it is sent, or the error it is asked for', async () => {
    const slack = await startSlack();

    expect(await call(slack, 'api.test', { a: '1' }, { token: '' })).toMatchObject({ ok: true, args: { a: '1' } });
    expect(errorOf(await call(slack, 'api.test', { error: 'mine' }))).toBe('mine');
  });

  test.each<[what: string, args: Json, error: string]>([
    ['good blocks', { blocks: [section('A')] }, 'ok'],
    ['bad blocks', { blocks: [section('')] }, 'invalid_blocks'],
    ['a good message', { message: { text: 'A', blocks: [section('A')] } }, 'ok'],
    ['a bad message', { message: { blocks: [section('')] } }, 'invalid_message'],
    ['a good view', { view: modal(section('A')) }, 'ok'],
    ['a bad view', { view: home(section('')) }, 'invalid_view'],
    ['nothing', {}, 'invalid_arguments'],
    ['two things', { blocks: [section('A')], view: home(section('A')) }, 'invalid_arguments'],
  ])('blocks.validate judges %s without a token', async (_what, args, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'blocks.validate', args, { token: '' }))).toBe(error);
  });

  test('blocks.validate points from the list of blocks on', async () => {
    const slack = await startSlack();

    expect(await call(slack, 'blocks.validate', { blocks: [section('A'), section('')] })).toMatchObject({
      errors: [{ code: 'failed_constraint', pointer: '/1/text/text', message: 'must be more than 0 characters' }],
    });
  });
});
