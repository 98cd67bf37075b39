import { describe, expect, test } from '@jest/globals';
import type { SlackMember } from '#src/model/people.ts';
import { source } from '#src/people/sources/slack.ts';
import { listOf } from '#test/build/people.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

function member(id: string, more: Partial<SlackMember> = {}): SlackMember {
  return { id, name: id, email: `${id}@corp.example`, deactivated: false, bot: false, guest: false, stranger: false, ...more };
}

function list(members: readonly SlackMember[], { showsEmails = true, settings = {} }: { readonly showsEmails?: boolean; readonly settings?: object } = {}) {
  return listOf(source, settings, { ...createSourceDeps({}), slackMembers: { all: async () => ({ members, showsEmails }), one: async (id) => members.find((one) => one.id === id) } });
}

describe('src/people/sources/slack.ts', () => {
  test.each<[string, Partial<SlackMember>, object]>([
    ['a member', {}, { emails: ['u1@corp.example'], logins: [], kind: 'person', state: 'active', evidence: 'deleted: false' }],
    ['somebody deactivated', { deactivated: true }, { kind: 'person', state: 'departed', evidence: 'deleted: true' }],
    ['a guest', { guest: true }, { kind: 'guest', state: 'active' }],
    ['a bot', { bot: true }, { kind: 'bot', state: 'active' }],
    ['a hostile name', { name: '<!channel> *Ann*' }, { name: '<!channel> *Ann*' }],
  ])('lists %s', async (_what, more, expected) => {
    const { people, listsDeparted } = await list([member('u0'), member('u1', more)]);

    expect(people[1]).toMatchObject({ id: 'u1', ...expected });
    expect(listsDeparted).toBe(true);
  });

  test.each<[string, Partial<SlackMember>, string]>([
    ['back', {}, 'active'],
    ['still deactivated', { deactivated: true }, 'departed'],
  ])('says of one person whether they are %s', async (_how, more, state) => {
    const slackMembers = { all: () => Promise.reject(new Error('nobody lists')), one: async (id: string) => (id === 'u1' ? member('u1', more) : undefined) };
    const created = source.create({ withoutEmails: false }, 'slack', { ...createSourceDeps({}), slackMembers });
    const { signal } = new AbortController();

    expect(await created.find?.('u1', signal)).toMatchObject({ id: 'u1', state });
    expect(await created.find?.('u2', signal)).toBeUndefined();
    await expect(source.create({ withoutEmails: false }, 'slack', createSourceDeps({})).find?.('u1', signal)).rejects.toMatchObject({ fault: 'unreachable' });
  });

  test('leaves strangers out', async () => {
    expect((await list([member('u1'), member('u2', { stranger: true })])).people.map(({ id }) => id)).toEqual(['u1']);
  });

  test('fails where Slack shows no addresses, unless it is told to go on', async () => {
    const { email: _, ...unknown } = member('u1');

    await expect(list([unknown], { showsEmails: false })).rejects.toMatchObject({ fault: 'forbidden', message: 'Slack shows no e-mail addresses; needed: the scope users:read.email, or withoutEmails: true to go on without' });
    expect((await list([unknown], { showsEmails: false, settings: { withoutEmails: true } })).people).toMatchObject([{ id: 'u1', emails: [] }]);
  });

  test('fails with nobody', async () => {
    await expect(list([])).rejects.toMatchObject({ fault: 'empty' });
  });

  test('fails where there is no Slack', async () => {
    await expect(listOf(source, {}, createSourceDeps({}))).rejects.toMatchObject({ fault: 'unreachable', message: 'this process has no connection to Slack' });
  });
});
