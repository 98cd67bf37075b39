import { directMessageWith, type Channel, type ChannelKind } from './channels.ts';
import { nowSeconds, type Backend } from './backend.ts';
import type { UserGroup } from './groups.ts';
import { idOf } from './ids.ts';
import { SLACKBOT, type User } from './people.ts';

export type Trait = 'owner' | 'guest' | 'single-channel guest' | 'external' | 'stranger' | 'deactivated' | 'bot' | 'invited';

/** Handle, name and what is special about each; the address is `<handle>@corp.example`. */
const PEOPLE: readonly (readonly [handle: string, realName: string, trait?: Trait])[] = [
  ['ann', 'Ann Operator'],
  ['bo', 'Bo Approver'],
  ['cy', 'Cy Approver'],
  ['dana', 'Dana Developer', 'owner'],
  ['eli', 'Eli Reader'],
  ['gus', 'Gus Guest', 'guest'],
  ['sid', 'Sid Single', 'single-channel guest'],
  ['stan', 'Stan Stranger', 'stranger'],
  ['xena', 'Xena External', 'external'],
  ['hal', 'Hal Left', 'deactivated'],
  ['ivy', 'Ivy Left', 'deactivated'],
  ['noa', 'Noa New', 'invited'],
  ['deploybot', 'Deploy Bot', 'bot'],
];

/** Handle, name and members. */
const GROUPS: readonly (readonly [handle: string, name: string, members: readonly string[]])[] = [
  ['sec-approvers', 'Security approvers', ['bo', 'cy']],
  ['sec-leads', 'Security leads', ['cy', 'dana']],
  ['operators', 'Cluster operators', ['ann']],
];

interface ChannelSeed {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly members: readonly string[];
  readonly withApp: boolean;
  readonly state?: 'archived' | 'shared' | 'pending share';
}

const STAFF = ['ann', 'bo', 'cy', 'dana', 'eli'];

const CHANNELS: readonly ChannelSeed[] = [
  { name: 'general', kind: 'public', members: STAFF, withApp: false },
  { name: 'sec-prod', kind: 'public', members: [...STAFF, 'gus'], withApp: true },
  { name: 'sec-dev', kind: 'public', members: STAFF, withApp: false },
  { name: 'team-shop', kind: 'public', members: ['ann', 'dana', 'sid'], withApp: true },
  { name: 'sec-private', kind: 'private', members: ['ann', 'bo', 'cy'], withApp: true },
  { name: 'leads', kind: 'private', members: ['cy', 'dana'], withApp: false },
  { name: 'old-incidents', kind: 'public', members: ['ann', 'bo'], withApp: true, state: 'archived' },
  { name: 'partner-acme', kind: 'public', members: ['ann', 'bo', 'stan', 'xena'], withApp: true, state: 'shared' },
  { name: 'partner-new', kind: 'public', members: ['ann', 'bo'], withApp: true, state: 'pending share' },
];

/** A person whom a test or a demo needs besides those who are there anyway. */
export interface PersonSeed {
  readonly handle: string;
  readonly realName: string;
  readonly trait?: Trait;
}

/** Id of a seeded person, user group or channel, the same in every run. */
export function seededId(kind: 'user' | 'group' | 'channel', name: string): string {
  return idOf({ user: 'U', group: 'S', channel: 'C' }[kind], name);
}

/** Fills an empty workspace: people of every sort, user groups and channels, and `further` ordinary people for tests of paging. */
export function seedWorkspace(backend: Backend, people: readonly PersonSeed[] = [], further = 0): void {
  for (const [handle, realName, trait] of PEOPLE) addSeededUser(backend, { handle, realName, ...(trait && { trait }) });
  addSeededUser(backend, { handle: 'slackbot', realName: 'Slackbot', trait: 'bot' }, SLACKBOT);
  addSeededUser(backend, { handle: backend.app.name, realName: backend.app.name, trait: 'bot' }, backend.app.botUserId);
  for (const person of people) addSeededUser(backend, person);
  for (let index = 1; index <= further; index += 1) addSeededUser(backend, { handle: `person${index}`, realName: `Person ${index}` });
  for (const [handle, name, members] of GROUPS) backend.groups.set(seededId('group', handle), seededGroup(backend, handle, name, members));
  const abandoned: UserGroup = { ...seededGroup(backend, 'old-team', 'Old team', ['hal']), deletedAt: nowSeconds(backend) };
  backend.groups.set(abandoned.id, abandoned);
  for (const channel of CHANNELS) backend.channels.set(seededId('channel', channel.name), seededChannel(backend, channel));
  for (const handle of STAFF) directMessageWith(backend, seededId('user', handle));
}

function addSeededUser(backend: Backend, person: PersonSeed, id?: string): void {
  const user = seededUser(backend, person, id);
  backend.users.set(user.id, user);
}

/** Somebody who is not in the workspace yet. */
export function seededUser(backend: Backend, { handle, realName, trait }: PersonSeed, id = seededId('user', handle)): User {
  const isOutsider = trait === 'external' || trait === 'stranger';
  return {
    id,
    teamId: isOutsider ? backend.otherTeam.id : backend.team.id,
    handle,
    realName,
    email: trait === 'bot' ? undefined : `${handle}@${isOutsider ? 'acme' : 'corp'}.example`,
    timeZone: 'Europe/Paris',
    deleted: trait === 'deactivated',
    isOwner: trait === 'owner',
    isRestricted: trait === 'guest' || trait === 'single-channel guest',
    isUltraRestricted: trait === 'single-channel guest',
    isInvited: trait === 'invited',
    isBot: trait === 'bot',
    isStranger: trait === 'stranger',
    status: '',
    updated: nowSeconds(backend),
  };
}

function seededGroup(backend: Backend, handle: string, name: string, members: readonly string[]): UserGroup {
  const ids = members.map((member) => seededId('user', member));
  return { id: seededId('group', handle), handle, name, members: ids, deletedAt: 0, updated: nowSeconds(backend) };
}

function seededChannel(backend: Backend, { name, kind, members, withApp, state }: ChannelSeed): Channel {
  const people = members.map((member) => seededId('user', member));
  return {
    id: seededId('channel', name),
    name,
    kind,
    created: nowSeconds(backend),
    creator: seededId('user', 'ann'),
    isArchived: state === 'archived',
    sharedWith: state === 'shared' ? [backend.otherTeam.id] : [],
    pendingSharedWith: state === 'pending share' ? [backend.otherTeam.id] : [],
    members: new Set(withApp ? [...people, backend.app.botUserId] : people),
  };
}
