import type { HttpAsked, HttpReply } from './server.ts';

/** An account as a test thinks of it; each vendor shows it in its own form. */
export interface Account {
  readonly id: number;
  readonly state: 'active' | 'suspended' | 'departed';
}

/** What a vendor makes of each state; nothing for who is in no list. */
export type States = Readonly<Record<Account['state'], Account['state'] | undefined>>;

export interface Vendor {
  /** Name of the source that lists people from it. */
  readonly type: string;
  /** Of its entry in the configuration. */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** By the variable that the settings name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What must never be in a message or reach another server. */
  readonly secretTexts: readonly string[];
  /** The id that an account has there. */
  readonly idOf: (id: number) => string;
  /** Its answers as documented, in pages of `pageSize`; `origin` is where its links lead. Asked without its token it refuses. */
  readonly answer: (asked: HttpAsked, shown: Shown) => HttpReply | undefined | Promise<HttpReply | undefined>;
  readonly states: States;
  /** Whether people that left stay in its answers for good. */
  readonly listsDeparted: boolean;
  /** Whether its pages name the next one by an address, which may be foreign. */
  readonly links: boolean;
  /** Whether this asks for a token and not for people. */
  readonly isTokenRequest: (asked: HttpAsked) => boolean;
}

export interface Shown {
  readonly accounts: readonly Account[];
  readonly pageSize: number;
  readonly origin: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; absent on the last. */
  readonly next?: number;
}

export function pageFrom<T>(all: readonly T[], start: number, size: number): Page<T> {
  const end = start + size;
  return { items: all.slice(start, end), ...(end < all.length && { next: end }) };
}

export const personName = (id: number): string => `Person ${id}`;
export const loginOf = (id: number): string => `person${id}`;
export const emailOf = (id: number): string => `person${id}@example.com`;

export const REFUSED: HttpReply = { status: 401, body: { error: 'unauthorized', message: 'Bad credentials' } };
