import { describe, expect, test } from '@jest/globals';
import { createAccess, type AccessOptions } from '#src/access/access.ts';
import { ROLES, type Caller, type Grant, type Role } from '#src/model/access.ts';
import { LookUpFailed, type Directory, type SlackPerson } from '#src/model/directory.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const TEAM = 'T0HOME0001';
const ANN: SlackPerson = { id: 'U0ANN00001', name: 'Ann', teamId: TEAM, deactivated: false, bot: false, guest: false, stranger: false };
const CALLER: Caller = { userId: ANN.id, name: 'Ann', teamId: TEAM, channelId: 'C0SECPROD1', via: 'command' };

function directoryOf(person: Partial<SlackPerson> = {}, more: Partial<Directory> = {}): Directory {
  return {
    person: (id) => Promise.resolve({ ...ANN, id, ...person }),
    groupMembers: () => Promise.resolve(new Set()),
    isShared: () => Promise.resolve(false),
    ...more,
  };
}

function access(grants: readonly Grant[] | undefined, options: Partial<AccessOptions> = {}) {
  return createAccess({ grants, directory: directoryOf(), teamId: TEAM, sharedChannels: [], log: createKeptLog(), ...options });
}

function grant(role: Role, who = ANN.id, clusters?: readonly string[]): Grant {
  return { role, who, clusters };
}

