/** What a person may be allowed, from least to most; `approver` decides requests and is otherwise a viewer. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** One entry of a role: who has it, and where. */
export interface Grant {
  readonly role: Role;
  /** Slack user id, user group id, or `*` for every full member of the workspace. */
  readonly who: string;
  /** Names of clusters; undefined means all. */
  readonly clusters: readonly string[] | undefined;
  /** Of an approver: namespaces outside which the grant decides nothing; absent for all, and for what is not in a namespace. */
  readonly namespaces?: readonly string[];
  /** Of an approver: the kinds of requests that the grant decides; absent for all. */
  readonly kinds?: readonly string[];
}

/** Who did something in Slack, and where. */
export interface Caller {
  readonly userId: string;
  /** As Slack shows it, for places where nobody can be mentioned. */
  readonly name: string;
  readonly teamId: string;
  readonly channelId: string;
  /** `/k8ssec` typed, a button pressed, or the Home tab opened. */
  readonly via: 'command' | 'button' | 'home';
}

/** Of questions to somebody else, and of those that there are not: who was not asked is not told which. */
export const NOT_ASKED = 'You were not asked this, or it is not asked any more, so you cannot answer it.';

export type Permission =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: string;
      /** Slack user and group ids that have the right, to be asked; empty when nobody is named. */
      readonly ask: readonly string[];
    };

/** Decides who may do what, anew each time; a look-up that fails is a refusal. */
export interface Access {
  /** Without a cluster: whether the caller has the role on some cluster. */
  readonly may: (caller: Caller, role: Role, cluster?: string) => Promise<Permission>;
}
