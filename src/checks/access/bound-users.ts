import type { cloudUsers } from '#src/facts/cloud-users.ts';
import type { KnownUsers, UserStanding, UserStatus } from '#src/model/known-users.ts';
import type { Binding, RbacTable } from '#src/model/rbac-table.ts';

type CloudUsers = ReturnType<typeof cloudUsers.finish>;

/** A user whom somebody gave rights to. */
export interface BoundUser {
  readonly binding: Binding;
  readonly user: string;
  readonly standing: UserStanding;
}

export const NO_PEOPLE = 'no source of people is connected';
export const CLOUD_MAP_UNREADABLE = 'the map of cloud users (aws-auth) is not YAML';

export const AGELESS = 'the binding does not say when it was made';

export const UNSURE = 'it is not sure whose a user is';

/** Where it is not known whose a user is, or what has become of the person. */
const DOUBTS: Partial<Readonly<Record<UserStatus, string>>> = {
  unsure: UNSURE,
  conflict: 'the sources of people do not agree on a user',
};

/** Why nothing can be said about a user; undefined when something can. */
export function doubtAbout({ status }: UserStanding): string | undefined {
  return DOUBTS[status];
}

/** Each user of each binding once, but for those that a binding was shipped with. */
export function boundUsers({ bindings }: RbacTable, cloud: CloudUsers, users: KnownUsers): readonly BoundUser[] {
  return bindings.flatMap((binding) => {
    const names = new Set(binding.added.flatMap(({ kind, name }) => (kind === 'User' ? [name] : [])));
    return [...names].map((user) => ({ binding, user, standing: users.standingOf(user, cloud.arnsOf(user)) }));
  });
}
