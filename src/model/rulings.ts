import type { KnownPerson } from './people-view.ts';

/** Approvers keep access for at most so long without being asked about it again. */
export const RULED_DAYS = 180;
/** After a plain denial it is not asked again for so long. */
export const PAUSE_DAYS = 30;

/** The access is kept up to and including this day: `2027-02-01`, in UTC. */
interface Keeping {
  readonly type: 'keep';
  readonly until: string;
}

/** These user names of Kubernetes are not the person's. */
interface Disowning {
  readonly type: 'not-theirs';
  readonly users: readonly string[];
}

/** What an approver says of somebody's access instead of having it taken away. */
export type RulingGiven = Keeping | Disowning;

/** The same, or what follows from a denial without more: it is not asked again up to and including this day. */
export type RulingSaid = RulingGiven | { readonly type: 'pause'; readonly until: string };

/** Whose access is to be taken away, as it was shown to whoever decides. */
export interface AccessAsked {
  /** Id of a KnownPerson. */
  readonly person: string;
  /** For people: `Bob Brown (bob@corp.example)`. */
  readonly called: string;
  readonly state: KnownPerson['state'];
  /** User names by which they have it. */
  readonly users: readonly string[];
  /** Each place of it, and how dangerous it is; the smaller, the more. */
  readonly paths: readonly { readonly key: string; readonly rank: number }[];
}

/** A ruling as it holds beyond its request, until somebody undoes it. One whose day is over tells what was said before. */
export interface Ruling {
  /** Id of the request, by which it is undone. */
  readonly request: string;
  readonly about: AccessAsked;
  readonly clusters: readonly string[];
  readonly says: RulingSaid;
  /** Whose ruling it is, for places where nobody is mentioned. */
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
  readonly reason?: string;
}