describe('src/access/access.ts', () => {
  describe('S22, S32: roles', () => {
    test.each<[Role, readonly Role[]]>([
      ['viewer', ['viewer']],
      ['operator', ['viewer', 'operator']],
      ['approver', ['viewer', 'approver']],
      ['admin', ['viewer', 'operator', 'approver', 'admin']],
    ])('%s may do what %s may', async (role, includes) => {
      const allowed = await Promise.all(ROLES.map(async (wanted) => ((await access([grant(role)]).may(CALLER, wanted)).allowed ? [wanted] : [])));

      expect(allowed.flat()).toEqual(includes);
    });

    test('hold for the clusters they name, and without a cluster for some cluster', async () => {
      const { may } = access([grant('operator', ANN.id, ['dev-us'])]);

      expect((await may(CALLER, 'operator', 'dev-us')).allowed).toBe(true);
      expect((await may(CALLER, 'operator')).allowed).toBe(true);
      expect(await may(CALLER, 'operator', 'prod-eu')).toEqual({ allowed: false, reason: 'This needs the role operator for prod-eu, which you do not have.', ask: [] });
    });

    test('of a group hold for its members', async () => {
      const members = directoryOf({}, { groupMembers: (id) => Promise.resolve(new Set(id === 'S0OPS00001' ? [ANN.id] : [])) });

      expect((await access([grant('operator', 'S0OPS00001')], { directory: members }).may(CALLER, 'operator')).allowed).toBe(true);
      expect((await access([grant('operator', 'S0OTHER001')], { directory: members }).may(CALLER, 'operator')).allowed).toBe(false);
    });

    test('of everybody hold for every full member', async () => {
      expect((await access([grant('viewer', '*')]).may({ ...CALLER, userId: 'U0NEW00001' }, 'viewer')).allowed).toBe(true);
    });

    test('that nobody has configured let everybody look and scan, but decide nothing', async () => {
      const { may } = access(undefined);

      expect((await may(CALLER, 'viewer', 'prod-eu')).allowed).toBe(true);
      expect((await may(CALLER, 'operator', 'prod-eu')).allowed).toBe(true);
      expect((await may(CALLER, 'approver', 'prod-eu')).allowed).toBe(false);
      expect((await may(CALLER, 'admin')).allowed).toBe(false);
    });

    test('that are configured as none let nobody do anything', async () => {
      expect((await access([]).may(CALLER, 'viewer')).allowed).toBe(false);
    });

    test('a refusal names at most five who have the right, each once, and never everybody', async () => {
      const grants = [grant('viewer', '*'), grant('operator', 'U0BO000001'), grant('admin', 'U0BO000001'), ...Array.from({ length: 9 }, (_, index) => grant('operator', `U0MORE000${index}`)), grant('operator', 'U0DEV00001', ['dev-us'])];

      const refused = await access(grants).may(CALLER, 'operator', 'prod-eu');

      expect(refused).toMatchObject({ allowed: false, ask: ['U0BO000001', 'U0MORE0000', 'U0MORE0001', 'U0MORE0002', 'U0MORE0003'] });
    });
  });

  describe('S32: no role at all', () => {
    const all = ROLES.flatMap((role) => [grant(role), grant(role, '*')]);

    test.each<[string, Partial<SlackPerson>, string]>([
      ['a deactivated account', { deactivated: true }, 'This account is deactivated.'],
      ['a bot', { bot: true }, 'Bots have no role here.'],
      ['a guest', { guest: true }, 'Guests have no role here.'],
      ['a stranger', { stranger: true }, 'People of other organisations have no role here.'],
      ['a person of another workspace', { teamId: 'T0OTHER001' }, 'People of other organisations have no role here.'],
      ['a person whose workspace Slack does not name', { teamId: '' }, 'People of other organisations have no role here.'],
    ])('has %s, whatever the configuration says', async (_name, person, reason) => {
      const { may } = access(all, { directory: directoryOf(person) });

      for (const role of ROLES) expect(await may(CALLER, role)).toEqual({ allowed: false, reason, ask: [] });
    });
  });

  describe('S44: a channel shared with another organisation', () => {
    const shared = directoryOf({}, { isShared: () => Promise.resolve(true) });
    const reason = 'This channel is shared with another organisation, so nothing about clusters is said here.';

    test('hears nothing, unless the configuration names it', async () => {
      expect(await access([grant('admin')], { directory: shared }).may(CALLER, 'viewer')).toEqual({ allowed: false, reason, ask: [] });
      expect((await access([grant('admin')], { directory: shared, sharedChannels: [CALLER.channelId] }).may(CALLER, 'viewer')).allowed).toBe(true);
    });

    test.each([['a direct message', 'D0ANN00001'], ['the Home tab', '']])('is not %s', async (_name, channelId) => {
      expect((await access([grant('admin')], { directory: shared }).may({ ...CALLER, channelId }, 'viewer')).allowed).toBe(true);
    });
  });

  describe('S32: a look-up that fails refuses', () => {
    const failed = () => Promise.reject(new LookUpFailed('Slack did not answer'));
    const reason = 'Your rights could not be looked up in Slack just now, so nothing was done. Try again in a minute.';

    test.each<[string, readonly Grant[], Partial<Directory>]>([
      ['of the person', [grant('admin')], { person: failed }],
      ['of the group', [grant('admin', 'S0OPS00001')], { groupMembers: failed }],
      ['of the channel', [grant('admin')], { isShared: failed }],
    ])('%s', async (_name, grants, more) => {
      const log = createKeptLog();

      expect(await access(grants, { directory: directoryOf({}, more), log }).may(CALLER, 'viewer')).toEqual({ allowed: false, reason, ask: [] });
      expect(log.texts('warn')).toEqual(['rights could not be looked up']);
    });

    test('but a group is not asked about when the person is named', async () => {
      const directory = directoryOf({}, { groupMembers: failed });

      expect((await access([grant('admin', 'S0OPS00001'), grant('viewer')], { directory }).may(CALLER, 'viewer')).allowed).toBe(true);
    });

    test('and any other fault is nobody’s permission', async () => {
      const directory = directoryOf({}, { person: () => Promise.reject(new TypeError('bug')) });

      await expect(access(undefined, { directory }).may(CALLER, 'viewer')).rejects.toThrow('bug');
    });
  });

  test('looks anew each time, so that a right that was taken away is gone', async () => {
    let members = new Set([ANN.id]);
    const { may } = access([grant('operator', 'S0OPS00001')], { directory: directoryOf({}, { groupMembers: () => Promise.resolve(members) }) });
    expect((await may(CALLER, 'operator')).allowed).toBe(true);

    members = new Set();

    expect((await may(CALLER, 'operator')).allowed).toBe(false);
  });
});
