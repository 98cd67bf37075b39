import { describe, expect, test } from '@jest/globals';
import { createApprovers, type ApproversOptions } from '#src/access/approvers.ts';
import { NOT_ASKED, type Caller, type Grant } from '#src/model/access.ts';
import type { RequestAct } from '#src/model/approvers.ts';
import { LookUpFailed, type Directory, type SlackPerson } from '#src/model/directory.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { NO_APPROVAL_SETTINGS, type ApprovalSettings, type KindSettings } from '#src/model/settings.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { aRequest } from '#test/build/request.ts';

const TEAM = 'T0HOME0001';
const [ANN, BO, CY, DAN] = ['U0ANN00001', 'U0BO000001', 'U0CY000001', 'U0DAN00001'] as const;
const GROUP = 'S0SECAPPR1';
const APPROVERS: readonly Grant[] = [{ role: 'approver', who: GROUP, clusters: undefined }];

interface Given extends Partial<Pick<ApproversOptions, 'grants'>> {
  readonly people?: Readonly<Record<string, Partial<SlackPerson>>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly kind?: KindSettings;
  readonly delegates?: ApprovalSettings['delegates'];
  readonly directory?: Partial<Directory>;
  /** Slack user ids of people who have left, as the sources of people say. */
  readonly leavers?: readonly string[];
}

function approvers({ grants = APPROVERS, people = {}, groups = { [GROUP]: [BO, CY] }, kind, delegates = [], directory = {}, leavers = [] }: Given = {}) {
  const settings = { ...NO_APPROVAL_SETTINGS, delegates, kinds: kind === undefined ? {} : { 'remove-person': kind } };
  return createApprovers({
    grants,
    settings,
    hasLeft: (id) => Promise.resolve(leavers.includes(id)),
    teamId: TEAM,
    sharedChannels: [],
    clock: createMovedClock(),
    log: createKeptLog(),
    directory: {
      person: (id) => Promise.resolve({ id, name: id, teamId: TEAM, deactivated: false, bot: false, guest: false, stranger: false, ...people[id] }),
      groupMembers: (id) => Promise.resolve(new Set(groups[id] ?? [])),
      isShared: () => Promise.resolve(false),
      ...directory,
    },
  });
}

function caller(userId: string): Caller {
  return { userId, name: userId, teamId: TEAM, channelId: 'C0SECPROD1', via: 'button' };
}

/** The reason, or `yes`. */
async function answer(given: Given, person: string, request: Partial<ApprovalRequest> = {}, act: RequestAct = 'decide'): Promise<string> {
  const permission = await approvers(given).may(caller(person), act, aRequest(request));
  return permission.allowed ? 'yes' : permission.reason;
}

const NONE = 'Only approvers may do this, and you are none of them for this request.';
const NOBODY = 'Nobody may decide this yet: name approvers under roles.approver in the configuration file.';

