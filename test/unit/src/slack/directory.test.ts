import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LookUpFailed } from '#src/model/directory.ts';
import { createDirectory, type CachedDirectory } from '#src/slack/directory.ts';
import { startSlackApi, type SlackApi } from '#test/build/slack-api.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';

const ANN = { id: 'U0ANN00001', team_id: 'T0HOME0001', name: 'ann', real_name: 'Ann Archer', profile: { display_name: 'Ann' } };
const MINUTE_MS = 60_000;

describe('src/slack/directory.ts', () => {
  let api: SlackApi;
  let clock: MovedClock;
  let directory: CachedDirectory;
  let before: number;
  beforeAll(async () => {
    api = await startSlackApi();
  });
  beforeEach(() => {
    clock = createMovedClock();
    directory = createDirectory(api.client, clock);
    before = api.calls.length;
  });
  afterAll(() => api.close());
  const asked = () => api.calls.slice(before).map(({ method, args }) => [method, args.user ?? args.usergroup ?? args.channel]);

  describe('a person', () => {
    test.each<[string, object, object]>([
      ['a full member', {}, {}],
      ['without a display name', { profile: {} }, { name: 'Ann Archer' }],
      ['with no name but the account’s', { profile: {}, real_name: '' }, { name: 'ann' }],
      ['deactivated', { deleted: true }, { deactivated: true }],
      ['a bot', { is_bot: true }, { bot: true }],
      ['a guest of several channels', { is_restricted: true }, { guest: true }],
      ['a guest of one channel', { is_ultra_restricted: true }, { guest: true }],
      ['of another organisation', { is_stranger: true, team_id: 'T0OTHER001' }, { stranger: true, teamId: 'T0OTHER001' }],
      ['whose workspace is not told', { team_id: undefined }, { teamId: '' }],
    ])('is known as %s', async (_name, answer, expected) => {
      api.answer({ ok: true, user: { ...ANN, ...answer } });

      expect(await directory.person(ANN.id)).toEqual({ id: ANN.id, name: 'Ann', teamId: 'T0HOME0001', deactivated: false, bot: false, guest: false, stranger: false, ...expected });
    });

    test('that is Slack’s own bot is one', async () => {
      api.answer({ ok: true, user: { ...ANN, id: 'USLACKBOT' } });

      expect((await directory.person('USLACKBOT')).bot).toBe(true);
    });
  });

  test('the members of a group and whether a channel is shared are looked up', async () => {
    api.answer({ ok: true, users: ['U1', 'U2'] }, { ok: true, channel: { id: 'C1', is_ext_shared: true } }, { ok: true, channel: { id: 'C2', is_pending_ext_shared: true } }, { ok: true, channel: { id: 'C3' } }, { ok: false, error: 'channel_not_found' });

    expect(await directory.groupMembers('S1')).toEqual(new Set(['U1', 'U2']));
    expect([await directory.isShared('C1'), await directory.isShared('C2'), await directory.isShared('C3'), await directory.isShared('G4')]).toEqual([true, true, false, false]);
    expect(asked()).toEqual([['usergroups.users.list', 'S1'], ['conversations.info', 'C1'], ['conversations.info', 'C2'], ['conversations.info', 'C3'], ['conversations.info', 'G4']]);
  });

  describe('answers', () => {
    test('are kept for a minute', async () => {
      api.answer({ ok: true, user: ANN });
      await directory.person(ANN.id);
      clock.advance(MINUTE_MS - 1);
      await directory.person(ANN.id);
      expect(asked()).toHaveLength(1);

      clock.advance(1);
      await directory.person(ANN.id);

      expect(asked()).toHaveLength(2);
    });

    test('are asked for once by many at a time', async () => {
      api.answer({ ok: true, user: ANN });

      await Promise.all(Array.from({ length: 20 }, () => directory.person(ANN.id)));

      expect(asked()).toHaveLength(1);
    });

    test('are forgotten when Slack tells of a change, each alone', async () => {
      api.answer({ ok: true, user: ANN, users: [], channel: { id: 'C1' } });
      const askAll = () => Promise.all([directory.person(ANN.id), directory.groupMembers('S1'), directory.isShared('C1')]);
      await askAll();

      directory.forgetPerson(ANN.id);
      await askAll();
      directory.forgetGroup('S1');
      await askAll();
      directory.forgetChannel('C1');
      await askAll();

      expect(asked().slice(3).map(([method]) => method)).toEqual(['users.info', 'usergroups.users.list', 'conversations.info']);
    });

    test('that were on their way when Slack told of a change are not kept', async () => {
      const late = Promise.withResolvers<void>();
      api.answer(
        (_request, response) => void late.promise.then(() => response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, user: ANN }))),
        { ok: true, user: { ...ANN, deleted: true } },
      );
      const stale = directory.person(ANN.id);
      directory.forgetPerson(ANN.id);

      const fresh = await directory.person(ANN.id);
      late.resolve();
      await stale;

      expect(fresh.deactivated).toBe(true);
      expect((await directory.person(ANN.id)).deactivated).toBe(true);
    });
  });

  describe('a look-up that fails', () => {
    test.each<[string, Readonly<Record<string, unknown>>, string]>([
      ['because Slack refuses', { ok: false, error: 'missing_scope' }, 'Slack refused: missing_scope'],
      ['because Slack says nothing of the person', { ok: true }, 'Slack answered without the person'],
      ['because Slack says something of another person', { ok: true, user: { ...ANN, id: 'U0BO000001' } }, 'Slack answered without the person'],
    ])('%s says so', async (_name, answer, message) => {
      api.answer(answer);

      await expect(directory.person(ANN.id)).rejects.toMatchObject(lookUpFailed(message));
    });

    test('because Slack fails or does not answer says so', async () => {
      api.answer((_request, response) => void response.writeHead(503).end(), () => undefined);

      await expect(directory.person(ANN.id)).rejects.toMatchObject(lookUpFailed('Slack failed (503)'));
      await expect(directory.groupMembers('S1')).rejects.toMatchObject(lookUpFailed('Slack did not answer'));
    });

    test('is not kept: the next one asks again', async () => {
      api.answer({ ok: false, error: 'internal_error' }, { ok: true, user: ANN });
      await expect(directory.person(ANN.id)).rejects.toThrow(LookUpFailed);

      expect((await directory.person(ANN.id)).name).toBe('Ann');
    });

    test('does not fall back on what was known a minute ago', async () => {
      api.answer({ ok: true, user: ANN }, { ok: false, error: 'ratelimited' });
      await directory.person(ANN.id);

      clock.advance(MINUTE_MS);

      await expect(directory.person(ANN.id)).rejects.toThrow(LookUpFailed);
    });

    test('of a group without members in the answer is one', async () => {
      api.answer({ ok: true });

      await expect(directory.groupMembers('S1')).rejects.toMatchObject(lookUpFailed('Slack answered without the members of the group'));
    });
  });
});

function lookUpFailed(message: string): object {
  return { constructor: LookUpFailed, message };
}
