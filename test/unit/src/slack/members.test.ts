import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { rateLimited } from '#src/sandbox/slack/control/faults.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { slackManifest } from '#src/slack/manifest.ts';
import { createSlackMembers } from '#src/slack/members.ts';
import { fetchHere, startSlackApi, type SlackApi } from '#test/build/slack-api.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';

const signal = new AbortController().signal;
const TEAM = { ok: true, team_id: 'T1' };

describe('src/slack/members.ts', () => {
  let deps: FakeSourceDeps;
  beforeEach(() => {
    deps = createSourceDeps({});
  });

  describe('of a workspace', () => {
    const workspace = async (work: (slack: SlackSandbox, members: ReturnType<typeof createSlackMembers>) => Promise<void>, options: { readonly furtherPeople?: number; readonly optionalScopes?: boolean } = {}) => {
      const slack = await startSlackSandbox({ manifest: slackManifest({ mode: 'socket' }), clock: 'manual', ...options });
      slack.control.rates.enabled = false;
      const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, fetch: fetchHere, logger: sdkLogger(createKeptLog()) });
      try {
        await work(slack, createSlackMembers(client, deps.wait));
      } finally {
        await slack.stop();
      }
    };

    test('are everybody on all pages, with what they are', () =>
      workspace(async (slack, members) => {
        const { members: all, showsEmails } = await members.all(signal);

        expect(showsEmails).toBe(true);
        expect(all).toHaveLength(465);
        expect(slack.requests('users.list')).toHaveLength(3);
        const told = (handle: string) => all.find(({ id }) => id === slack.control.workspace.userId(handle));
        expect(told('ann')).toEqual({ id: slack.control.workspace.userId('ann'), name: 'Ann Operator', email: 'ann@corp.example', deactivated: false, bot: false, guest: false, stranger: false });
        expect([told('hal')?.deactivated, told('gus')?.guest, told('sid')?.guest, told('deploybot')?.bot, told('stan')?.stranger, told('xena')?.stranger]).toEqual([true, true, true, true, true, true]);
        expect(all.find(({ id }) => id === 'USLACKBOT')?.bot).toBe(true);
      }, { furtherPeople: 450 }));

    test('are waited for as long as Slack wants', () =>
      workspace(async (slack, members) => {
        slack.control.faults.set('users.list', rateLimited(7), 2);

        expect((await members.all(signal)).members.length).toBeGreaterThan(10);
        expect(deps.waits).toEqual([7000, 7000]);
      }));

    test('are given up while Slack goes on refusing', () =>
      workspace(async (slack, members) => {
        slack.control.faults.set('users.list', rateLimited(7));

        await expect(members.all(signal)).rejects.toMatchObject({ fault: 'busy', message: 'Slack was asked too often' });
        expect(deps.waits).toHaveLength(5);
      }));

    test('are told of one by one, and not of whom there is not', () =>
      workspace(async (slack, members) => {
        const id = slack.control.workspace.userId('bo');
        expect(await members.one(id, signal)).toEqual((await members.all(signal)).members.find((member) => member.id === id));
        slack.control.workspace.deactivate('bo');
        expect(await members.one(id, signal)).toMatchObject({ id, deactivated: true });
        expect(await members.one('U0NOBODY01', signal)).toBeUndefined();

        slack.control.faults.set('users.info', rateLimited(7));
        await expect(members.one(id, signal)).rejects.toMatchObject({ fault: 'busy' });
      }));

    test('are told without addresses where the bot may not see them', () =>
      workspace(async (_, members) => {
        const { members: all, showsEmails } = await members.all(signal);

        expect(showsEmails).toBe(false);
        expect(all.some(({ email }) => email !== undefined)).toBe(false);
      }, { optionalScopes: false }));

    test('are not listed with half an answer', () =>
      workspace(async (slack, members) => {
        slack.control.faults.set('users.list', { kind: 'lose answer' });

        await expect(members.all(signal)).rejects.toMatchObject({ fault: 'garbled', message: 'the answer of Slack broke off or cannot be read' });
      }));
  });

  describe('with answers that Slack should not give', () => {
    let api: SlackApi;
    beforeAll(async () => {
      api = await startSlackApi();
    });
    afterAll(() => api.close());
    const members = () => createSlackMembers(api.client, deps.wait).all(signal);

    test('a cursor that comes again is not followed', async () => {
      api.answer(TEAM, { ok: true, members: [{ id: 'U1' }], response_metadata: { next_cursor: 'x' } });

      await expect(members()).rejects.toMatchObject({ fault: 'garbled', message: 'Slack sends the same page again and again' });
    });

    test.each([
      ['invalid_auth', 'refused', 'Slack refuses the token of the bot (invalid_auth)'],
      ['token_revoked', 'refused', 'Slack refuses the token of the bot (token_revoked)'],
      ['missing_scope', 'forbidden', 'Slack forbids this (missing_scope); needed: the scope users:read'],
      ['invalid_cursor', 'garbled', 'Slack did not take the request (invalid_cursor)'],
    ])('%s', async (error, fault, message) => {
      api.answer(TEAM, { ok: true, members: [{ id: 'U1' }], response_metadata: { next_cursor: 'x' } }, { ok: false, error });

      await expect(members()).rejects.toMatchObject({ fault, message });
    });

    test.each<[string, object, string]>([
      ['no members', { ok: true }, 'Slack answered without its members'],
      ['somebody without an id', { ok: true, members: [{ name: 'ann' }] }, 'Slack lists somebody without an id'],
    ])('%s', async (_what, answer, message) => {
      api.answer(TEAM, { ...answer });

      await expect(members()).rejects.toMatchObject({ fault: 'garbled', message });
    });

    test('an error of Slack itself', async () => {
      api.answer((_, response) => void response.writeHead(503).end());

      await expect(members()).rejects.toMatchObject({ fault: 'unreachable', message: 'Slack failed (503)' });
    });

    test('nothing is asked once it is not wanted any more', async () => {
      const before = api.calls.length;

      await expect(createSlackMembers(api.client, deps.wait).all(AbortSignal.abort(new Error('the bot stops')))).rejects.toThrow('the bot stops');
      expect(api.calls).toHaveLength(before);
    });

    test('people of other workspaces are strangers, except those who are in this one as well', async () => {
      api.answer(TEAM, { ok: true, members: [{ id: 'U1', team_id: 'T1' }, { id: 'U2', team_id: 'T2' }, { id: 'U3', team_id: 'T2', enterprise_user: { teams: ['T2', 'T1'] } }, { id: 'U4', team_id: 'T1', is_stranger: true }, { id: 'U5', is_app_user: true }] });

      const { members: all, showsEmails } = await members();

      expect(all.map(({ stranger }) => stranger)).toEqual([false, true, false, true, false]);
      expect(all[4]).toMatchObject({ bot: true, name: 'U5' });
      expect(showsEmails).toBe(false);
    });
  });
});
