import type { Person } from './people.ts';
import type { Ruling } from './rulings.ts';

/** What one system says about a person. */
export interface Testimony {
  /** Name of the source. */
  readonly source: string;
  readonly person: Person;
  /** Of the answer that it stands in, ISO 8601. */
  readonly asOf: string;
}

/** One human being, over all systems. */
export interface KnownPerson {
  /** Lasting: that of the most believed system, `okta/00u1`. */
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly logins: readonly string[];
  readonly kind: Person['kind'];
  /** `conflict`: systems disagree, so nothing is proposed. */
  readonly state: 'active' | 'suspended' | 'departed' | 'conflict';
  readonly confidence: 'high' | 'medium';
  /** Why it is a conflict or why confidence is not high, for people: `deactivated in Slack only`. */
  readonly doubt?: string;
  /** Slack user id, where Slack knows the person. */
  readonly slackId?: string;
  readonly manager?: string;
  readonly since?: string;
  readonly testimonies: readonly Testimony[];
  /** What approvers have said of their access, where they have. */
  readonly rulings?: readonly Ruling[];
}

/** For people: `Bob Brown (bob@corp.example)`. */
export function calledOf({ name, emails }: Pick<KnownPerson, 'name' | 'emails'>): string {
  return emails[0] === undefined ? name : `${name} (${emails[0]})`;
}

/** Who belongs to the organisation, as last told. */
export interface PeopleView {
  readonly all: () => Promise<readonly KnownPerson[]>;
}

/** What a system says of a person now, and what it told before. */
export interface StateNow {
  readonly source: string;
  readonly told: Person['state'];
  /** Undefined when it has nobody of that id. */
  readonly person: Person | undefined;
}

/** What the systems that tell of a departure or suspension say of the person now; those that cannot be asked for one person are left out. */
export interface PeopleNow {
  /** @throws {SourceFailed} when one of them does not answer, which says nothing about the person */
  readonly stateNow: (person: KnownPerson, signal: AbortSignal) => Promise<readonly StateNow[]>;
}