describe('src/access/approvers.ts', () => {
  describe('S32: who decides', () => {
    test.each<[string, string, Given, Partial<ApprovalRequest>, string]>([
      ['a member of the group', BO, {}, {}, 'yes'],
      ['nobody else', ANN, {}, {}, NONE],
      ['an admin', ANN, { grants: [{ role: 'admin', who: ANN, clusters: undefined }] }, {}, 'yes'],
      ['no operator', ANN, { grants: [{ role: 'operator', who: ANN, clusters: undefined }, ...APPROVERS] }, {}, NONE],
      ['nobody, before anybody is named', BO, { grants: [] }, {}, NOBODY],
      ['nobody for a cluster that nobody is named for', BO, { grants: [{ role: 'approver', who: BO, clusters: ['dev'] }] }, {}, NOBODY],
      ['whoever is named for the cluster', BO, { grants: [{ role: 'approver', who: BO, clusters: ['prod-eu'] }] }, {}, 'yes'],
      ['not who is named for one of two clusters', BO, { grants: [{ role: 'approver', who: BO, clusters: ['dev'] }, { role: 'approver', who: CY, clusters: ['prod-eu'] }] }, { clusters: ['dev', 'prod-eu'] }, NONE],
      ['who is named for each of two clusters', BO, { grants: [{ role: 'approver', who: BO, clusters: ['dev'] }, { role: 'approver', who: BO, clusters: ['prod-eu'] }] }, { clusters: ['dev', 'prod-eu'] }, 'yes'],
      ['who is named for the namespace', BO, { grants: [{ role: 'approver', who: BO, clusters: undefined, namespaces: ['shop'] }] }, { namespaces: ['shop'] }, 'yes'],
      ['not who is named for one of two namespaces', BO, { grants: [{ role: 'approver', who: BO, clusters: undefined, namespaces: ['shop'] }, ...APPROVERS], groups: {} }, { namespaces: ['shop', 'pay'] }, NONE],
      ['not who is named for a namespace, where it is about the whole cluster', BO, { grants: [{ role: 'approver', who: BO, clusters: undefined, namespaces: ['shop'] }, ...APPROVERS], groups: {} }, { namespaces: [] }, NONE],
      ['who is named for the kind', BO, { grants: [{ role: 'approver', who: BO, clusters: undefined, kinds: ['remove-person'] }] }, {}, 'yes'],
      ['not who is named for another kind', BO, { grants: [{ role: 'approver', who: BO, clusters: undefined, kinds: ['revoke-key'] }, ...APPROVERS], groups: {} }, {}, NONE],
      ['those of the kind in place of the role', ANN, { kind: { approvers: [ANN] } }, {}, 'yes'],
      ['not those of the role where the kind has its own', BO, { kind: { approvers: [ANN] } }, {}, NONE],
      ['whom it was escalated to', DAN, { kind: { escalateTo: [DAN] } }, { escalated: true }, 'yes'],
      ['not whom it may be escalated to before it is', DAN, { kind: { escalateTo: [DAN] } }, {}, NONE],
      ['not whoever asked', BO, {}, { requester: { person: BO, name: 'Bo' } }, 'You asked for this, so somebody else must decide.'],
      ['not whom it is about', BO, {}, { targets: [BO] }, 'This is about you, so somebody else must decide.'],
      ['whom it is about, in their own case, without any role', ANN, {}, { targets: [ANN], ownCase: true }, 'yes'],
      ['not whoever asked in the case of another', BO, {}, { targets: [ANN], ownCase: true, requester: { person: BO, name: 'Bo' } }, 'You asked for this, so somebody else must decide.'],
      ['no guest', BO, { people: { [BO]: { guest: true } } }, {}, 'Guests have no role here.'],
      ['no bot', BO, { people: { [BO]: { bot: true } } }, {}, 'Bots have no role here.'],
      ['nobody whose account is deactivated', BO, { people: { [BO]: { deactivated: true } } }, {}, 'This account is deactivated.'],
      ['nobody who has left, as the sources of people say, whatever Slack says', BO, { leavers: [BO] }, {}, 'You have left the organisation or are suspended, as the sources of people say.'],
      ['nobody of another organisation', BO, { people: { [BO]: { stranger: true } } }, {}, 'People of other organisations have no role here.'],
      ['nobody of another workspace', BO, { people: { [BO]: { teamId: 'T0OTHER001' } } }, {}, 'People of other organisations have no role here.'],
      ['no guest in the own case either', ANN, { people: { [ANN]: { guest: true } } }, { targets: [ANN], ownCase: true }, 'Guests have no role here.'],
      ['nobody in a channel that others read', BO, { directory: { isShared: () => Promise.resolve(true) } }, {}, 'This channel is shared with another organisation, so nothing about clusters is said here.'],
    ])('%s', async (_name, person, given, request, expected) => {
      expect(await answer(given, person, request)).toBe(expected);
    });

    test.each<[string, Partial<Directory>]>([
      ['the person', { person: () => Promise.reject(new LookUpFailed('no answer')) }],
      ['the group', { groupMembers: () => Promise.reject(new LookUpFailed('no answer')) }],
      ['the channel', { isShared: () => Promise.reject(new LookUpFailed('no answer')) }],
    ])('nobody, while %s cannot be looked up', async (_name, directory) => {
      expect(await answer({ directory }, BO)).toBe('Your rights could not be looked up in Slack just now, so nothing was done. Try again in a minute.');
    });
  });

  describe('delegates', () => {
    const delegate = { from: BO, to: DAN, since: '2026-11-20', until: '2026-11-23' };

    test.each<[string, Given, Partial<ApprovalRequest>, string]>([
      ['decide from the first day to the last', { delegates: [delegate] }, {}, 'yes'],
      ['not after the last', { delegates: [{ ...delegate, until: '2026-11-22' }] }, {}, NONE],
      ['not before the first', { delegates: [{ ...delegate, since: '2026-11-24', until: '2026-11-30' }] }, {}, NONE],
      ['not in the place of somebody who may not', { delegates: [{ ...delegate, from: ANN }] }, {}, NONE],
      ['not in the place of somebody who has left', { delegates: [delegate], people: { [BO]: { deactivated: true } } }, {}, NONE],
      ['not in the place of whoever asked', { delegates: [delegate] }, { requester: { person: BO, name: 'Bo' } }, NONE],
      ['not in the place of whom it is about', { delegates: [delegate] }, { targets: [BO] }, NONE],
      ['not about themselves', { delegates: [delegate] }, { targets: [DAN] }, 'This is about you, so somebody else must decide.'],
      ['not of delegates', { delegates: [{ ...delegate, from: CY, to: ANN }, { ...delegate, from: ANN }] }, {}, NONE],
    ])('%s', async (_name, given, request, expected) => {
      expect(await answer(given, DAN, request)).toBe(expected);
    });
  });

  test.each<[RequestAct, string, Partial<ApprovalRequest>, string]>([
    ['cancel', ANN, { requester: { person: ANN, name: 'Ann' } }, 'yes'],
    ['cancel', BO, {}, 'yes'],
    ['cancel', DAN, {}, NONE],
    ['cancel', BO, { targets: [BO] }, 'This is about you, so somebody else must do it.'],
    ['retry', ANN, { requester: { person: ANN, name: 'Ann' } }, 'yes'],
    ['retry', DAN, {}, NONE],
    ['undo', BO, {}, 'yes'],
    ['undo', BO, { targets: [BO] }, 'This is about you, so somebody else must do it.'],
    ['undo', ANN, { requester: { person: ANN, name: 'Ann' } }, NONE],
    ['undo', ANN, { requester: { person: ANN, name: 'Ann' }, lastsMs: 3600_000 }, 'yes'],
    ['undo', ANN, { targets: [ANN], lastsMs: 3600_000 }, 'yes'],
  ])('to %s, %s with %j: %s', async (act, person, request, expected) => {
    expect(await answer({}, person, request, act)).toBe(expected);
  });

  const asked = (who: string): Partial<ApprovalRequest> => ({ owner: { team: 'Shop', who, by: { person: BO, name: 'Bo' }, at: '2026-11-23T09:00:00.000Z' } });

  test.each<[string, string, Given, Partial<ApprovalRequest>, string]>([
    ['the person who was asked', ANN, {}, asked(ANN), 'yes'],
    ['nobody else, approvers included', BO, {}, asked(ANN), NOT_ASKED],
    ['the people of the group', CY, {}, asked(GROUP), 'yes'],
    ['nobody outside the group', ANN, {}, asked(GROUP), NOT_ASKED],
    ['whoever reads in the channel', ANN, {}, asked('C0SECPROD1'), 'yes'],
    ['nobody from another channel', ANN, {}, asked('C0TEAMSHOP'), NOT_ASKED],
    ['no guest in the channel', ANN, { people: { [ANN]: { guest: true } } }, asked('C0SECPROD1'), 'Guests have no role here.'],
    ['nobody who has left', ANN, { leavers: [ANN] }, asked(ANN), 'You have left the organisation or are suspended, as the sources of people say.'],
    ['nobody before anybody was asked', ANN, {}, {}, NOT_ASKED],
  ])('answers as an owner: %s', async (_name, person, given, request, expected) => {
    expect(await answer(given, person, request, 'answer')).toBe(expected);
  });

  test.each<[string, string, Given, string]>([
    ['an approver', BO, {}, 'yes'],
    ['one of a single cluster', DAN, { grants: [{ role: 'approver', who: DAN, clusters: ['dev'] }] }, 'yes'],
    ['one of a kind', DAN, { kind: { approvers: [DAN] } }, 'yes'],
    ['whom it goes to when nobody answers', DAN, { kind: { escalateTo: [DAN] } }, 'yes'],
    ['who stands in for an approver today', DAN, { delegates: [{ from: BO, to: DAN, since: '2026-11-01', until: '2026-11-30' }] }, 'yes'],
    ['who did so last month', DAN, { delegates: [{ from: BO, to: DAN, since: '2026-10-01', until: '2026-10-31' }] }, NONE],
    ['somebody else', ANN, {}, NONE],
    ['a guest', BO, { people: { [BO]: { guest: true } } }, 'Guests have no role here.'],
    ['anybody while there are no approvers', ANN, { grants: [] }, NOBODY],
  ])('of a request that there is not, %s hears: %s', async (_name, person, given, expected) => {
    const permission = await approvers(given).may(caller(person), 'decide', undefined);

    expect(permission.allowed ? 'yes' : permission.reason).toBe(expected);
    expect(permission).not.toMatchObject({ ask: [expect.anything()] });
  });

  test('only approvers have owners asked', async () => {
    expect(await answer({}, BO, {}, 'ask-owner')).toBe('yes');
    expect(await answer({}, DAN, {}, 'ask-owner')).toBe(NONE);
  });

  test('names whom to ask, and pings no everybody', async () => {
    const grants: readonly Grant[] = [...APPROVERS, { role: 'admin', who: DAN, clusters: ['dev'] }, { role: 'approver', who: '*', clusters: ['dev'] }];

    expect(approvers({ grants }).ids(aRequest())).toEqual([GROUP]);
    expect(approvers({ grants }).ids(aRequest({ clusters: ['dev'] }))).toEqual([GROUP, DAN]);
    expect(approvers({ kind: { approvers: [CY] } }).ids(aRequest())).toEqual([CY]);
    expect(await approvers().may(caller(ANN), 'decide', aRequest())).toMatchObject({ allowed: false, ask: [GROUP] });
  });
});
