import type { KnownPerson } from './people-view.ts';

/** What is to be thought of a user of a cluster. Only the first three may lead to a proposal. */
export const USER_STATUSES = ['departed', 'suspended', 'inactive', 'unsure', 'conflict', 'unknown', 'exempt', 'active'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

export interface UserStanding {
  readonly status: UserStatus;
  /** Whose the name is or may be. */
  readonly person?: Pick<KnownPerson, 'id'>;
  /** Why it has this status, without a full stop. */
  readonly why: string;
}

/** What the sources of people and the audit log say about the users of one cluster. */
export interface KnownUsers {
  /** Why somebody who has left may not be known to have, and somebody unknown here may be known; absent when every source of people answers. */
  readonly peopleGap?: string;
  /** Why not having been seen says nothing; absent when the whole window was watched. */
  readonly watchGap?: string;
  /** Days after which whoever was not seen counts as inactive. */
  readonly windowDays: number;
  /** `arns` are the names that the cloud has for the user, where the cluster's map of cloud users tells them. */
  readonly standingOf: (user: string, arns: readonly string[]) => UserStanding;
}
