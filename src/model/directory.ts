/** A person as Slack knows them, as far as rights depend on it. */
export interface SlackPerson {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly deactivated: boolean;
  readonly bot: boolean;
  readonly guest: boolean;
  /** Of another organisation, in a channel shared with it. */
  readonly stranger: boolean;
}

/** A look-up did not succeed, so nothing may be concluded from it. */
export class LookUpFailed extends Error {}

/** Who is who in the workspace. Answers are at most a minute old. */
export interface Directory {
  /** @throws {LookUpFailed} */
  readonly person: (userId: string) => Promise<SlackPerson>;
  /** @throws {LookUpFailed} */
  readonly groupMembers: (groupId: string) => Promise<ReadonlySet<string>>;
  /** Whether people of another organisation read along. @throws {LookUpFailed} */
  readonly isShared: (channelId: string) => Promise<boolean>;
}
