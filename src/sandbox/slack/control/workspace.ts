import { nowSeconds, type Backend } from '../state/backend.ts';
import { channelNamed, join, leave, share, type Channel, type ChannelKind } from '../state/channels.ts';
import { groupNamed, setMembers } from '../state/groups.ts';
import { addUser, changeUser, personNamed, type UserChanges } from '../state/people.ts';
import { seededUser, type PersonSeed } from '../state/seed.ts';

/** What administrators and members do to people, user groups and channels. Everything goes by name; events reach the app. */
export interface WorkspaceControl {
  readonly userId: (handle: string) => string;
  readonly channelId: (name: string) => string;
  readonly groupId: (handle: string) => string;
  readonly addPerson: (person: PersonSeed) => void;
  readonly changePerson: (handle: string, changes: UserChanges) => void;
  readonly deactivate: (handle: string) => void;
  readonly reactivate: (handle: string) => void;
  /** Of several channels, or of one. */
  readonly makeGuest: (handle: string, options?: { readonly ofOneChannel?: boolean }) => void;
  readonly setGroup: (handle: string, members: readonly string[]) => void;
  readonly disableGroup: (handle: string) => void;
  readonly addChannel: (name: string, options?: { readonly kind?: ChannelKind; readonly members?: readonly string[]; readonly withApp?: boolean }) => void;
  readonly join: (channel: string, handle: string) => void;
  readonly leave: (channel: string, handle: string) => void;
  /** As a member does it with `/invite`. */
  readonly inviteApp: (channel: string, inviter: string) => void;
  readonly kickApp: (channel: string) => void;
  readonly archive: (channel: string) => void;
  readonly unarchive: (channel: string) => void;
  /** With the other workspace, whose people are in it from then on if they are named. */
  readonly shareChannel: (channel: string, outsiders?: readonly string[]) => void;
  /** The other workspace was invited and has not answered. */
  readonly offerChannel: (channel: string) => void;
}

export function createWorkspaceControl(backend: Backend): WorkspaceControl {
  const { app, changes, otherTeam } = backend;
  const user = (handle: string) => personNamed(backend, handle);
  const bot = () => user(app.botUserId);
  const channel = (name: string) => channelNamed(backend, name);
  const change = (handle: string, to: UserChanges) => changeUser(backend, user(handle), to);
  const setArchived = (name: string, isArchived: boolean) => {
    channel(name).isArchived = isArchived;
    changes.tell({ about: 'channels' });
  };
  return {
    userId: (handle) => user(handle).id,
    channelId: (name) => channel(name).id,
    groupId: (handle) => groupNamed(backend, handle).id,
    addPerson: (person) => addUser(backend, seededUser(backend, person)),
    changePerson: change,
    deactivate: (handle) => change(handle, { deleted: true }),
    reactivate: (handle) => change(handle, { deleted: false }),
    makeGuest: (handle, { ofOneChannel = false } = {}) => change(handle, { isRestricted: true, isUltraRestricted: ofOneChannel }),
    setGroup(handle, members) {
      setMembers(
        backend,
        groupNamed(backend, handle),
        members.map((member) => user(member).id),
      );
    },
    disableGroup(handle) {
      groupNamed(backend, handle).deletedAt = nowSeconds(backend);
      changes.tell({ about: 'people' });
    },
    addChannel(name, { kind = 'public', members = [], withApp = false } = {}) {
      const ids = members.map((member) => user(member).id);
      addChannel(backend, name, kind, withApp ? [...ids, app.botUserId] : ids);
    },
    join: (name, handle) => join(backend, channel(name), user(handle)),
    leave: (name, handle) => leave(backend, channel(name), user(handle).id),
    inviteApp: (name, inviter) => join(backend, channel(name), bot(), user(inviter).id),
    kickApp: (name) => leave(backend, channel(name), app.botUserId),
    archive: (name) => setArchived(name, true),
    unarchive: (name) => setArchived(name, false),
    shareChannel(name, outsiders = []) {
      share(backend, channel(name), otherTeam.id);
      for (const outsider of outsiders) join(backend, channel(name), user(outsider));
    },
    offerChannel(name) {
      channel(name).pendingSharedWith = [otherTeam.id];
      changes.tell({ about: 'channels' });
    },
  };
}

function addChannel(backend: Backend, name: string, kind: ChannelKind, members: readonly string[]): void {
  const added: Channel = {
    id: backend.newId('C'),
    name,
    kind,
    created: nowSeconds(backend),
    creator: members[0] ?? backend.app.botUserId,
    isArchived: false,
    sharedWith: [],
    pendingSharedWith: [],
    members: new Set(members),
  };
  backend.channels.set(added.id, added);
  backend.changes.tell({ about: 'channels' });
}
