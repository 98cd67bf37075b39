import type { ConnectedWorkload } from './connection.ts';
import type { RawObject, Step } from './raw.ts';

/** Begins the names of objects that are made here. */
export const OBJECT_PREFIX = 'k8ssec-';

/** Where an object of a cluster is found. */
export interface ObjectAddress {
  readonly cluster: string;
  /** `rbac.authorization.k8s.io/v1` */
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural name in URLs. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

interface ChangeBase {
  readonly address: ObjectAddress;
  /** For the people who decide: `cluster-admin in the whole cluster`. One line without a full stop. */
  readonly text: string;
  /** Why it cannot be taken back; absent where it can. */
  readonly irreversible?: string;
}

/** Makes an object that is not there. Taken back by deleting it, as long as it is the one that was made; of one that is made of parts those are taken out. */
export interface CreateObject extends ChangeBase {
  readonly type: 'create';
  readonly body: RawObject;
}

/** Deletes the object as it was seen. Taken back by making it anew. */
export interface DeleteObject extends ChangeBase {
  readonly type: 'delete';
  readonly before: RawObject;
}

/**
 * Takes one item out of a list, and nothing else. Where the object is changed meanwhile but still holds the item, the
 * item is looked for again. Taken back by adding it, or by making the object anew when that has gone.
 */
export interface RemoveItem extends ChangeBase {
  readonly type: 'remove-item';
  /** To the list. */
  readonly path: readonly Step[];
  readonly item: RawObject;
  readonly before: RawObject;
}

/** Sets one text, or takes it away. Taken back only while it is what was set. */
export interface SetText extends ChangeBase {
  readonly type: 'set-text';
  readonly path: readonly Step[];
  /** Undefined where there was none. */
  readonly previous: string | undefined;
  /** Undefined takes it away. */
  readonly value: string | undefined;
  /** As it was seen; metadata alone for Secrets. */
  readonly before: RawObject;
}

/**
 * Puts other texts in place of a list of them, on an object of somebody else. Only while the list says what it said when this was planned.
 * Taken back by putting back what stood there; where others have only added to it since, what was put is taken out and what was taken out is
 * put back, and the rest stays.
 */
export interface SetTexts extends ChangeBase {
  readonly type: 'set-texts';
  readonly path: readonly Step[];
  /** Undefined where there was no list, or an empty one. */
  readonly previous: readonly string[] | undefined;
  /** Never empty. */
  readonly value: readonly string[];
  /** The bot that is noted on the object where this is made for a time, so that it ends although nobody remembers it. Absent where nothing is noted. */
  readonly installation?: string;
  /** As it was seen. */
  readonly before: RawObject;
}

/**
 * Gives parts to an object of k8ssec that is made of parts, and to no other. Only while it is made of what it was when this was planned.
 * Taken back by taking the parts out, whatever others have come since.
 */
export interface ReplaceObject extends ChangeBase {
  readonly type: 'replace';
  /** As it was seen, with its uid and resourceVersion. */
  readonly before: RawObject;
  readonly body: RawObject;
}

/** One change of one object, with what it takes to make it and to take it back. Plain data, so that it can be kept and shown. */
export type Change = CreateObject | DeleteObject | ReplaceObject | RemoveItem | SetText | SetTexts;

/** A question that the API server is asked afterwards. */
export interface Proof {
  readonly question: AccessQuestion;
  readonly expect: 'allowed' | 'denied';
}

/** May this user do this? In the terms of SubjectAccessReview. */
export interface AccessQuestion {
  readonly cluster: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
}

/** What an approval would do. Whoever approves, approves this and nothing else. */
export interface Plan {
  /** In the order in which they are made: the most dangerous right is taken away first. */
  readonly changes: readonly Change[];
  /** What stays, or cannot be done from here, and who can do it. Whole sentences. */
  readonly stays: readonly string[];
  readonly proofs: readonly Proof[];
  /** Asked when the effect has been taken back. Absent where reading the objects back says it all. */
  readonly undone?: readonly Proof[];
  /** What traffic shows when the effect is there, where no question to the API server does: drops, connections, none any more, or drops of whatever is not to go on. */
  readonly traffic?: 'dropped' | 'forwarded' | 'gone' | 'closed';
  /** Ids of the connections whose traffic it is; of a workload that is closed, those that go on. */
  readonly trafficOf?: readonly string[];
  /** The workload that is closed; otherwise it is that of these connections. */
  readonly trafficIn?: ConnectedWorkload;
  /** What else the decision rests on, such as the rules of the role that is given; when it changes, the approval is void. */
  readonly basis: readonly string[];
}

/** Whom a change is made for, and until when its effect lasts; for good without. */
export interface Maker {
  readonly request: string;
  /** ISO 8601 */
  readonly until?: string;
}

/** How one change stands. `conflict` and `refused` are failures that a further attempt may mend. */
export interface ChangeResult {
  readonly state: 'open' | 'done' | 'failed' | 'taken-back' | 'not-taken-back';
  /** Of a failure; for people. */
  readonly problem?: string;
  /** What a person can type where it was not taken back. */
  readonly command?: string;
  /** Of a failure: nobody knows whether it was made, so that taking back has to look. */
  readonly uncertain?: true;
  /** Of the object that was made. */
  readonly uid?: string;
}

/** What the API server answered to the proofs. */
export interface Verification {
  /** ISO 8601 */
  readonly at: string;
  /** Proofs that turned out otherwise, for people: `may still list secrets in shop, by ClusterRoleBinding "ops"`. */
  readonly failures: readonly string[];
  /** Proofs that could not be asked, with the reason. */
  readonly unknown: readonly string[];
}
