import type { Authority, Person, SourceFault } from './people.ts';

/** A person as a source told of them, or as its last whole answer did. */
export interface StoredPerson extends Person {
  /** Departed only because a whole answer left them out. Kept until they are in one again. */
  readonly absent?: true;
  /** Departed in an answer that is older than the last one, which does not list them any more: that answer's time, ISO 8601. */
  readonly lastTold?: string;
}

/** Why the last answer of a source was not used. */
export interface SourceTrouble {
  /** `shrunken`: so much was missing from a whole answer that it was not believed. */
  readonly fault: SourceFault | 'shrunken';
  /** For people. */
  readonly message: string;
  /** When the trouble began, ISO 8601. */
  readonly since: string;
}

/** What a source answered last when it answered whole and was believed. */
export interface WholeAnswer {
  readonly at: string;
  /** People and bots in it. */
  readonly count: number;
  /** More or fewer than in the one before. */
  readonly change?: number;
  /** When what it answered from was written, ISO 8601. */
  readonly writtenAt?: string;
}

/** What is known from one source. */
export interface PeopleSnapshot {
  readonly source: string;
  /** Type of the source. */
  readonly type: string;
  readonly authority: Authority;
  /** Of the last whole answer, together with those who departed before it. Empty before the first. */
  readonly people: readonly StoredPerson[];
  /** When the source was asked last, ISO 8601. */
  readonly askedAt: string;
  /** Absent before the first. */
  readonly whole?: WholeAnswer;
  /** Absent while all is well. */
  readonly trouble?: SourceTrouble;
}

/** What is known from each source; nothing of it ends by itself. */
export interface PeopleStore {
  readonly get: (source: string) => Promise<PeopleSnapshot | undefined>;
  /** In the order asked for, without those that nothing is known of. */
  readonly all: (sources: readonly string[]) => Promise<readonly PeopleSnapshot[]>;
  /** False, and nothing is written, when another run has written since `previous` was read. */
  readonly put: (snapshot: PeopleSnapshot, previous: PeopleSnapshot | undefined) => Promise<boolean>;
}
