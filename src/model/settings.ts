/** An account of a pipeline, treated as an outsider with keys that are easy to revoke. */
export interface CiAccount {
  readonly namespace: string;
  /** Name of the ServiceAccount. */
  readonly name: string;
  /** Namespaces it deploys to; nothing else is its own. */
  readonly ownNamespaces: readonly string[];
}

/** What a site tells the checks about itself. */
export interface CheckSettings {
  /** Registries, or repositories below them, that images may come from. Undefined when the site has named none. */
  readonly allowedRegistries?: readonly string[];
  readonly ciAccounts: readonly CiAccount[];
}

export const NO_SETTINGS: CheckSettings = { ciAccounts: [] };

/** A role that people may ask for, for a time. */
export interface TemporaryRole {
  /** As people know it. */
  readonly name: string;
  /** The ClusterRole that a RoleBinding gives. */
  readonly clusterRole: string;
  /** What it lets somebody do, in a few words. */
  readonly text: string;
  readonly maxMs: number;
  /** Needs a second approver in production. */
  readonly sensitive: boolean;
  /** Undefined means every one. */
  readonly clusters: readonly string[] | undefined;
  readonly namespaces: readonly string[] | undefined;
}

/** How Kubernetes names people, and how their rights are handled. */
export interface AccessSettings {
  /** Prefix that the API server puts before names of the identity provider: `oidc:`. */
  readonly usernamePrefix: string;
  /** User names made of a person: `{email}`, `{login}`, `{local}` (before the @), such as `arn:aws:iam::1234:user/{login}`. */
  readonly usernameTemplates: readonly string[];
  /** Kubernetes user name → e-mail or login of the person whose it is; `-` says that it is nobody's own (a service). */
  readonly aliases: ReadonlyMap<string, string>;
  /** Kubernetes user names and e-mails for emergencies; never proposed for removal. */
  readonly breakGlass: readonly string[];
  /** Kubernetes user names of services and robots; never proposed for removal. */
  readonly exempt: readonly string[];
  /** Days without any activity after which somebody counts as inactive. */
  readonly inactiveDays: number;
  /** Days that somebody inactive has to answer whether they still need their access. */
  readonly inactiveAskDays: number;
  /** Slack user ids that are asked as well, where no source of people knows the manager. */
  readonly inactiveOwners: readonly string[];
  /** Removals that one review proposes in one cluster at most, and inactive people that it asks. */
  readonly removalsPerReview: number;
  readonly temporaryRoles: readonly TemporaryRole[];
}

export const NO_ACCESS_SETTINGS: AccessSettings = {
  usernamePrefix: '',
  usernameTemplates: ['{email}', '{login}'],
  aliases: new Map(),
  breakGlass: [],
  exempt: [],
  inactiveDays: 60,
  inactiveAskDays: 14,
  inactiveOwners: [],
  removalsPerReview: 5,
  temporaryRoles: [],
};

/** How requests of one kind are decided, where it differs from the kind's own way. */
export interface KindSettings {
  /** Slack user and group ids; whoever has the role `approver` otherwise. */
  readonly approvers?: readonly string[];
  readonly approvals?: number;
  readonly expiresAfterMs?: number;
  /** Slack user and group ids who are asked when three quarters of the time have passed. */
  readonly escalateTo?: readonly string[];
}

/** Somebody who decides in another's place for a time. */
export interface Delegate {
  readonly from: string;
  readonly to: string;
  /** First and last day, `2026-12-01`, in UTC. */
  readonly since: string;
  readonly until: string;
}

export interface ApprovalSettings {
  /** Where requests are posted that no cluster's channel is for. */
  readonly channel: string | undefined;
  readonly kinds: Readonly<Record<string, KindSettings>>;
  readonly delegates: readonly Delegate[];
}

export const NO_APPROVAL_SETTINGS: ApprovalSettings = { channel: undefined, kinds: {}, delegates: [] };
